/** How long before its end a call that may be forgotten warns; a quarter of the limit, if that is shorter. */
const LONGEST_WARNING_MS = 60_000;
const CHECK_MS = 1_000;

/**
 * @typedef {object} IdleWatchOptions
 * @property {() => boolean} isUserTalking whether the user speaks, or holds the turn
 * @property {() => boolean} isAnswerHeard whether an answer sounds
 * @property {() => void} onLife somebody is there; called a few times per limit, so that Python knows it, too
 * @property {(seconds: number) => void} onWarning how soon the call hangs up; 0 takes the warning back
 * @property {() => void} onForgotten
 * @property {() => number} [now] the wall clock in milliseconds, which goes on while the computer sleeps
 */

/**
 * Watches whether a call is forgotten: whether nobody has spoken, pressed a key or touched the page for longer than the
 * limit. An answer that sounds is no silence, unless the service began it because of the silence.
 */
export class IdleWatch {
  /** @param {IdleWatchOptions} options */
  constructor({ isUserTalking, isAnswerHeard, onLife, onWarning, onForgotten, now = Date.now }) {
    this.isUserTalking = isUserTalking;
    this.isAnswerHeard = isAnswerHeard;
    this.onLife = onLife;
    this.onWarning = onWarning;
    this.onForgotten = onForgotten;
    this.now = now;
    this.limit = 0; // milliseconds; 0 is never
    this.lifeAt = 0; // when somebody was last known to be there
    this.toldAt = 0; // when onLife was last called
    this.checkedAt = 0;
    this.isNudge = false; // whether the service speaks only because of the silence
    this.warned = 0; // the seconds that the latest warning told
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {AbortController | undefined} */
    this.listening = undefined;
  }

  /** @param {number} seconds without life after which the call is forgotten; 0 is never */
  setLimit(seconds) {
    this.limit = seconds * 1000;
    if (!this.listening) return;
    this.setTimer();
    this.noteLife(); // somebody has changed it
  }

  /** Begins to watch; the call is live. Does nothing if it watches already. */
  start() {
    if (this.listening) return;
    this.checkedAt = this.now();
    this.noteUser();
    this.listening = new AbortController();
    const { signal } = this.listening;
    const options = { signal, capture: true, passive: true };
    for (const kind of ["keydown", "pointerdown"]) window.addEventListener(kind, () => this.noteUser(), options);
    for (const kind of ["focus", "online"]) window.addEventListener(kind, () => this.check(), options);
    document.addEventListener("visibilitychange", () => this.check(), options);
    this.setTimer();
  }

  stop() {
    this.listening?.abort();
    this.listening = undefined;
    clearInterval(this.timer);
    this.warn(0);
  }

  setTimer() {
    clearInterval(this.timer);
    if (this.limit) this.timer = setInterval(() => this.check(), Math.min(CHECK_MS, this.limit / 10));
    else this.warn(0);
  }

  /** Whether nobody has been there for longer than the limit. */
  get isForgotten() {
    return Boolean(this.listening && this.limit) && this.now() - this.lifeAt >= this.limit;
  }

  /** @param {RealtimeEvent} event of the service */
  receive({ type }) {
    if (type === "input_audio_buffer.timeout_triggered") this.isNudge = true;
    else if (type === "input_audio_buffer.speech_started") this.noteUser();
    else if (/^(response|output_audio_buffer)\./.test(type) && !this.isNudge) this.noteLife();
  }

  /** Takes note that the user speaks, presses a key or touches the page. */
  noteUser() {
    if (this.isForgotten) return this.check(); // too late
    this.isNudge = false;
    this.noteLife();
  }

  noteLife() {
    const now = this.now();
    this.lifeAt = now;
    this.warn(0);
    if (now - this.toldAt < (this.limit || LONGEST_WARNING_MS) / 10) return;
    this.toldAt = now;
    this.onLife();
  }

  check() {
    const slept = this.now() - this.checkedAt > this.limit; // the computer, or this tab
    this.checkedAt = this.now();
    if (!this.limit || !this.listening) return;
    const isHeard = !slept && this.isAnswerHeard();
    if (!slept && this.isUserTalking()) this.noteUser();
    else if (isHeard && !this.isNudge) this.noteLife();
    const left = this.lifeAt + this.limit - this.now();
    if (left <= 0 && !isHeard) this.onForgotten();
    else if (left <= Math.min(LONGEST_WARNING_MS, this.limit / 4)) this.warn(Math.max(1, Math.round(left / 1000)));
  }

  /** @param {number} seconds */
  warn(seconds) {
    if (seconds === this.warned || (this.warned && seconds && !isStep(seconds))) return;
    this.warned = seconds;
    this.onWarning(seconds);
  }
}

/** Whether a countdown tells this number: screen readers read every change. @param {number} seconds */
function isStep(seconds) {
  return seconds <= 5 || seconds % 10 === 0;
}
