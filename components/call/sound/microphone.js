import { CallFailure } from "failure";
import { findDevice, listDevices } from "./devices.js";

/** @typedef {import("./devices.js").Sound} Sound */

/** The errors of getUserMedia (W3C Media Capture and Streams, section 10.2). @type {Record<string, string>} */
const CODES = {
  NotAllowedError: "microphone_refused",
  SecurityError: "microphone_refused",
  NotFoundError: "microphone_missing",
  OverconstrainedError: "microphone_missing",
  NotReadableError: "microphone_busy",
  AbortError: "microphone_busy",
};

/** The microphone of one call. Another one may replace it at any time; if it is lost, the system default replaces it. */
export class Microphone {
  /**
   * @param {object} options
   * @param {(stream: MediaStream) => void} options.onStream opened, the first time or again
   * @param {(label: string) => void} options.onMoved the chosen one is not connected; this one replaces it
   * @param {(failure: CallFailure) => void} options.onLost it is gone, and no other could be opened
   */
  constructor({ onStream, onMoved, onLost }) {
    this.onStream = onStream;
    this.onMoved = onMoved;
    this.onLost = onLost;
    /** @type {Sound | undefined} the settings it was opened with */
    this.sound = undefined;
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
    this.enabled = false;
    this.closed = false;
    this.cancelsAll = false; // whether all sound that the computer plays counts as echo, see `openMicrophone`
  }

  /** @param {boolean} enabled whether what it hears is sent */
  enable(enabled) {
    this.enabled = enabled;
    for (const track of this.stream?.getTracks() ?? []) track.enabled = enabled;
  }

  /**
   * Opens a microphone. The one before continues until then, and if this fails. The same device is released first:
   * while it is open, Chromium ignores changed constraints.
   * @param {Sound} sound
   * @throws {CallFailure}
   */
  async open(sound) {
    const before = this.sound;
    const isSame = this.stream?.active && before?.microphone?.id === sound.microphone?.id;
    if (isSame) this.release();
    this.sound = sound;
    const { stream, isMissing } = await openMicrophone(sound, this.cancelsAll).catch((error) => {
      if (this.sound === sound) this.sound = before;
      if (isSame) this.recover();
      throw error;
    });
    if (this.closed || this.sound !== sound) return release(stream); // closed or chosen again during the prompt
    this.release();
    this.stream = stream;
    this.enable(this.enabled);
    const [track] = stream.getAudioTracks();
    track.onended = () => this.recover();
    this.onStream(stream);
    if (isMissing) this.onMoved(track.label);
  }

  close() {
    this.closed = true;
    this.release();
  }

  /** Opens the system default. */
  async recover() {
    if (!this.sound) return;
    const sound = { ...this.sound, microphone: null };
    try {
      await this.open(sound);
      if (this.stream && !this.closed && this.sound === sound) this.onMoved(this.stream.getAudioTracks()[0].label);
    } catch (error) {
      if (!this.closed) this.onLost(new CallFailure("microphone_lost", CallFailure.from(error).detail));
    }
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.onended = null;
    release(this.stream);
  }
}

/**
 * @param {Sound} sound
 * @param {boolean} [cancelsAll] cancel the echo of all that the computer plays, where the browser can; as a rule browsers
 *   cancel only what a peer connection plays. Those that do not know the word `all` take it as true.
 * @returns {Promise<{ stream: MediaStream, isMissing: boolean }>} `isMissing`: the chosen one is not connected
 * @throws {CallFailure}
 */
export async function openMicrophone(sound, cancelsAll = false) {
  if (!window.isSecureContext) throw new CallFailure("insecure_page", location.origin);
  if (!navigator.mediaDevices?.getUserMedia) throw new CallFailure("microphone_unsupported");
  const { microphone, noiseSuppression, autoGainControl } = sound;
  /** @type {any} TypeScript does not know the word yet */
  const echoCancellation = sound.echoCancellation && cancelsAll ? "all" : sound.echoCancellation;
  const devices = microphone ? await listDevices("audioinput") : [];
  const id = findDevice(devices, microphone)?.id;
  const deviceId = id ? { exact: id } : microphone?.id; // before permission, ids are secret: then it is only a wish
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation, noiseSuppression, autoGainControl, ...(deviceId && { deviceId }) },
    });
    return { stream, isMissing: devices.length > 0 && !id };
  } catch (error) {
    const { name, message } = /** @type {DOMException} */ (error);
    throw new CallFailure(CODES[name] ?? "microphone_busy", `${name}: ${message}`);
  }
}

/**
 * Tells whether the microphone opens without a prompt. Only then may the call be placed before the microphone is open:
 * nobody should have a call running behind a question they have not answered.
 * @returns {Promise<boolean>}
 */
export async function isMicrophoneGranted() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return false; // Firefox before 131 does not know the name
  }
}

/** @param {MediaStream | null} [stream] */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
