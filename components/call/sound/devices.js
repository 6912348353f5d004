import { Kept } from "kept";

/** @typedef {{ id: string, label: string }} Device */

/**
 * @typedef {object} Sound How one browser hears and is heard; kept there, since devices belong to a machine.
 * @property {Device | null} microphone null: the system's own choice
 * @property {Device | null} speaker
 * @property {number} volume from 0 to 1
 * @property {boolean} echoCancellation
 * @property {boolean} noiseSuppression
 * @property {boolean} autoGainControl
 */

const kept = new Kept("parley.sound");
const CHOSEN_BY_SYSTEM = ["", "default", "communications"]; // ids that Chromium lists beside those of real devices

/** @type {Sound} */
const DEFAULTS = {
  microphone: null,
  speaker: null,
  volume: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** @returns {Sound} what `remember` kept, perhaps in another version: what is unknown or bad takes its default */
export function recall() {
  const found = kept.read() ?? {};
  const good = Object.entries(DEFAULTS).map(([name, value]) => [name, fits(name, found[name]) ? found[name] : value]);
  return Object.fromEntries(good);
}

/** @param {Sound} sound */
export function remember(sound) {
  kept.write(sound);
}

/** Whether the microphone need not be opened anew. @param {Sound} one @param {Sound} other */
export function hearAlike(one, other) {
  const names = ["echoCancellation", "noiseSuppression", "autoGainControl"];
  return one.microphone?.id === other.microphone?.id && names.every((name) => one[name] === other[name]);
}

/**
 * @param {"audioinput" | "audiooutput"} kind
 * @returns {Promise<Device[]>} empty as long as the browser keeps them secret: until a microphone was allowed
 */
export async function present(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all
    .filter((device) => device.kind === kind && !CHOSEN_BY_SYSTEM.includes(device.deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/**
 * Finds a device again: by its id, or by its name where the browser has given it another id.
 * @param {Device[]} devices @param {Device | null} wished @returns {Device | undefined}
 */
export function find(devices, wished) {
  if (!wished) return undefined;
  return devices.find(({ id }) => id === wished.id) ?? devices.find(({ label }) => label && label === wished.label);
}

function fits(name, value) {
  if (name === "volume") return typeof value === "number" && value >= 0 && value <= 1;
  if (name === "microphone" || name === "speaker")
    return typeof value?.id === "string" && typeof value.label === "string";
  return typeof value === "boolean";
}
