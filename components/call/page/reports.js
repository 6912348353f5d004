import { ForwardedEvents, joined } from "./forwarded_events.js";
import { Outbox } from "./outbox.js";

const BATCH_MS = 16; // at first; Python asks for longer ones when it has much to do, see batch_interval.py
/**
 * How long the reports of a call that is being placed are held: each has Python update the page, and a ticket that is
 * asked for meanwhile waits. Most calls are live by then; others show where they are.
 */
const PLACING_MS = 300;

/** @typedef {import("lifecycle").CallState} CallState */
/** @typedef {import("ladder").RungReport} RungReport */

/** Reports of the browser to Python about its calls, see reports.py: states, rungs of the ladder, and the protocol's events. */
export class Reports {
  /** @param {(message: import("./outbox.js").Message) => void} deliver */
  constructor(deliver) {
    this.outbox = new Outbox(deliver, BATCH_MS);
    this.events = new ForwardedEvents();
  }

  /**
   * Reports a state at once, unless it is one of a call that is being placed.
   * @param {CallState} state
   * @param {import("failure").CallFailure} [failure]
   * @param {string} [call] the service's id of the call, by which Python can hang up
   */
  state(state, failure, call) {
    const { code, detail, at } = failure ?? { at: performance.now() };
    if (state === "preparing") this.outbox.hold(PLACING_MS);
    this.outbox.add({ kind: "state", state, at, failure: failure && { code, detail }, call });
    if (state !== "preparing" && state !== "connecting") this.outbox.flush();
  }

  /** Reports that somebody is there. */
  life() {
    this.outbox.add({ kind: "life" });
  }

  /** @param {RungReport} rung */
  rung(rung) {
    this.outbox.add({ kind: "rung", ...rung });
  }

  /** @returns {object[]} the events of which it is not known whether Python has them */
  undelivered() {
    return this.outbox.kept.filter((report) => "event" in report);
  }

  /**
   * Reports an event, without its sound. Words that wait for the same message become one event.
   * @param {RealtimeEvent} event
   * @param {"received" | "sent"} direction
   */
  event(event, direction) {
    const report = { kind: "event", at: performance.now(), direction, event: this.events.strip(event, direction) };
    const latest = /** @type {Partial<typeof report> | undefined} */ (this.outbox.latest);
    const both = latest?.event && latest.direction === direction && joined(latest.event, report.event);
    if (both) this.outbox.latest = { ...latest, event: both };
    else this.outbox.add(report);
    return report;
  }
}
