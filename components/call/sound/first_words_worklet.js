import { KeptSound } from "./kept_sound.js";

/**
 * The part of FirstWords that runs where sound is processed. When the microphone may take over, it answers "given", or
 * "none" where nobody spoke.
 */
class FirstWordsProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.kept = new KeptSound(sampleRate);
    this.giving = this.closed = false;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  /** @param {"give" | "forget" | "close"} order */
  take(order) {
    if (order === "give") this.giving = this.kept.begin();
    if (order === "give" && !this.giving) this.port.postMessage("none");
    if (order === "forget") this.kept.forget();
    if (order === "close") this.closed = true;
  }

  process([[heard]], [[given]]) {
    if (heard) this.kept.keep(heard);
    if (this.giving) this.kept.give(given);
    if (this.kept.present) this.port.postMessage("given");
    return !this.closed;
  }
}

registerProcessor("first-words", FirstWordsProcessor);
