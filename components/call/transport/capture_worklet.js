import { Resampler } from "./resampler.js";

const RATE = 24_000;
const FRAME = 480; // samples: 20 ms

/** Turns its input into frames of 16-bit mono at 24 kHz, posted as `Int16Array`. Any message ends it. */
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, RATE);
    this.frame = new Int16Array(FRAME);
    this.length = 0;
    this.over = false;
    this.port.onmessage = () => (this.over = true);
  }

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    if (channels.length) this.add(this.resampler.process(mono(channels)));
    return !this.over;
  }

  /** @param {Float32Array} samples */
  add(samples) {
    for (const sample of samples) {
      this.frame[this.length++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
      if (this.length < FRAME) continue;
      this.port.postMessage(this.frame, [this.frame.buffer]);
      this.frame = new Int16Array(FRAME);
      this.length = 0;
    }
  }
}

/** @param {Float32Array[]} channels */
function mono(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, at) => channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length);
}

registerProcessor("parley-capture", Capture);
