import { StoredValue } from "stored_value";
import { LevelMeter } from "./level.js";
import { openMicrophone, release } from "./microphone.js";

const RECORDED_MS = 2_000;
const INTERVAL_MS = 50;

// dBFS. Near a microphone speech is at -30 to -10, a quiet room at -60; a muted microphone gives nothing at all.
const SILENT = -70;
const QUIET = -45;
const NOISY = -40;
const CLEARLY_ABOVE = 12; // dB between the noise and the loudest sound

const checked = new StoredValue("parley.checked");

/** @typedef {"good" | "silent" | "quiet" | "noisy"} Verdict */
/** @typedef {{ verdict: Verdict, floor: number, loudest: number }} Judgement dBFS; `floor` is the noise between words */

/**
 * Listens to the microphone for two seconds; nothing leaves the browser.
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {import("./devices.js").Sound} options.sound
 * @param {(decibels: number) => void} options.onLevel
 * @param {AbortSignal} options.signal stops it early
 * @returns {Promise<Judgement & { recording: Blob }>}
 * @throws {import("failure").CallFailure} if no microphone can be opened
 */
export async function checkMicrophone({ context, sound, onLevel, signal }) {
  const { stream } = await openMicrophone(sound);
  const meter = new LevelMeter(context, stream);
  /** @type {number[]} */
  const levels = [];
  const timer = setInterval(() => {
    const level = meter.decibels();
    levels.push(level);
    onLevel(level);
  }, INTERVAL_MS);
  try {
    const recording = await record(stream, signal);
    return { ...judge(levels), recording };
  } finally {
    clearInterval(timer);
    meter.close();
    release(stream);
  }
}

/** @param {number[]} levels dBFS, at even intervals @returns {Judgement} */
export function judge(levels) {
  const sorted = [...levels].sort((a, b) => a - b);
  /** @param {number} share */
  const quantile = (share) => sorted[Math.floor(share * (sorted.length - 1))] ?? -120;
  const [floor, loudest] = [quantile(0.1), quantile(0.95)]; // single clicks and gaps do not count
  return { verdict: verdictOn(floor, loudest), floor, loudest };
}

/** @param {number} floor @param {number} loudest @returns {Verdict} */
function verdictOn(floor, loudest) {
  if (loudest < SILENT) return "silent";
  if (floor > NOISY && loudest - floor < CLEARLY_ABOVE) return "noisy";
  return loudest < QUIET ? "quiet" : "good";
}

/** @returns {boolean} whether the microphone was checked or used in this browser before */
export function wasChecked() {
  return checked.read() !== null;
}

export function noteChecked() {
  checked.write(true);
}

/** @param {MediaStream} stream @param {AbortSignal} signal @returns {Promise<Blob>} */
function record(stream, signal) {
  const recorder = new MediaRecorder(stream);
  /** @type {Blob[]} */
  const parts = [];
  return new Promise((resolve) => {
    const stop = () => recorder.state !== "inactive" && recorder.stop();
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }));
    recorder.start();
    setTimeout(stop, RECORDED_MS);
    signal.addEventListener("abort", stop, { once: true });
  });
}
