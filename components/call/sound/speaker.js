import { find, present } from "./devices.js";

/** Where a voice is heard: that of the AI, or your own when you try the microphone. */
export class Speaker {
  /**
   * @param {object} options
   * @param {HTMLElement} options.home where its element lives
   * @param {string} options.id of its element
   * @param {(silenced: boolean) => void} options.onSilenced the browser wants a tap first, or has got it
   * @param {() => void} options.onMoved the chosen one is not there; the system's own is used
   */
  constructor({ home, id, onSilenced, onMoved }) {
    Object.assign(this, { home, id, onSilenced, onMoved });
    this.missing = false;
  }

  /** Makes ready; to be called inside a click, or Safari stays silent. @param {import("./devices.js").Sound} sound */
  prepare(sound) {
    this.remove();
    this.element = Object.assign(document.createElement("audio"), { id: this.id, autoplay: true });
    this.element.setAttribute("playsinline", "");
    this.home.append(this.element);
    this.use(sound);
  }

  /** @param {MediaStream} stream */
  play(stream) {
    this.element.srcObject = stream;
    this.element.play().catch((error) => this.onSilenced(error.name === "NotAllowedError"));
  }

  /** @param {Blob} recording */
  playRecording(recording) {
    this.forget();
    this.recorded = URL.createObjectURL(recording);
    this.element.src = this.recorded;
  }

  replay() {
    this.element.currentTime = 0;
    this.element.play();
  }

  unblock() {
    this.element.play().then(() => this.onSilenced(false));
  }

  /** Takes the device and the volume that were chosen. @param {import("./devices.js").Sound} sound */
  async use({ speaker, volume }) {
    const { element } = this;
    if (!element) return;
    element.volume = volume;
    if (!element.setSinkId) return; // Safari: the system chooses
    const devices = speaker ? await present("audiooutput") : [];
    const id = find(devices, speaker)?.id ?? "";
    const went = id === element.sinkId || (await element.setSinkId(id).then(() => true, () => false));
    const missing = devices.length > 0 && !(id && went);
    if (missing && !this.missing) this.onMoved();
    this.missing = missing;
  }

  remove() {
    this.element?.remove();
    this.element = null;
    this.forget();
  }

  forget() {
    if (this.recorded) URL.revokeObjectURL(this.recorded);
    this.recorded = null;
  }
}
