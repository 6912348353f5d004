import { JitterBuffer } from "./jitter_buffer.js";
import { Resampler } from "./resampler.js";

const RATE = 24_000;
const BLOCK = 240; // samples of 24 kHz: 10 ms
const FADE_SECONDS = 0.01; // cut off at once, sound would click

/**
 * @typedef {object} PlayerCommand Either `{ track, at, samples }`; or `{ track, end: true }` after a track's last samples;
 *   or `{ flush: true }`, which drops everything at once; or, when the call is over, `{ over: true }`
 * @property {number} [track]
 * @property {number} [at] the place of the first sample in its track
 * @property {Int16Array} [samples]
 * @property {boolean} [end]
 * @property {boolean} [flush]
 * @property {boolean} [over]
 */

/** @typedef {{ track: number, played: number }} Cut a flushed track, and how many of its samples were played */

/**
 * @typedef {object} PlayerReport Exactly one of these
 * @property {number} [begun] track
 * @property {number} [ended] track
 * @property {Cut[]} [flushed] the answer to a flush
 */

/** Plays tracks one after the other. Gets `PlayerCommand`s and posts `PlayerReport`s. */
class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.buffer = new JitterBuffer((report) => this.port.postMessage(report));
    this.resampler = new Resampler(RATE, sampleRate);
    this.ready = new Float32Array(0); // resampled, not played yet
    this.over = false;
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /** @param {PlayerCommand} command */
  receive({ track = 0, at = 0, samples, end, flush, over }) {
    if (over) this.over = true;
    else if (flush) this.flush();
    else if (end) this.buffer.end(track);
    else if (samples) this.buffer.add(track, at, samples);
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, [[output]]) {
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
