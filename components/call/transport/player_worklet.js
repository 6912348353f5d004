import { JitterBuffer } from "./jitter_buffer.js";
import { Resampler } from "./resampler.js";

const RATE = 24_000;
const BLOCK = 240; // samples of 24 kHz: 10 ms
const FADE_SECONDS = 0.01; // sound that is cut off clicks; nobody hears a hundredth of a second of fading

/**
 * Plays tracks one after the other. It is told `{ track, at, samples }`, `{ track, end: true }` when no more of a track
 * comes, `{ flush: true }` and at last `{ over: true }`; it tells `{ begun: track }`, `{ ended: track }` and, after a flush, `{ flushed }`: the
 * tracks that were cut, each with how many of its samples were played.
 */
class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.buffer = new JitterBuffer((report) => this.port.postMessage(report));
    this.resampler = new Resampler(RATE, sampleRate);
    this.ready = new Float32Array(0); // resampled, and not yet played
    this.over = false;
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  receive({ track, at, samples, end, flush, over }) {
    if (over) this.over = true;
    else if (flush) this.flush();
    else if (end) this.buffer.end(track);
    else this.buffer.add(track, at, samples);
  }

  process(_, [[output]]) {
    while (this.ready.length < output.length) this.prepare();
    output.set(this.ready.subarray(0, output.length));
    this.ready = this.ready.slice(output.length);
    return !this.over;
  }

  prepare() {
    const more = this.resampler.process(this.buffer.take(BLOCK));
    const ready = new Float32Array(this.ready.length + more.length);
    ready.set(this.ready);
    ready.set(more, this.ready.length);
    this.ready = ready;
  }

  flush() {
    const unplayed = (this.ready.length / sampleRate) * RATE;
    const flushed = this.buffer.flush(unplayed);
    const fading = Math.round(FADE_SECONDS * sampleRate);
    this.ready = this.ready.slice(0, fading).map((sample, at) => sample * (1 - at / fading));
    this.resampler.reset();
    this.port.postMessage({ flushed });
  }
}

registerProcessor("parley-player", Player);
