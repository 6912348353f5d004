import { LevelMeter } from "./level.js";
import { release } from "./microphone.js";

const INTERVAL_MS = 100;
const LOUD = -42; // dBFS: speech into a microphone is louder; a keyboard beside it is, too, but only for moments
const SPEECH_LEVELS = 3; // loud ones in a row: 0.3 s
const PAUSE_LEVELS = 30; // quiet ones in a row after which speech counts as over: 3 s

/** Detects speech into a muted microphone. Only a level is measured; the sound goes nowhere. */
export class MutedSpeech {
  /** @param {(speaking: boolean) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.speaking = false;
    this.loud = this.quiet = 0; // levels in a row
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {LevelMeter | null} */
    this.meter = null;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  /** @param {AudioContext} context @param {MediaStream} microphone whose own tracks may be disabled */
  watch(context, microphone) {
    this.stop();
    this.stream = microphone.clone();
    for (const track of this.stream.getTracks()) track.enabled = true;
    const meter = (this.meter = new LevelMeter(context, this.stream));
    this.loud = this.quiet = 0;
    this.timer = setInterval(() => this.add(meter.decibels()), INTERVAL_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.meter?.close();
    release(this.stream);
    this.meter = this.stream = null;
    this.set(false);
  }

  /** @param {number} decibels */
  add(decibels) {
    const loud = decibels > LOUD;
    this.loud = loud ? this.loud + 1 : 0;
    this.quiet = loud ? 0 : this.quiet + 1;
    if (this.loud >= SPEECH_LEVELS) this.set(true);
    if (this.quiet >= PAUSE_LEVELS) this.set(false);
  }

  /** @param {boolean} speaking */
  set(speaking) {
    if (speaking === this.speaking) return;
    this.speaking = speaking;
    this.onChange(speaking);
  }
}
