const FIRST_WAIT = 1_440; // samples of 24 kHz, 60 ms: how much must have arrived before a track begins
const LONGEST_WAIT = 12_000; // 500 ms: the wait doubles whenever a track runs dry

/** @typedef {{ track: number, at: number, samples: Int16Array, isEnd: boolean }} Piece of a track, or its end */

/**
 * Holds sound that has arrived and is not played yet, to even out an unsteady network: a track begins once a little of it
 * has arrived, and a track that ran dry waits for more than before. Pure: it knows samples, but no clock.
 */
export class JitterBuffer {
  /** @param {(report: { begun: number } | { ended: number }) => void} report of a track */
  constructor(report) {
    this.report = report;
    /** @type {Piece[]} */
    this.queue = [];
    /** @type {import("./player_worklet.js").Cut | null} the track that plays, and how far */
    this.current = null;
    this.flowing = false;
    this.wait = FIRST_WAIT;
  }

  /** @param {number} track @param {number} at the place of the first sample in its track @param {Int16Array} samples */
  add(track, at, samples) {
    this.queue.push({ track, at, samples, isEnd: false });
  }

  /** Marks the end of a track. @param {number} track */
  end(track) {
    this.queue.push({ track, at: 0, samples: new Int16Array(0), isEnd: true });
  }

  /** @param {number} count @returns {Float32Array} the next samples; silence where there are none */
  take(count) {
    const block = new Float32Array(count);
    this.flowing ||= this.isEnough();
    let filled = 0;
    while (this.flowing && filled < count) {
      const [next] = this.queue;
      if (!next) this.runDry();
      else if (next.isEnd) this.finish(next.track);
      else filled = this.play(next, block, filled);
    }
    return block;
  }

  /**
   * Drops everything.
   * @param {number} unplayed how many of the samples taken last were not played
   * @returns {import("./player_worklet.js").Cut[]}
   */
  flush(unplayed) {
    const cut = new Map();
    if (this.current) cut.set(this.current.track, Math.max(0, Math.floor(this.current.played - unplayed)));
    for (const { track } of this.queue) if (!cut.has(track)) cut.set(track, 0);
    this.queue = [];
    this.current = null;
    this.flowing = false;
    this.wait = FIRST_WAIT;
    return [...cut].map(([track, played]) => ({ track, played }));
  }

  isEnough() {
    let length = 0;
    for (const { samples, isEnd } of this.queue) {
      length += samples.length;
      if (isEnd || length >= this.wait) return true;
    }
    return false;
  }

  /**
   * @param {Piece} piece the first of the queue
   * @param {Float32Array} block
   * @param {number} filled how much of the block is filled
   * @returns {number} how much of it is filled now
   */
  play(piece, block, filled) {
    if (this.current?.track !== piece.track) this.report({ begun: piece.track });
    const part = piece.samples.subarray(0, block.length - filled);
    for (let i = 0; i < part.length; i++) block[filled + i] = part[i] / 32_768;
    piece.samples = piece.samples.subarray(part.length);
    piece.at += part.length;
    this.current = { track: piece.track, played: piece.at };
    if (!piece.samples.length) this.queue.shift();
    return filled + part.length;
  }

  /** @param {number} track */
  finish(track) {
    this.queue.shift();
    if (this.current?.track === track) this.current = null;
    this.wait = FIRST_WAIT;
    this.report({ ended: track });
  }

  runDry() {
    this.flowing = false;
    if (this.current) this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }
}
