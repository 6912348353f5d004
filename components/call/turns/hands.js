/** @typedef {"keys" | "thumb"} Steering */

/** What the page is steered with, as far as a browser tells: hints name keys only to those who have some. */
export class Hands {
  /** @param {(steering: Steering) => void} onChange called at once, and when it changes: a tablet may get a keyboard */
  constructor(onChange) {
    this.query = matchMedia("(pointer: coarse)");
    this.listener = () => onChange(this.query.matches ? "thumb" : "keys");
    this.query.addEventListener("change", this.listener);
    this.listener();
  }

  remove() {
    this.query.removeEventListener("change", this.listener);
  }
}
