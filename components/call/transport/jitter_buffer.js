const FIRST_WAIT = 1_440; // samples of 24 kHz, 60 ms: how much must be here before a track begins
const LONGEST_WAIT = 12_000; // 500 ms: it doubles whenever the sound runs dry within a track

/**
 * Sound that has come and is not yet played. It evens out how unevenly a network delivers: a track begins when a little
 * of it is here, and one that ran dry waits for more than before. Pure: it knows samples, but no clock.
 */
export class JitterBuffer {
  /** @param {(report: { begun: number } | { ended: number }) => void} report */
  constructor(report) {
    this.report = report;
    /** @type {{ track: number, at: number, samples: Int16Array, end: boolean }[]} */
    this.queue = [];
    this.current = null; // the track that plays, and how far: { track, played }
    this.flowing = false;
    this.wait = FIRST_WAIT;
  }

  /** @param {number} track @param {number} at the place of the first sample in its track @param {Int16Array} samples */
  add(track, at, samples) {
    this.queue.push({ track, at, samples, end: false });
  }

  /** No more of this track comes. */
  end(track) {
    this.queue.push({ track, at: 0, samples: new Int16Array(0), end: true });
  }

  /** @param {number} count @returns {Float32Array} the next samples; silence where there are none */
  take(count) {
    const block = new Float32Array(count);
    this.flowing ||= this.isEnough();
    let filled = 0;
    while (this.flowing && filled < count) {
      const [next] = this.queue;
      if (!next) this.runDry();
      else if (next.end) this.finish(next.track);
      else filled = this.play(next, block, filled);
    }
    return block;
  }

  /**
   * Drops everything.
   * @param {number} unplayed how many of the samples last taken were not played
   * @returns {{ track: number, played: number }[]} what was cut, and how many samples of it were played
   */
  flush(unplayed) {
    const cut = new Map();
    if (this.current) cut.set(this.current.track, Math.max(0, Math.floor(this.current.played - unplayed)));
    for (const { track } of this.queue) if (!cut.has(track)) cut.set(track, 0);
    Object.assign(this, { queue: [], current: null, flowing: false, wait: FIRST_WAIT });
    return [...cut].map(([track, played]) => ({ track, played }));
  }

  isEnough() {
    let length = 0;
    for (const { samples, end } of this.queue) {
      length += samples.length;
      if (end || length >= this.wait) return true;
    }
    return false;
  }

  play(piece, block, filled) {
    if (this.current?.track !== piece.track) this.begin(piece.track);
    const part = piece.samples.subarray(0, block.length - filled);
    for (let i = 0; i < part.length; i++) block[filled + i] = part[i] / 32_768;
    piece.samples = piece.samples.subarray(part.length);
    piece.at += part.length;
    this.current.played = piece.at;
    if (!piece.samples.length) this.queue.shift();
    return filled + part.length;
  }

  begin(track) {
    this.current = { track, played: 0 };
    this.report({ begun: track });
  }

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
