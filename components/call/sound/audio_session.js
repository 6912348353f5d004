/** How often a call's sound is looked at: some systems take it away, or give it back, without any event. */
const INTERVAL_MS = 1_000;
/** How many looks in a row may find no sound before the user is asked for a tap. */
const PATIENCE = 2;
/** How long the clock of a running context may stand still, by that of the page's frames. */
const STANDSTILL_MS = 700;

/**
 * Keeps a page audible. Systems take sound away (a phone call, Siri, another app), and browsers refuse it without a tap.
 * When it may come back, it is resumed; where that is refused, a tap is asked for. A context that says it runs while its
 * clock stands still, as in Safari after a phone call, is replaced by a new one.
 */
export class AudioSession {
  /**
   * @param {object} options
   * @param {import("./speaker.js").Speaker} options.speaker plays the voice of the AI
   * @param {(blocked: boolean) => void} options.onBlocked sound needs a tap, see `unblock`; or no longer
   * @param {(context: AudioContext) => void} options.onReplaced the call goes on with another context
   * @param {() => void} options.onReturned sound is back after an interruption; the microphone may not be
   */
  constructor({ speaker, onBlocked, onReplaced, onReturned }) {
    this.speaker = speaker;
    this.onBlocked = onBlocked;
    this.onReplaced = onReplaced;
    this.onReturned = onReturned;
    /** @type {AudioContext | null} */
    this.context = null;
    this.hasFailed = false; // whether the context was interrupted: the next call gets another one
    /** @type {AbortController | null} ends the watch over a call */
    this.watch = null;
    this.interrupted = this.blocked = this.tapped = false;
    this.misses = 0; // looks in a row that found no sound
    this.clock = { context: 0, page: 0 }; // both in their own units, when the context's was last seen moving
  }

  /** Returns a running context; to be called inside a click, or Safari stays silent. */
  wake() {
    if (!this.context || this.hasFailed) this.replaceContext();
    this.resume();
    return /** @type {AudioContext} */ (this.context);
  }

  /** A call begins, inside a click: sound may start now, so that later sound may, too. @param {import("./devices.js").Sound} sound */
  begin(sound) {
    const context = this.wake();
    this.speaker.prepare(sound, context.createMediaStreamDestination().stream);
    this.watch?.abort();
    this.watch = new AbortController();
    this.interrupted = this.tapped = false;
    this.misses = 0;
    this.noteClock();
    const { signal } = this.watch;
    const timer = setInterval(() => this.look(), INTERVAL_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    for (const name of ["focus", "pageshow"]) window.addEventListener(name, () => this.resume(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.resume(), { signal });
    this.speaker.onPaused = () => this.interrupt();
    return context;
  }

  /** Watches a call's microphone: the system mutes it for the time of an interruption. @param {MediaStream} stream */
  listenTo(stream) {
    const signal = this.watch?.signal; // Chromium keeps the tracks of past calls, which nobody watches any more
    for (const track of stream.getTracks()) track.addEventListener("unmute", () => this.interrupt(), { signal });
  }

  /** Plays what was refused; to be called inside a click. A second one tries a new context. */
  unblock() {
    if (this.tapped) this.replaceContext();
    this.tapped = true;
    this.resume();
  }

  /** The call is over. */
  end() {
    this.watch?.abort();
    this.watch = null;
    this.speaker.onPaused = () => {};
    this.speaker.stop();
    this.context?.suspend().catch(() => {}); // refused during a phone call
    this.setBlocked(false);
  }

  close() {
    this.end();
    this.context?.close().catch(() => {});
  }

  /** The system has taken the sound away, or gives it back. */
  interrupt() {
    if (!this.watch) return;
    this.interrupted = true;
    this.resume();
  }

  resume() {
    if (this.context?.state !== "running") this.context?.resume().catch(() => {}); // the next look tells
    if (this.watch) this.speaker.resume();
  }

  /** Looks whether there is sound, and tries to get it back if not. */
  look() {
    if (!this.isAudible()) return this.miss();
    this.misses = 0;
    this.tapped = false;
    this.setBlocked(false);
    if (!this.interrupted) return;
    this.interrupted = false;
    this.onReturned();
  }

  miss() {
    this.misses++;
    this.hasFailed = true;
    this.resume();
    if (this.misses === PATIENCE && this.context?.state === "running" && !this.speaker.isPaused) this.replaceContext();
    if (this.misses < PATIENCE) return;
    this.interrupted = true;
    this.setBlocked(true);
  }

  isAudible() {
    const { context, clock, speaker } = this;
    if (context?.state !== "running" || speaker.isPaused) return false;
    const stands = context.currentTime === clock.context;
    if (!stands) this.noteClock();
    return !stands || pageTime() - clock.page < STANDSTILL_MS;
  }

  noteClock() {
    this.clock = { context: this.context?.currentTime ?? 0, page: pageTime() };
  }

  replaceContext() {
    const before = this.context;
    const context = (this.context = new AudioContext());
    this.hasFailed = false;
    context.addEventListener("statechange", () => this.context === context && this.follow(context.state));
    this.noteClock();
    if (this.watch) this.onReplaced(context);
    before?.close().catch(() => {});
  }

  /** @param {string} state Safari also knows `interrupted` */
  follow(state) {
    if (!this.watch) return;
    if (state === "running" && this.blocked && !this.speaker.isPaused) this.setBlocked(false);
    if (state === "running" || state === "closed") return;
    this.hasFailed = true;
    this.interrupt();
  }

  /** @param {boolean} blocked */
  setBlocked(blocked) {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.onBlocked(blocked);
  }
}

/** Milliseconds on the clock of the page's frames, which stands still while the page is hidden. */
function pageTime() {
  return Number(document.timeline.currentTime);
}
