import { LevelMeter } from "./level.js";
import { release } from "./microphone.js";

const LOOK_MS = 100;
const LOUD = -42; // dBFS: speech into a microphone is louder, a keyboard beside it only for moments
const SPEECH_LOOKS = 3; // loud ones in a row: 0.3 s
const QUIET_LOOKS = 30; // until it counts as over: 3 s

/** Notices that somebody speaks into a microphone that is shut. What it hears stays here: only a level is read. */
export class UnheardSpeech {
  /** @param {(speaking: boolean) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.speaking = false;
  }

  /** @param {AudioContext} context @param {MediaStream} microphone whose own tracks may be disabled */
  watch(context, microphone) {
    this.rest();
    this.ear = microphone.clone();
    for (const track of this.ear.getTracks()) track.enabled = true;
    this.meter = new LevelMeter(context, this.ear);
    this.loud = this.quiet = 0;
    this.timer = setInterval(() => this.look(this.meter.decibels()), LOOK_MS);
  }

  rest() {
    clearInterval(this.timer);
    this.meter?.close();
    release(this.ear);
    this.meter = this.ear = null;
    this.tell(false);
  }

  /** @param {number} decibels */
  look(decibels) {
    const loud = decibels > LOUD;
    this.loud = loud ? this.loud + 1 : 0;
    this.quiet = loud ? 0 : this.quiet + 1;
    if (this.loud >= SPEECH_LOOKS) this.tell(true);
    if (this.quiet >= QUIET_LOOKS) this.tell(false);
  }

  tell(speaking) {
    if (speaking === this.speaking) return;
    this.speaking = speaking;
    this.onChange(speaking);
  }
}
