/** A press shorter than this is a tap, which keeps on talking until the next one. */
export const TAP_MS = 300;

/** @typedef {"off" | "held" | "kept"} Talk whether somebody talks, and what ends it: letting go, or another press */

/** The push-to-talk button, wherever it is pressed: hold it while you talk, or tap to begin and tap to end. */
export class TalkButton {
  /** @param {(talk: Talk) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Talk} */
    this.talk = "off";
  }

  /** @param {number} at milliseconds, of the same clock as in `release` */
  press(at) {
    this.pressedAt = at;
    this.become(this.talk === "off" ? "held" : "off");
  }

  /** @param {number} at */
  release(at) {
    if (this.talk === "held") this.become(at - this.pressedAt < TAP_MS ? "kept" : "off");
  }

  reset() {
    this.become("off");
  }

  become(talk) {
    if (talk === this.talk) return;
    this.talk = talk;
    this.onChange(talk);
  }
}
