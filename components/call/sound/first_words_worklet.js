import { KeptSound } from "./kept_sound.js";

/**
 * The part of FirstWords in the audio thread. Once the microphone can take over, it posts "sent", or "none" if there was
 * no speech.
 */
class FirstWordsProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.kept = new KeptSound(sampleRate);
    this.sending = this.closed = false;
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /** @param {"send" | "forget" | "close"} command */
  receive(command) {
    if (command === "send") this.sending = this.kept.begin();
    if (command === "send" && !this.sending) this.port.postMessage("none");
    if (command === "forget") this.kept.forget();
    if (command === "close") this.closed = true;
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs */
  process([[input]], [[output]]) {
    if (input) this.kept.write(input);
    if (this.sending) this.kept.read(output);
    if (this.kept.caughtUp) this.port.postMessage("sent");
    return !this.closed;
  }
}

registerProcessor("first-words", FirstWordsProcessor);
