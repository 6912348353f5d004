import { LevelMeter } from "level";

/** @typedef {"user" | "assistant"} Speaker */
/** @typedef {"still" | "open" | "thinking" | "muted"} Mood what a voice does besides sounding */

const POINTS = 48; // of an outline
const LAYERS = [
  { size: 1, alpha: 0.2, turn: 0 },
  { size: 0.84, alpha: 0.3, turn: 1.7 },
  { size: 0.66, alpha: 0.5, turn: 3.9 },
];
const LISTEN_MS = 80; // between two looks at the levels while nobody speaks
const CALM_MS = 400; // between two pictures with prefers-reduced-motion
const AUDIBLE = 0.004; // below it, a voice is at rest

/** On which side a voice is. */
const SIDES = /** @type {const} */ ({ user: -1, assistant: 1 });

/**
 * The picture of the two voices: two soft shapes that overlap, one for each. The one that speaks grows and ripples, the
 * other leans towards it. Nothing moves unless somebody speaks, and then as long as it takes to come to rest.
 */
export class VoicesPicture {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.voices = { user: new Voice("--you"), assistant: new Voice("--ai") };
    this.isLive = false;
    this.frame = 0;
    this.redraw = 0;
    this.timer = 0;
    this.shownAt = 0;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.dark = window.matchMedia("(prefers-color-scheme: dark)");
    this.removal = new AbortController();
    this.dark.addEventListener("change", () => this.drawSoon(), { signal: this.removal.signal });
    this.resized = new ResizeObserver(() => this.fit() && this.draw());
    this.resized.observe(canvas);
    this.themed = new MutationObserver(() => this.drawSoon());
    this.themed.observe(document.body, { attributeFilter: ["class"] });
  }

  /** @param {Speaker} speaker @param {AudioContext} context @param {MediaStream} stream */
  follow(speaker, context, stream) {
    const voice = this.voices[speaker];
    voice.meter?.close();
    voice.meter = new LevelMeter(context, stream);
    this.listen();
  }

  /** @param {boolean} isLive @param {Record<Speaker, Mood>} moods */
  show(isLive, moods) {
    this.isLive = isLive;
    for (const speaker of /** @type {Speaker[]} */ (["user", "assistant"])) this.voices[speaker].mood = moods[speaker];
    if (!this.frame) this.drawSoon();
  }

  /** Stops following the voices, and draws them at rest. */
  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const voice of Object.values(this.voices)) voice.rest();
    this.draw();
  }

  remove() {
    this.stop();
    cancelAnimationFrame(this.redraw);
    this.removal.abort();
    this.resized.disconnect();
    this.themed.disconnect();
  }

  /** Waits for a voice, without asking for frames: each one costs a page something. */
  listen() {
    clearTimeout(this.timer);
    if (this.frame) return;
    const wait = this.calm.matches ? CALM_MS : LISTEN_MS;
    this.timer = setTimeout(() => {
      if (Object.values(this.voices).some((voice) => voice.hears())) {
        this.shownAt = performance.now();
        this.frame = requestAnimationFrame((now) => this.move(now));
      } else if (Object.values(this.voices).some(({ meter }) => meter)) this.listen();
    }, wait);
  }

  /** @param {number} now milliseconds */
  move(now) {
    this.frame = 0;
    const seconds = Math.min(0.05, Math.max(0, (now - this.shownAt) / 1000));
    this.shownAt = now;
    let moving = false;
    for (const voice of Object.values(this.voices)) moving = voice.advance(seconds, this.calm.matches) || moving;
    this.draw();
    if (moving && !this.calm.matches) this.frame = requestAnimationFrame((next) => this.move(next));
    else this.listen();
  }

  /** Draws once with the next frame, however often the page changes before it. */
  drawSoon() {
    this.redraw ||= requestAnimationFrame(() => {
      this.redraw = 0;
      this.draw();
    });
  }

  /** Gives the canvas as many pixels as it has on the screen. @returns {boolean} whether it had others */
  fit() {
    const { canvas } = this;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.round(length * ratio));
    if (canvas.width === width && canvas.height === height) return false;
    Object.assign(canvas, { width, height });
    return true;
  }

  draw() {
    this.fit();
    const { canvas } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = canvas.getContext("2d");
    if (!context || !width || !height) return;
    context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
    context.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    const isDark = style.colorScheme.includes("dark");
    context.globalCompositeOperation = isDark ? "screen" : "source-over";
    const radius = Math.min(width / 4.2, height / 2.9);
    const { user, assistant } = this.voices;
    for (const [speaker, voice, other] of /** @type {[Speaker, Voice, Voice][]} */ ([
      ["user", user, assistant],
      ["assistant", assistant, user],
    ])) {
      const apart = radius * (0.56 + 0.1 * voice.level - 0.16 * other.level);
      const x = width / 2 + SIDES[speaker] * apart;
      context.strokeStyle = style.getPropertyValue(voice.hue);
      voice.draw(context, x, height / 2, radius, SIDES[speaker], this.isLive ? 1 : 0.62);
    }
  }
}

