import { Kept } from "kept";
import { LevelMeter } from "./level.js";
import { openMicrophone, release } from "./microphone.js";

const RECORDED_MS = 2_000;
const LOOK_MS = 50;

// Levels in dBFS. Near a microphone speech is at -30 to -10, a quiet room at -60; a muted one gives nothing at all.
const SILENT = -70;
const QUIET = -45;
const NOISY = -40;
const CLEARLY_ABOVE = 12; // dB between the noise and what is loudest

const checked = new Kept("parley.checked");

/** @typedef {"good" | "silent" | "quiet" | "noisy"} Verdict */

/**
 * Listens to the microphone for two seconds; nothing leaves the browser.
 * @param {object} options
 * @param {AudioContext} options.context
 * @param {import("./devices.js").Sound} options.sound
 * @param {(decibels: number) => void} options.onLevel
 * @param {AbortSignal} options.signal ends it early
 * @returns {Promise<{ verdict: Verdict, floor: number, loudest: number, recording: Blob }>} levels in dBFS
 * @throws {import("failure").CallFailure} when there is no microphone to listen to
 */
export async function checkMicrophone({ context, sound, onLevel, signal }) {
  const { stream } = await openMicrophone(sound);
  const meter = new LevelMeter(context, stream);
  const levels = [];
  const timer = setInterval(() => {
    levels.push(meter.decibels());
    onLevel(levels.at(-1));
  }, LOOK_MS);
  try {
    const recording = await record(stream, signal);
    return { ...judge(levels), recording };
  } finally {
    clearInterval(timer);
    meter.close();
    release(stream);
  }
}

/**
 * @param {number[]} levels in dBFS, at even intervals
 * @returns {{ verdict: Verdict, floor: number, loudest: number }} `floor` is the noise between the words
 */
export function judge(levels) {
  const sorted = [...levels].sort((one, other) => one - other);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))] ?? -120;
  const [floor, loudest] = [at(0.1), at(0.95)]; // neither a click nor a gap decides
  return { verdict: verdictOn(floor, loudest), floor, loudest };
}

/** @returns {Verdict} */
function verdictOn(floor, loudest) {
  if (loudest < SILENT) return "silent";
  if (floor > NOISY && loudest - floor < CLEARLY_ABOVE) return "noisy";
  return loudest < QUIET ? "quiet" : "good";
}

/** @returns {boolean} whether the microphone was tried or used in this browser before */
export function wasChecked() {
  return checked.read() !== null;
}

export function noteChecked() {
  checked.write(true);
}

/** @param {MediaStream} stream @param {AbortSignal} signal @returns {Promise<Blob>} */
function record(stream, signal) {
  const recorder = new MediaRecorder(stream);
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
