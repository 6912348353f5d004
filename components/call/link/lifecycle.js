/** @typedef {"idle" | "preparing" | "connecting" | "live" | "recovering" | "ended"} CallState */

/** Which state may follow which. @type {Record<CallState, CallState[]>} */
const NEXT = {
  idle: ["preparing"],
  preparing: ["connecting", "ended"],
  connecting: ["live", "ended"],
  live: ["recovering", "ended"],
  recovering: ["live", "ended"],
  ended: [],
};

/** The state that a call is in, and who waits for it to be live. */
export class Lifecycle {
  /** @param {(state: CallState, failure?: import("./failure.js").CallFailure) => void} onState */
  constructor(onState) {
    this.onState = onState;
    /** @type {CallState} */
    this.state = "idle";
    /** @type {(() => void)[]} who waits until the call is live or has ended */
    this.waiting = [];
  }

  /** @param {CallState} state @param {import("./failure.js").CallFailure} [failure] */
  enter(state, failure) {
    if (!NEXT[this.state].includes(state)) throw new Error(`A call that is ${this.state} cannot become ${state}.`);
    this.state = state;
    this.onState(state, failure);
    if (this.isSettled) for (const resolve of this.waiting.splice(0)) resolve();
  }

  get isSettled() {
    return this.state === "live" || this.state === "ended";
  }

  /** Whether there is a call: it has been placed and not ended. */
  get isOngoing() {
    return this.state !== "idle" && this.state !== "ended";
  }

  /** @returns {Promise<void>} resolves when the call is live or has ended */
  async settled() {
    if (!this.isSettled) await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
  }
}
