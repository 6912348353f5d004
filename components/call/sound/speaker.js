import { findDevice, listDevices } from "./devices.js";

/** Whether a page may set the volume of what it plays: on iOS only the device's own buttons do, and a set value is ignored. */
export function canSetVolume() {
  const element = document.createElement("audio");
  element.volume = 0.5;
  return element.volume === 0.5;
}

/** Plays a voice: that of the AI, or your own in the microphone check. */
export class Speaker {
  /**
   * @param {object} options
   * @param {HTMLElement} options.home parent of its audio element
   * @param {string} options.id of its audio element
   * @param {(blocked: boolean) => void} [options.onBlocked] the browser wants a tap before it plays, or has got it
   * @param {() => void} [options.onMoved] the chosen one is not connected; the system default is used
   */
  constructor({ home, id, onBlocked = () => {}, onMoved = () => {} }) {
    this.home = home;
    this.id = id;
    this.onBlocked = onBlocked;
    this.onMoved = onMoved;
    this.isMissing = false;
    /** @type {HTMLAudioElement | null} */
    this.element = null;
    /** @type {string | null} object URL of a recording */
    this.recording = null;
  }

  /** Makes its element, inside a click, or Safari stays silent. @param {import("./devices.js").Sound} sound */
  prepare(sound) {
    this.remove();
    this.element = document.createElement("audio");
    this.element.id = this.id;
    this.element.autoplay = true;
    this.element.setAttribute("playsinline", "");
    this.home.append(this.element);
    this.use(sound);
  }

  /** @param {MediaStream} stream */
  play(stream) {
    if (!this.element) return;
    this.element.srcObject = stream;
    this.element.play().catch(({ name }) => this.onBlocked(name === "NotAllowedError"));
  }

  /** @param {Blob} recording */
  playRecording(recording) {
    if (!this.element) return;
    this.discardRecording();
    this.recording = URL.createObjectURL(recording);
    this.element.src = this.recording;
  }

  replay() {
    if (!this.element) return;
    this.element.currentTime = 0;
    this.element.play();
  }

  /** Plays after the browser blocked it; to be called inside a click. */
  unblock() {
    this.element?.play().then(() => this.onBlocked(false));
  }

  /** Uses the chosen device and volume. @param {import("./devices.js").Sound} sound */
  async use({ speaker, volume }) {
    const { element } = this;
    if (!element) return;
    element.volume = volume;
    if (!element.setSinkId) return; // Safari: the system decides
    const devices = speaker ? await listDevices("audiooutput") : [];
    const id = findDevice(devices, speaker)?.id ?? "";
    const isSet = id === element.sinkId || (await element.setSinkId(id).then(() => true, () => false));
    const isMissing = devices.length > 0 && !(id && isSet);
    if (isMissing && !this.isMissing) this.onMoved();
    this.isMissing = isMissing;
  }

  remove() {
    this.element?.remove();
    this.element = null;
    this.discardRecording();
  }

  discardRecording() {
    if (this.recording) URL.revokeObjectURL(this.recording);
    this.recording = null;
  }
}
