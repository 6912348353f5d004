import { find, present } from "./devices.js";
import { CallFailure } from "failure";

/** @typedef {import("./devices.js").Sound} Sound */

/** What the errors of getUserMedia mean (W3C Media Capture and Streams, section 10.2). */
const CODES = {
  NotAllowedError: "microphone_refused",
  SecurityError: "microphone_refused",
  NotFoundError: "microphone_missing",
  OverconstrainedError: "microphone_missing",
  NotReadableError: "microphone_busy",
  AbortError: "microphone_busy",
};

/** The microphone of one call. Another one may take its place at any time; when it is lost, the system's own does. */
export class Microphone {
  /**
   * @param {object} options
   * @param {(stream: MediaStream) => void} options.onStream opened, the first time or again
   * @param {(label: string) => void} options.onMoved the chosen one is not there; this one has taken its place
   * @param {(failure: CallFailure) => void} options.onLost it is gone, and no other could be opened
   */
  constructor({ onStream, onMoved, onLost }) {
    Object.assign(this, { onStream, onMoved, onLost });
    this.heard = false;
    this.closed = false;
  }

  /** Whether what it hears is sent. @param {boolean} heard */
  hear(heard) {
    this.heard = heard;
    for (const track of this.stream?.getTracks() ?? []) track.enabled = heard;
  }

  /**
   * Opens it, in place of the one before, which goes on until then and if this fails. The same one is let go first:
   * while it is open, Chromium gives it again only as it is.
   * @param {Sound} sound
   * @throws {CallFailure}
   */
  async open(sound) {
    const before = this.sound;
    const same = this.stream?.active && before.microphone?.id === sound.microphone?.id;
    if (same) this.letGo();
    this.sound = sound;
    const { stream, missed } = await openMicrophone(sound).catch((error) => {
      if (this.sound === sound) this.sound = before;
      if (same) this.recover();
      throw error;
    });
    if (this.closed || this.sound !== sound) return release(stream); // closed, or chosen anew, while the browser asked
    this.letGo();
    this.stream = stream;
    this.hear(this.heard);
    const [track] = stream.getAudioTracks();
    track.onended = () => this.recover();
    this.onStream(stream);
    if (missed) this.onMoved(track.label);
  }

  close() {
    this.closed = true;
    this.letGo();
  }

  async recover() {
    const sound = { ...this.sound, microphone: null };
    try {
      await this.open(sound);
      if (!this.closed && this.sound === sound) this.onMoved(this.stream.getAudioTracks()[0].label);
    } catch (error) {
      if (!this.closed) this.onLost(new CallFailure("microphone_lost", error.detail));
    }
  }

  letGo() {
    for (const track of this.stream?.getTracks() ?? []) track.onended = null;
    release(this.stream);
  }
}

/**
 * @param {Sound} sound
 * @returns {Promise<{ stream: MediaStream, missed: boolean }>} `missed`: it is not the one that was chosen
 * @throws {CallFailure}
 */
export async function openMicrophone(sound) {
  if (!window.isSecureContext) throw new CallFailure("insecure_page", location.origin);
  if (!navigator.mediaDevices?.getUserMedia) throw new CallFailure("microphone_unsupported");
  const { microphone, echoCancellation, noiseSuppression, autoGainControl } = sound;
  const devices = microphone ? await present("audioinput") : [];
  const id = find(devices, microphone)?.id;
  const deviceId = id ? { exact: id } : microphone?.id; // ids are secret until a microphone was allowed: then just a wish
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation, noiseSuppression, autoGainControl, ...(deviceId && { deviceId }) },
    });
    return { stream, missed: devices.length > 0 && !id };
  } catch (error) {
    throw new CallFailure(CODES[error.name] ?? "microphone_busy", `${error.name}: ${error.message}`);
  }
}

/**
 * Whether the microphone will open without asking. Only then may the call be placed before it is open:
 * nobody should have a call running behind a question that they have not answered.
 * @returns {Promise<boolean>}
 */
export async function microphoneGranted() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return false; // Firefox before 131 does not know the name
  }
}

/** @param {MediaStream} [stream] */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
