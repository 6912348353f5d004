import { CallFailure, within } from "./failure.js";

/** @typedef {"microphone" | "key" | "offer" | "network" | "relay" | "channel" | "session"} Rung */
/** @typedef {{ ms: number, code: string }} Bounds how long a rung may take, and the failure's code when it takes longer */

/**
 * @typedef {object} RungReport
 * @property {Rung} rung
 * @property {"active" | "done" | "failed" | "skipped"} state
 * @property {number} [at] when it began, on the clock of performance.now()
 * @property {number} [ms] how long it took
 * @property {{ code: string, detail: string }} [failure]
 */

/** @type {Record<Rung, Bounds>} */
const BOUNDS = {
  microphone: { ms: 60_000, code: "microphone_timeout" }, // a person may be reading the permission prompt
  key: { ms: 15_000, code: "ticket_timeout" },
  offer: { ms: 15_000, code: "provider_timeout" },
  network: { ms: 10_000, code: "network_timeout" }, // ICE alone reports `failed` after 15 s, or never
  relay: { ms: 10_000, code: "relay_timeout" },
  channel: { ms: 5_000, code: "channel_timeout" },
  session: { ms: 5_000, code: "session_timeout" },
};

/** Climbs the rungs from the press of the button to a live call. Each rung is bounded, timed and reported. */
export class Ladder {
  /**
   * @param {(report: RungReport) => void} report
   * @param {AbortSignal} signal ends every rung at once when the call ends
   */
  constructor(report, signal) {
    this.report = report;
    this.signal = signal;
  }

  /**
   * @template T
   * @param {Rung} rung
   * @param {Promise<T>} step
   * @param {Bounds} [bounds]
   * @returns {Promise<T>}
   */
  async climb(rung, step, bounds = BOUNDS[rung]) {
    const at = performance.now();
    this.report({ rung, state: "active", at });
    try {
      const result = await within(step, { ...bounds, signal: this.signal });
      this.report({ rung, state: "done", at, ms: performance.now() - at });
      return result;
    } catch (error) {
      if (this.signal.aborted) throw error;
      const { code, detail } = CallFailure.from(error);
      this.report({ rung, state: "failed", at, ms: performance.now() - at, failure: { code, detail } });
      throw error;
    }
  }

  /** Reports rungs that this call does not need. @param {Rung[]} rungs */
  skip(...rungs) {
    for (const rung of rungs) this.report({ rung, state: "skipped" });
  }
}
