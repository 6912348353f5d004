import { CallFailure } from "./failure.js";

/** How long before the end of the service's session the call is renewed, or less, if the session is short. */
const RENEWAL_MS = 5 * 60_000;
/** The pause after an attempt that failed. */
const PAUSE_MS = 10_000;

/**
 * @typedef {object} RenewalOptions
 * @property {() => boolean} isPause whether the call is live, and nobody speaks or is about to
 * @property {() => import("./connection.js").Connection} connect makes a connection that stands by
 * @property {(next: import("./connection.js").Connection) => Promise<void>} open
 * @property {(next: import("./connection.js").Connection) => void} takeOver the call goes on by it
 * @property {(failure: CallFailure) => void} onLost the call broke, and no connection replaces the one it had
 */

/**
 * Renews a call in a pause before the service ends its session: by a connection that takes over once it is ready, unless
 * anything was said meanwhile, of which it would know nothing.
 */
export class Renewal {
  /** @param {RenewalOptions} options */
  constructor(options) {
    this.options = options;
    this.at = Infinity; // from when on, on the clock of performance.now()
    /** @type {number | undefined} */
    this.timer = undefined;
    this.events = 0; // how many the call sent and received
    /** @type {import("./connection.js").Connection | undefined} that is to take over */
    this.next = undefined;
    /** @type {CallFailure | undefined} how the call broke meanwhile */
    this.lost = undefined;
  }

  /** Takes note when the service ends the session. @param {number} expiresAt in Unix seconds */
  noteExpiry(expiresAt) {
    const left = expiresAt * 1000 - Date.now();
    this.at = performance.now() + left - Math.min(RENEWAL_MS, left / 4);
  }

  /** Takes note of an event that the call sent or received. */
  noteEvent() {
    this.events++;
  }

  /** Sets the timer: there may be no events when the time has come. */
  plan() {
    clearTimeout(this.timer);
    const wait = this.at - performance.now();
    if (wait < 2 ** 31) this.timer = setTimeout(() => this.becomeDue(), Math.max(0, wait));
  }

  /** Browsers cut off the fraction of a timer's milliseconds, so it may come too early. */
  becomeDue() {
    if (performance.now() < this.at) this.plan();
    else this.renewInPause();
  }

  async renewInPause() {
    const { options, events } = this;
    if (this.next || performance.now() < this.at || !options.isPause()) return;
    const next = (this.next = options.connect());
    try {
      await options.open(next);
    } catch {
      this.at = performance.now() + PAUSE_MS;
    }
    if (this.next !== next) return; // stopped
    const { lost } = this;
    this.next = this.lost = undefined;
    if (next.isOpen && (lost || (options.isPause() && this.events === events))) return options.takeOver(next);
    next.close(new CallFailure("unknown", "not needed"));
    if (lost) options.onLost(lost);
    else this.plan();
  }

  /**
   * Takes note that the call broke. Parley ends a guest's call when it places the next one, which then takes over.
   * @param {CallFailure} failure
   * @returns {boolean} whether another connection may replace the one that is lost
   */
  lose(failure) {
    if (!this.next || failure.code !== "channel_closed") return false;
    this.lost = failure;
    return true;
  }

  /** Forgets the session: the call has left it. @param {CallFailure} reason */
  stop(reason) {
    clearTimeout(this.timer);
    this.at = Infinity;
    this.next?.close(reason);
    this.next = this.lost = undefined;
  }
}
