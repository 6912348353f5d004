import { CallFailure, within } from "./failure.js";
import { networkIsBack } from "./network.js";

/** How long a call is reconnected before it gives up. */
const GIVE_UP_MS = 5 * 60_000;
/** The pause before the second attempt; each pause is twice as long as the one before, up to `LONGEST_PAUSE_MS`. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_500; // a call must go on within 2 s of the network's return
/** A connection that held this long worked, so that its loss says nothing against its transport. */
const STEADY_MS = 30_000;
/** How often in a row a call may break before it was steady. Then its service ends it on purpose. */
const MOST_BREAKS = 4;

/** How a live call breaks without anybody's will. */
const LOSSES = ["connection_lost", "page_offline", "channel_closed", "session_expired"];

/** How an attempt fails because of the network, or because the service or Parley is restarting. */
const PASSING = [
  ...LOSSES,
  "network_failed",
  "network_timeout",
  "network_blocked",
  "relay_unreachable",
  "relay_timeout",
  "channel_timeout",
  "session_timeout",
  "provider_unreachable",
  "provider_timeout",
  "server_lost",
  "ticket_timeout",
  "ticket_invalid", // of a Parley that has restarted meanwhile
  "engine_stopped",
  "session_limit_reached", // the service may still count the lost call
  "too_many_tickets", // passes within a minute
  "http_502",
  "http_503",
  "http_504",
];

/** @typedef {import("route").TransportName} TransportName */
/** @typedef {{ wait: number, transport: "auto" | TransportName }} Attempt `wait` in milliseconds */

/** Whether a live call that breaks like this is to be continued. @param {CallFailure | undefined} failure */
export function isLoss(failure) {
  return Boolean(failure && LOSSES.includes(failure.code));
}

/**
 * Decides whether, when, and by which transport a call that broke is placed again. Pure: times are passed in, as
 * milliseconds on any clock.
 */
export class Recovery {
  /** @param {"auto" | TransportName} choice of the user */
  constructor(choice) {
    this.choice = choice;
    /** @type {TransportName | null} the transport of the last connection */
    this.last = null;
    this.failures = 0; // of the last transport, one after the other
    this.attempts = 0; // since the call broke
    this.breaks = 0; // one after the other, none of a steady call
    this.connectedAt = 0;
    this.brokenAt = 0;
  }

  /** Takes note that the call is live. @param {TransportName} transport @param {number} now */
  connected(transport, now) {
    if (transport !== this.last) this.failures = 0;
    this.last = transport;
    this.connectedAt = now;
  }

  /** Takes note that the live call broke. @param {CallFailure} failure @param {number} now */
  broken(failure, now) {
    if (now - this.connectedAt > STEADY_MS) this.failures = this.breaks = 0;
    if (failure.code !== "session_expired") {
      this.failures++;
      this.breaks++;
    }
    this.attempts = 0;
    this.brokenAt = now;
  }

  /**
   * Takes note that an attempt failed. Only a failure on the way to the service says something about the transport.
   * @param {CallFailure} failure
   */
  failed(failure) {
    if (!failure.code.startsWith("ticket_") && failure.code !== "server_lost") this.failures++;
  }

  /**
   * @param {CallFailure} failure the latest
   * @param {number} now
   * @returns {Attempt | CallFailure} the next attempt, or why there is none
   */
  next(failure, now) {
    if (!PASSING.includes(failure.code) || this.breaks > MOST_BREAKS) return failure;
    if (now - this.brokenAt >= GIVE_UP_MS) return new CallFailure("recovery_failed", failure.code);
    const wait = this.attempts ? Math.min(FIRST_PAUSE_MS * 2 ** (this.attempts - 1), LONGEST_PAUSE_MS) : 0;
    this.attempts++;
    return { wait, transport: this.transport() };
  }

  /** How long the call is still recovered before it gives up, in milliseconds. @param {number} now */
  patience(now) {
    return Math.max(0, this.brokenAt + GIVE_UP_MS - now);
  }

  /** @returns {"auto" | TransportName} */
  transport() {
    if (this.choice !== "auto" || !this.last) return this.choice;
    if (this.failures >= 2) {
      this.last = this.last === "webrtc" ? "relay" : "webrtc";
      this.failures = 0;
    }
    return this.last;
  }
}

/**
 * @typedef {object} ReconnectOptions
 * @property {string | undefined} service where the last connection's ticket led
 * @property {AbortSignal} signal aborts when the call ends
 * @property {() => boolean} isDone whether the call needs no further attempt
 * @property {(transport: "auto" | TransportName) => Promise<void>} attempt continues the call by it
 */

/**
 * Attempts to continue a call that broke, until that succeeds or the call ends.
 * @param {Recovery} recovery decides when to try, and by which transport
 * @param {CallFailure} loss how the call broke
 * @param {ReconnectOptions} options
 * @throws {CallFailure} why there is no further attempt
 */
export async function reconnect(recovery, loss, { service, signal, isDone, attempt }) {
  recovery.broken(loss, performance.now());
  let failure = loss;
  while (!isDone()) {
    const next = recovery.next(failure, performance.now());
    if (next instanceof CallFailure) throw next;
    await pause(next.wait, signal);
    if (isDone()) return;
    try {
      const ms = recovery.patience(performance.now());
      await within(networkIsBack(service, signal), { ms, code: "page_offline", signal });
      await attempt(next.transport);
    } catch (error) {
      failure = CallFailure.from(error);
      recovery.failed(failure);
    }
  }
}

/** Waits, but not longer than until the browser is online again, or the call ends. @param {number} ms @param {AbortSignal} signal */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(proceed, ms);
    const listening = new AbortController();
    window.addEventListener("online", proceed, { signal: listening.signal });
    signal.addEventListener("abort", proceed, { signal: listening.signal });
    function proceed() {
      clearTimeout(timer);
      listening.abort();
      resolve(undefined);
    }
  });
}
