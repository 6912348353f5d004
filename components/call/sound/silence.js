import { LevelMeter } from "./level.js";
import { release } from "./microphone.js";

const INTERVAL_MS = 100;
const LOOKS = 10;
const DEAD = -119; // dBFS: nothing but zeros; the quietest room has some noise

/**
 * Tells whether a microphone delivers nothing at all, by listening for a second. A muted one is listened to as well;
 * its sound goes nowhere.
 * @param {AudioContext} context
 * @param {MediaStream} microphone
 * @returns {Promise<boolean>}
 */
export async function isDead(context, microphone) {
  const stream = microphone.clone();
  for (const track of stream.getTracks()) track.enabled = true;
  const meter = new LevelMeter(context, stream);
  try {
    for (let look = 0; look < LOOKS; look++) {
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
      if (meter.decibels() > DEAD) return false;
    }
    return true;
  } finally {
    meter.close();
    release(stream);
  }
}
