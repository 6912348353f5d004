import { LevelMeter } from "level";

const BAR = 3; // CSS pixels
const GAP = 2;
const STEP_MS = 40;
const CALM_STEP_MS = 400; // with prefers-reduced-motion

/**
 * Draws one voice as bars that flow away from the call button. Only speech makes them move: silence is a still line, and
 * nothing is drawn without a stream or in a hidden page.
 */
export class Waveform {
  /** @param {HTMLCanvasElement} canvas @param {{ towards: "left" | "right" }} options */
  constructor(canvas, { towards }) {
    this.canvas = canvas;
    this.towards = towards;
    /** @type {number[]} levels from 0 to 1, newest first */
    this.levels = [];
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(canvas);
    /** @type {LevelMeter | null} */
    this.meter = null;
    this.timer = 0;
    this.frame = 0;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** @param {AudioContext} context @param {MediaStream} stream */
  follow(context, stream) {
    this.stop();
    const meter = (this.meter = new LevelMeter(context, stream));
    this.schedule(meter);
  }

  /** Stops following the stream and draws a still line. */
  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.meter?.close();
    this.meter = null;
    this.levels = [];
    this.draw();
  }

  remove() {
    this.stop();
    this.resized.disconnect();
  }

  /** Adds a bar when it is due. A frame is only asked for then: each one costs a page something. @param {LevelMeter} meter */
  schedule(meter) {
    const wait = this.calm.matches ? CALM_STEP_MS : STEP_MS;
    this.timer = setTimeout(() => (this.frame = requestAnimationFrame(() => this.tick(meter))), wait);
  }

  /** @param {LevelMeter} meter */
  tick(meter) {
    this.schedule(meter);
    const level = loudness(meter.decibels());
    const still = level === 0 && !this.levels.some((past) => past > 0);
    this.levels.unshift(level);
    this.levels.length = Math.min(this.levels.length, 400);
    if (!still) this.draw();
  }

  draw() {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    context.fillStyle = getComputedStyle(canvas).color; // the voice's own hue, from the style sheet
    const count = Math.floor(width / (BAR + GAP));
    context.beginPath();
    for (let bar = 0; bar < count; bar++) {
      const size = Math.max(BAR, (this.levels[bar] ?? 0) * height);
      const offset = bar * (BAR + GAP);
      const x = this.towards === "right" ? offset : width - offset - BAR;
      context.roundRect(x, (height - size) / 2, BAR, size, BAR / 2);
    }
    context.fill();
  }
}

/** @param {number} decibels @returns {number} from 0 (below -54 dBFS) to 1 (-6 dBFS and above) */
function loudness(decibels) {
  return Math.min(1, Math.max(0, (decibels + 54) / 48));
}