/** One of the two shapes. */
class Voice {
  /** @param {string} hue the name of its colour in the style sheet */
  constructor(hue) {
    this.hue = hue;
    this.level = 0; // from 0 to 1, as it is shown
    this.phase = 0; // of the ripples
    /** @type {Mood} */
    this.mood = "still";
    /** @type {LevelMeter | null} */
    this.meter = null;
  }

  hears() {
    return this.heard() > AUDIBLE || this.level > AUDIBLE;
  }

  /** @returns {number} how loud it is now, from 0 (below -50 dBFS) to 1 (-8 dBFS and above) */
  heard() {
    if (!this.meter || this.mood === "muted") return 0;
    return Math.min(1, Math.max(0, (this.meter.decibels() + 50) / 42));
  }

  /** Comes closer to what is heard: quickly to louder, slowly to softer. @param {number} seconds @param {boolean} calm */
  advance(seconds, calm) {
    const heard = this.heard();
    const speed = heard > this.level ? 14 : 4.5;
    this.level += (heard - this.level) * (calm ? 1 : 1 - Math.exp(-speed * seconds));
    if (this.level < AUDIBLE && heard < AUDIBLE) this.level = 0;
    if (!calm) this.phase += seconds * (0.5 + 2.6 * this.level) * Math.min(1, this.level * 6);
    return this.level > 0;
  }

  rest() {
    this.meter?.close();
    this.meter = null;
    this.level = 0;
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius
   * @param {number} side @param {number} alpha
   */
  draw(context, x, y, radius, side, alpha) {
    const { level, phase } = this;
    const size = radius * (this.mood === "thinking" ? 0.8 : 0.86) * (1 + 0.3 * level);
    const hue = String(context.strokeStyle); // as #rrggbb
    const glow = context.createRadialGradient(x - side * 0.3 * size, y - 0.35 * size, 0.1 * size, x, y, 1.25 * size);
    glow.addColorStop(0, hue);
    glow.addColorStop(1, `${hue}55`);
    context.fillStyle = glow;
    for (const layer of LAYERS) {
      const ripple = 0.02 + 0.11 * level;
      context.beginPath();
      for (let point = 0; point < POINTS; point++) {
        const angle = (point / POINTS) * 2 * Math.PI;
        const wave =
          Math.sin(2 * angle + side * (phase + layer.turn)) +
          0.7 * Math.sin(3 * angle - side * (1.3 * phase + 2 * layer.turn)) +
          0.4 * level * Math.sin(5 * angle + side * 2.1 * phase + layer.turn);
        const reach = size * layer.size * (1 + ripple * wave);
        const [px, py] = [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
        if (point) context.lineTo(px, py);
        else context.moveTo(px, py);
      }
      context.closePath();
      if (this.mood === "muted") {
        context.globalAlpha = alpha * 0.6;
        context.lineWidth = 1.5;
        context.setLineDash([3, 5]);
        context.stroke();
        context.setLineDash([]);
        break;
      }
      context.globalAlpha = alpha * (layer.alpha + 0.12 * level);
      context.fill();
    }
    context.globalAlpha = 1;
  }
}
