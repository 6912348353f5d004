const KEPT_MS = 15_000; // a call that takes longer to place loses the oldest
const LOOK_MS = 20; // a level is read from so much sound: a syllable is longer
const PADDING_MS = 300; // before the first loud sound: words begin softly, and turn detection wants to hear what was before

// RMS against full scale. Near a microphone speech is at -30 to -10 dBFS, a quiet room at -60.
const LOUD = 10 ** (-45 / 20);
const QUIET = 10 ** (-50 / 20);

// To catch up, something is left out after every 50 ms, and cross-faded: a quarter of the time in speech.
const RUN_MS = 50;
const FADE_MS = 10;
const SHORTEST_MS = 10; // of what is left out in speech: one to four periods of any voice
const LONGEST_MS = 20;
const PAUSE_MS = 100; // what remains of a pause, beside the run in which it was noticed
const PRESENT_MS = 40; // as close to the present as there is still something to leave out
const PATIENCE_MS = 3_000; // for a pause in which to go over to the present; in a noisy room there may be none

/**
 * Sound that was heard before anybody listened. It is given late, a little faster than it came (without changing its
 * pitch) and with shorter pauses, until it has caught up with the present. Knows no Web Audio.
 */
export class KeptSound {
  /** @param {number} rate samples per second */
  constructor(rate) {
    this.rate = rate;
    this.ring = new Float32Array(this.samples(KEPT_MS));
    this.written = this.read = 0; // counts of samples; the ring holds the newest
    this.fadeLength = this.samples(FADE_MS);
    this.forget();
  }

  /** @param {Float32Array} block what is heard now */
  keep(block) {
    for (const sample of block) this.ring[this.written++ % this.ring.length] = sample;
    this.read = Math.max(this.read, this.written - this.ring.length);
  }

  /** Nobody shall hear what was heard so far. */
  forget() {
    this.read = this.written;
    this.fade = this.jump = this.waited = 0;
    this.untilJump = this.samples(RUN_MS);
    this.present = false;
  }

  /** Begins to give, shortly before the first speech. @returns {boolean} whether there is any; else all is forgotten */
  begin() {
    const look = this.samples(LOOK_MS);
    for (let at = this.read; at + look <= this.written; at += look) {
      if (this.level(at, look) < LOUD) continue;
      this.read = Math.max(this.read, at - this.samples(PADDING_MS));
      return true;
    }
    this.forget();
    return false;
  }

  /** Fills the block with what comes next. Afterwards `present` tells whether the microphone itself may take over. */
  give(block) {
    for (let index = 0; index < block.length; index++) {
      if (this.untilJump-- === 0) this.leaveOut();
      block[index] = this.next();
    }
  }

  /** @returns {number} how far behind the present it is, in milliseconds */
  behind() {
    return ((this.written - this.read) * 1000) / this.rate;
  }

  next() {
    if (this.read >= this.written) return 0;
    const sample = this.at(this.read++);
    if (this.fade === 0) return sample;
    const share = this.fade-- / this.fadeLength;
    const mixed = share * sample + (1 - share) * this.at(this.read - 1 + this.jump);
    if (this.fade === 0) this.read += this.jump;
    return mixed;
  }

  leaveOut() {
    this.untilJump = this.samples(RUN_MS) + this.fadeLength;
    const room = this.written - this.read - this.samples(PRESENT_MS);
    if (room > 0) {
      const pause = this.pause() - this.samples(PAUSE_MS);
      this.jump = pause > this.samples(LONGEST_MS) ? Math.min(pause, room) : this.period();
      this.fade = this.fadeLength;
    } else {
      const look = this.samples(LOOK_MS);
      this.waited += RUN_MS + FADE_MS;
      this.present = this.level(this.written - look, look) < QUIET || this.waited >= PATIENCE_MS;
    }
  }

  /** @returns {number} the samples from here on that are quiet */
  pause() {
    const look = this.samples(LOOK_MS);
    let end = this.read;
    while (end + look <= this.written && this.level(end, look) < QUIET) end += look;
    return end - this.read;
  }

  /** @returns {number} the samples to leave out so that the sound goes on most alike: whole periods of the voice */
  period() {
    let best = 0;
    let most = -Infinity;
    for (let jump = this.samples(LONGEST_MS); jump >= this.samples(SHORTEST_MS); jump--) {
      let alike = 0;
      let power = 1e-9;
      for (let index = 0; index < this.fadeLength; index += 4) {
        const ahead = this.at(this.read + jump + index);
        alike += ahead * this.at(this.read + index);
        power += ahead * ahead;
      }
      if (alike / Math.sqrt(power) <= most) continue;
      most = alike / Math.sqrt(power);
      best = jump;
    }
    return best;
  }

  level(from, length) {
    let sum = 0;
    for (let index = from; index < from + length; index++) sum += this.at(index) ** 2;
    return Math.sqrt(sum / length);
  }

  at(index) {
    return this.ring[index % this.ring.length];
  }

  samples(ms) {
    return Math.round((ms * this.rate) / 1000);
  }
}
