const ZERO_CROSSINGS = 16; // on each side of the filter's centre: keeps aliases below -75 dB
const PASSBAND = 0.92; // share of the narrower band; the rest is the filter's slope

/**
 * Changes the sampling rate of a stream with a polyphase filter (a windowed sinc) for the exact ratio of both rates.
 * Delays the sound by half the filter's length: 0.7 ms to or from 24 kHz.
 */
export class Resampler {
  /** @param {number} from samples per second @param {number} to samples per second */
  constructor(from, to) {
    const divisor = greatestCommonDivisor(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    const cutoff = Math.min(1, to / from) * (from === to ? 1 : PASSBAND);
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.filters = Array.from({ length: this.up }, (_, phase) => filter(cutoff, this.half, phase / this.up));
    this.history = new Float32Array(2 * this.half - 1); // input that the filter still needs
    this.phase = 0; // of the next output sample after the first one of the history, in parts of an input sample
  }

  /** Forgets the input so far. */
  reset() {
    this.history = new Float32Array(2 * this.half - 1);
    this.phase = 0;
  }

  /** @param {Float32Array} block at the old rate @returns {Float32Array} at the new rate; may be empty */
  process(block) {
    const { up, down, filters } = this;
    const input = new Float32Array(this.history.length + block.length);
    input.set(this.history);
    input.set(block, this.history.length);
    const output = new Float32Array(Math.max(0, Math.ceil((block.length * up - this.phase) / down)));
    let at = this.phase;
    for (let i = 0; i < output.length; i++, at += down) {
      const first = Math.floor(at / up);
      const taps = filters[at % up];
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += taps[tap] * input[first + tap];
      output[i] = sum;
    }
    this.phase = at - block.length * up;
    this.history = input.slice(block.length);
    return output;
  }
}

/**
 * @param {number} cutoff as a share of the input's band
 * @param {number} half length
 * @param {number} fraction of an input sample by which the output sample lies after the centre
 * @returns {Float32Array} taps
 */
function filter(cutoff, half, fraction) {
  const taps = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - half + 1 - fraction;
    return cutoff * sinc(cutoff * distance) * blackman(distance / half);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** @param {number} x */
function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The Blackman window. @param {number} x from -1 to 1 */
function blackman(x) {
  if (Math.abs(x) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

/** @param {number} a @param {number} b @returns {number} */
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
