import { StoredValue } from "stored_value";

/** @typedef {{ id: string, label: string }} Device */

/**
 * @typedef {object} Sound The sound settings of one browser; stored there, since devices belong to a machine.
 * @property {Device | null} microphone null: the system default
 * @property {Device | null} speaker null: the system default
 * @property {number} volume from 0 to 1
 * @property {boolean} echoCancellation
 * @property {boolean} noiseSuppression
 * @property {boolean} autoGainControl
 * @property {boolean} tones whether a short sound tells that a call begins or ends
 */

const stored = new StoredValue("parley.sound");
const SYSTEM_DEFAULTS = ["", "default", "communications"]; // ids that Chromium lists beside those of real devices

/** @type {Sound} */
const DEFAULTS = {
  microphone: null,
  speaker: null,
  volume: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  tones: true,
};

/** @returns {Sound} the stored settings, perhaps of another version: missing or invalid fields get their default */
export function recall() {
  const found = stored.read() ?? {};
  const entries = Object.entries(DEFAULTS).map(([name, value]) => [
    name,
    isValid(name, found[name]) ? found[name] : value,
  ]);
  return Object.fromEntries(entries);
}

/** @param {Sound} sound */
export function remember(sound) {
  stored.write(sound);
}

/** Whether both settings need the same microphone stream. @param {Sound} one @param {Sound} other */
export function hasSameInput(one, other) {
  return (
    one.microphone?.id === other.microphone?.id &&
    one.echoCancellation === other.echoCancellation &&
    one.noiseSuppression === other.noiseSuppression &&
    one.autoGainControl === other.autoGainControl
  );
}

/**
 * Lists the devices that are connected.
 * @param {"audioinput" | "audiooutput"} kind
 * @returns {Promise<Device[]>} empty until a microphone was allowed: before, browsers keep devices secret
 */
export async function listDevices(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all
    .filter((device) => device.kind === kind && !SYSTEM_DEFAULTS.includes(device.deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/**
 * Finds a device by its id, or by its label if the browser has given it another id since.
 * @param {Device[]} devices @param {Device | null} wanted @returns {Device | undefined}
 */
export function findDevice(devices, wanted) {
  if (!wanted) return undefined;
  return devices.find(({ id }) => id === wanted.id) ?? devices.find(({ label }) => label && label === wanted.label);
}

/** @param {string} name @param {any} value */
function isValid(name, value) {
  if (name === "volume") return typeof value === "number" && value >= 0 && value <= 1;
  if (name === "microphone" || name === "speaker")
    return typeof value?.id === "string" && typeof value.label === "string";
  return typeof value === "boolean";
}
