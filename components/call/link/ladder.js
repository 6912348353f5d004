import { CallFailure, within } from "./failure.js";

/** @typedef {"microphone" | "key" | "offer" | "network" | "relay" | "channel" | "session"} Rung */

/** @type {Record<Rung, { ms: number, code: string }>} How long each rung may take, and what its silence means. */
const BOUNDS = {
  microphone: { ms: 60_000, code: "microphone_timeout" }, // a person may be reading the permission prompt
  key: { ms: 15_000, code: "ticket_timeout" },
  offer: { ms: 15_000, code: "provider_timeout" },
  network: { ms: 10_000, code: "network_timeout" }, // ICE alone says `failed` after 15 s, or never
  relay: { ms: 10_000, code: "relay_timeout" },
  channel: { ms: 5_000, code: "channel_timeout" },
  session: { ms: 5_000, code: "session_timeout" },
};

/** Climbs the rungs of a call, each bounded and timed, and reports how far it has come. */
export class Ladder {
  /**
   * @param {(report: { rung: Rung, state: string, ms?: number, failure?: { code: string, detail: string } }) => void} report
   * @param {AbortSignal} signal ends every rung at once when the call is hung up
   */
  constructor(report, signal) {
    this.report = report;
    this.signal = signal;
  }

  /**
   * @template T
   * @param {Rung} rung
   * @param {Promise<T>} step
   * @param {{ ms: number, code: string }} [bounds] others than usual
   * @returns {Promise<T>}
   */
  async climb(rung, step, bounds = BOUNDS[rung]) {
    const start = performance.now();
    this.report({ rung, state: "active" });
    try {
      const result = await within(step, { ...bounds, signal: this.signal });
      this.report({ rung, state: "done", ms: performance.now() - start });
      return result;
    } catch (error) {
      if (this.signal.aborted) throw error;
      const { code, detail } = CallFailure.from(error);
      this.report({ rung, state: "failed", ms: performance.now() - start, failure: { code, detail } });
      throw error;
    }
  }
  /** These rungs are not on the way. @param {Rung[]} rungs */
  skip(...rungs) {
    for (const rung of rungs) this.report({ rung, state: "skipped" });
  }
}
