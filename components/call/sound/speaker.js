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
   * @param {() => void} [options.onMoved] the chosen one is not connected; the system default is used
   */
  constructor({ home, id, onMoved = () => {} }) {
    this.home = home;
    this.id = id;
    this.onMoved = onMoved;
    this.onPaused = () => {}; // by the system: nothing here pauses it
    this.isMissing = false;
    /** @type {HTMLAudioElement | null} */
    this.element = null;
    /** @type {string | null} object URL of a recording */
    this.recording = null;
  }

  /**
   * Makes its element, inside a click, or Safari stays silent. iOS forgets the click after five seconds, unless the
   * element plays something from then on.
   * @param {import("./devices.js").Sound} sound
   * @param {MediaStream} [silence] to play until there is a voice
   */
  prepare(sound, silence) {
    this.remove();
    const element = (this.element = document.createElement("audio"));
    element.id = this.id;
    element.autoplay = true;
    element.setAttribute("playsinline", "");
    element.onpause = () => this.element === element && this.isPaused && this.onPaused();
    this.home.append(element);
    this.use(sound);
    if (silence) this.play(silence);
  }

  /** Whether it has a stream to play, and does not. */
  get isPaused() {
    const stream = this.element?.srcObject;
    return stream instanceof MediaStream && stream.active && Boolean(this.element?.paused);
  }

  /** @param {MediaStream} stream */
  play(stream) {
    if (!this.element) return;
    this.element.srcObject = stream;
    this.element.play().catch(() => {}); // then it stays paused
  }

  /** Plays on, unless the browser refuses. */
  resume() {
    if (this.isPaused) this.element?.play().catch(() => {});
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
    this.element.play().catch(() => {});
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

  /** Plays nothing more: a stream that goes on in silence keeps the device busy, and Chromium keeps its element. */
  stop() {
    if (this.element) this.element.onpause = this.element.srcObject = null;
  }

  remove() {
    this.stop();
    this.element?.remove();
    this.element = null;
    this.discardRecording();
  }

  discardRecording() {
    if (this.recording) URL.revokeObjectURL(this.recording);
    this.recording = null;
  }
}
