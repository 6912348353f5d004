import { CallFailure } from "failure";
import { isForbidden } from "permission";
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

/** Those of a device that is listed but does not work now: another one may. */
const UNUSABLE = ["NotFoundError", "OverconstrainedError", "NotReadableError", "AbortError"];

/** The pauses before a microphone is tried again that could not be opened; after them, only a new device is a reason. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000];

/** @typedef {"lost" | "muted" | null} Trouble why the microphone hears nothing: none can be opened, or the system muted it */
/** @typedef {"microphone_moved" | "microphone_unusable" | "microphone_back"} Move why another microphone is used: a text */
/** @typedef {{ stream: MediaStream, instead: Move | null }} Opened `instead`: why it is the system default, not the chosen one */

/**
 * The microphone of one call. Another one may replace it at any time. If it is lost, the chosen one is opened again, or
 * the system default replaces it until the chosen one is back; if none can be opened, the call goes on without.
 */
export class Microphone {
  /**
   * @param {object} options
   * @param {(stream: MediaStream) => void} options.onStream opened, the first time or again
   * @param {(move: Move, label: string) => void} options.onMoved this one is used from now on
   * @param {(trouble: Trouble) => void} options.onTrouble
   */
  constructor({ onStream, onMoved, onTrouble }) {
    this.onStream = onStream;
    this.onMoved = onMoved;
    this.onTrouble = onTrouble;
    /** @type {Sound | undefined} the settings it was opened with */
    this.sound = undefined;
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
    /** @type {Move | null} why it is not the chosen one */
    this.instead = null;
    this.rate = 0; // samples a second
    this.enabled = false;
    this.closed = false;
    this.cancelsAll = false; // whether all sound that the computer plays counts as echo, see `openMicrophone`
    /** @type {Trouble} */
    this.trouble = null;
    this.tries = 0; // to open one again
    /** @type {number | undefined} */
    this.timer = undefined;
    this.removal = new AbortController();
    const { signal } = this.removal;
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.followDevices(), { signal });
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
    const isSame = this.stream?.active && !this.instead && before?.microphone?.id === sound.microphone?.id;
    if (isSame) this.release();
    this.sound = sound;
    const { stream, instead } = await openMicrophone(sound, this.cancelsAll).catch((error) => {
      if (this.sound === sound) this.sound = before;
      if (isSame) this.lose();
      throw error;
    });
    if (this.closed || this.sound !== sound) return release(stream); // closed or chosen again during the prompt
    const [track] = stream.getAudioTracks();
    const isNews = instead && this.stream?.getAudioTracks()[0].label !== track.label;
    this.release();
    this.stream = stream;
    this.instead = instead;
    this.rate = track.getSettings().sampleRate ?? 0;
    this.tries = 0;
    this.enable(this.enabled);
    track.onended = () => this.recover();
    track.onmute = track.onunmute = () => this.setTrouble(track.muted ? "muted" : null);
    this.setTrouble(track.muted ? "muted" : null);
    this.onStream(stream);
    if (isNews) this.onMoved(instead, track.label);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.removal.abort();
    this.release();
    this.setTrouble(null);
  }

  /** Opens the chosen one again, or the system default, in place of one that ended or has changed. */
  async recover() {
    const { sound, instead } = this;
    if (!sound || this.closed) return;
    const { tries } = this;
    clearTimeout(this.timer);
    try {
      await this.open(sound);
      if (instead && !this.instead && this.sound === sound && this.stream)
        this.onMoved("microphone_back", this.stream.getAudioTracks()[0].label);
    } catch {
      if (this.tries === tries) this.lose();
    }
  }

  /** None can be opened: tries again after a while, and with every new device. */
  lose() {
    if (this.closed) return;
    this.setTrouble("lost");
    clearTimeout(this.timer);
    const pause = PAUSES_MS[this.tries++];
    if (pause) this.timer = setTimeout(() => this.recover(), pause);
  }

  /** A device came or went, or changed: headsets change their rate when a microphone is opened. */
  async followDevices() {
    const { sound, stream } = this;
    if (!sound || this.closed) return;
    if (this.trouble === "lost") return this.recover();
    const rate = stream?.getAudioTracks()[0].getSettings().sampleRate ?? 0;
    const isBack = this.instead && findDevice(await listDevices("audioinput"), sound.microphone);
    if (this.sound === sound && this.stream === stream && (isBack || rate !== this.rate)) await this.recover();
  }

  /** @param {Trouble} trouble */
  setTrouble(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.onTrouble(trouble);
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.onended = track.onmute = track.onunmute = null;
    release(this.stream);
  }
}

/**
 * @param {Sound} sound
 * @param {boolean} [cancelsAll] cancel the echo of all that the computer plays, where the browser can; as a rule browsers
 *   cancel only what a peer connection plays. Those that do not know the word `all` take it as true.
 * @returns {Promise<Opened>}
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
  const processing = { echoCancellation, noiseSuppression, autoGainControl };
  try {
    const stream = await ask({ ...processing, ...(deviceId && { deviceId }) });
    return { stream, instead: devices.length > 0 && !id ? "microphone_moved" : null };
  } catch (error) {
    if (!id || !UNUSABLE.includes(nameOf(error))) throw failureOf(error);
  }
  try {
    return { stream: await ask(processing), instead: "microphone_unusable" };
  } catch (error) {
    throw failureOf(error);
  }
}

/** @param {MediaTrackConstraints} audio */
function ask(audio) {
  return navigator.mediaDevices.getUserMedia({ audio });
}

/** @param {unknown} error of getUserMedia @returns {CallFailure} */
function failureOf(error) {
  const code = CODES[nameOf(error)] ?? "microphone_busy";
  return new CallFailure(code === "microphone_refused" && isForbidden("microphone") ? "microphone_forbidden" : code, String(error));
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error ? error.name : "";
}

/** @type {Promise<PermissionStatus> | undefined} kept until it changes: browsers take some milliseconds to answer */
let permission;

/**
 * Tells whether the microphone opens without a prompt. Only then may the call be placed before the microphone is open:
 * nobody should have a call running behind a question they have not answered.
 * @returns {Promise<boolean>}
 */
export async function isMicrophoneGranted() {
  try {
    permission ??= navigator.permissions.query({ name: "microphone" });
    const status = await permission;
    status.onchange = () => (permission = undefined);
    return status.state === "granted";
  } catch {
    return false; // Firefox before 131 does not know the name
  }
}

/** @param {MediaStream | null} [stream] */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
