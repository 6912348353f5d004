/** Milliseconds: a shorter press is a tap, which keeps the microphone open until the next one. */
export const TAP_MS = 300;

/** @typedef {"off" | "held" | "kept"} Talk whether the user talks, and what ends it: releasing, or another press */

/** The push-to-talk button, by whatever means it is pressed: hold it while talking, or tap to begin and tap to end. */
export class TalkButton {
  /** @param {(talk: Talk) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Talk} */
    this.talk = "off";
    this.pressedAt = 0;
  }

  /** @param {number} at milliseconds, by the same clock as in `release` */
  press(at) {
    this.pressedAt = at;
    this.set(this.talk === "off" ? "held" : "off");
  }

  /** @param {number} at milliseconds */
  release(at) {
    if (this.talk === "held") this.set(at - this.pressedAt < TAP_MS ? "kept" : "off");
  }

  /** The call is over. */
  reset() {
    this.set("off");
  }

  /** @param {Talk} talk */
  set(talk) {
    if (talk === this.talk) return;
    this.talk = talk;
    this.onChange(talk);
  }
}
