const KEPT_MS = 15_000; // if connecting takes longer, the oldest sound is lost
const WINDOW_MS = 20; // for measuring a level; a syllable is longer
const PADDING_MS = 300; // before the first loud sound: words begin softly, and turn detection needs some context

// RMS relative to full scale. Near a microphone speech is at -30 to -10 dBFS, a quiet room at -60.
const LOUD = 10 ** (-45 / 20);
const QUIET = 10 ** (-50 / 20);

// To catch up, a piece is skipped after every 50 ms, with a cross-fade: a quarter of the time in speech.
const RUN_MS = 50;
const FADE_MS = 10;
const SHORTEST_SKIP_MS = 10; // in speech: one to four periods of any voice
const LONGEST_SKIP_MS = 20;
const PAUSE_MS = 100; // what remains of a pause, beside the run in which it was noticed
const CAUGHT_UP_MS = 40; // closer to the present there is nothing left to skip
const PATIENCE_MS = 3_000; // for a pause in which to switch to the microphone; in a noisy room there may be none

/**
 * Sound kept until the call is live. It is read late, a little faster than it was recorded (at the same pitch) and with
 * shorter pauses, until it has caught up with the present. Knows no Web Audio.
 */
export class KeptSound {
  /** @param {number} rate samples per second */
  constructor(rate) {
    this.rate = rate;
    this.ring = new Float32Array(this.samples(KEPT_MS));
    this.written = this.position = 0; // in samples since the start; the ring holds the newest ones
    this.fadeLength = this.samples(FADE_MS);
    this.fade = this.skip = this.waited = 0;
    this.untilSkip = this.samples(RUN_MS);
    this.caughtUp = false; // whether the microphone itself can take over
  }

  /** @param {Float32Array} block from the microphone */
  write(block) {
    for (const sample of block) this.ring[this.written++ % this.ring.length] = sample;
    this.position = Math.max(this.position, this.written - this.ring.length);
  }

  /** Discards everything written so far. */
  forget() {
    this.position = this.written;
    this.fade = this.skip = this.waited = 0;
    this.untilSkip = this.samples(RUN_MS);
    this.caughtUp = false;
  }

  /** Moves to shortly before the first speech. @returns {boolean} whether there is any; if not, all is discarded */
  begin() {
    const window = this.samples(WINDOW_MS);
    for (let at = this.position; at + window <= this.written; at += window) {
      if (this.level(at, window) < LOUD) continue;
      this.position = Math.max(this.position, at - this.samples(PADDING_MS));
      return true;
    }
    this.forget();
    return false;
  }

  /** Fills a block with the next samples. @param {Float32Array} block */
  read(block) {
    for (let index = 0; index < block.length; index++) {
      if (this.untilSkip-- === 0) this.skipAhead();
      block[index] = this.next();
    }
  }

  /** @returns {number} milliseconds behind the present */
  behind() {
    return ((this.written - this.position) * 1000) / this.rate;
  }

  next() {
    if (this.position >= this.written) return 0;
    const sample = this.at(this.position++);
    if (this.fade === 0) return sample;
    const share = this.fade-- / this.fadeLength;
    const mixed = share * sample + (1 - share) * this.at(this.position - 1 + this.skip);
    if (this.fade === 0) this.position += this.skip;
    return mixed;
  }

  skipAhead() {
    this.untilSkip = this.samples(RUN_MS) + this.fadeLength;
    const room = this.written - this.position - this.samples(CAUGHT_UP_MS);
    if (room > 0) {
      const pause = this.pause() - this.samples(PAUSE_MS);
      this.skip = pause > this.samples(LONGEST_SKIP_MS) ? Math.min(pause, room) : this.period();
      this.fade = this.fadeLength;
    } else {
      const window = this.samples(WINDOW_MS);
      this.waited += RUN_MS + FADE_MS;
      this.caughtUp = this.level(this.written - window, window) < QUIET || this.waited >= PATIENCE_MS;
    }
  }

  /** @returns {number} how many samples from here on are quiet */
  pause() {
    const window = this.samples(WINDOW_MS);
    let end = this.position;
    while (end + window <= this.written && this.level(end, window) < QUIET) end += window;
    return end - this.position;
  }

  /** @returns {number} how many samples to skip so that the sound continues most alike: whole periods of the voice */
  period() {
    let best = 0;
    let most = -Infinity;
    for (let skip = this.samples(LONGEST_SKIP_MS); skip >= this.samples(SHORTEST_SKIP_MS); skip--) {
      let product = 0;
      let power = 1e-9;
      for (let index = 0; index < this.fadeLength; index += 4) {
        const ahead = this.at(this.position + skip + index);
        product += ahead * this.at(this.position + index);
        power += ahead * ahead;
      }
      const similarity = product / Math.sqrt(power);
      if (similarity <= most) continue;
      most = similarity;
      best = skip;
    }
    return best;
  }

  /** @param {number} from @param {number} length samples @returns {number} RMS relative to full scale */
  level(from, length) {
    let sum = 0;
    for (let index = from; index < from + length; index++) sum += this.at(index) ** 2;
    return Math.sqrt(sum / length);
  }

  /** @param {number} index in samples since the start */
  at(index) {
    return this.ring[index % this.ring.length];
  }

  /** @param {number} ms */
  samples(ms) {
    return Math.round((ms * this.rate) / 1000);
  }
}
