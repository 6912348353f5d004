import { Connection } from "./connection.js";
import { within } from "./failure.js";
import { Recovery, reconnect } from "./recovery.js";
import { Renewal } from "./renewal.js";

/** How long one attempt to recover a call may take. */
const RECOVERY_ATTEMPT_MS = 6_000;
/** How long an attempt to renew a call may take: nobody waits for it, and after it a guest's call would have to recover. */
const RENEWAL_ATTEMPT_MS = 15_000;

/** @typedef {import("./failure.js").CallFailure} CallFailure */
/** @typedef {"auto" | import("route").TransportName} TransportChoice */

/**
 * @typedef {object} ConnectionsOwner
 * @property {AbortSignal} signal aborts when the call ends
 * @property {() => boolean} isPause whether the call is live, and nobody speaks or is about to
 * @property {(next: Connection) => void} takeOver the call goes on by a connection that stood by
 */

/** The connections of one call, one after the other: each carries the call until it is lost, or its session ends. */
export class Connections {
  /** @param {import("./connection.js").ConnectionOptions} options @param {ConnectionsOwner} owner */
  constructor(options, { signal, isPause, takeOver }) {
    this.options = options;
    this.signal = signal;
    /** @type {Connection | undefined} by which the call goes on */
    this.current = undefined;
    /** @type {string | undefined} where the ticket of the one before led */
    this.service = undefined;
    this.recovery = new Recovery(options.transport);
    this.renewal = new Renewal({
      isPause,
      connect: () => this.make(this.recovery.transport(), { standsBy: true }),
      open: (next) => this.open(next, RENEWAL_ATTEMPT_MS),
      takeOver,
      onLost: options.onLost,
    });
  }

  /** Makes a connection by which the call goes on. @param {TransportChoice} transport */
  next(transport) {
    return (this.current = this.make(transport));
  }

  /** @param {TransportChoice} transport @param {{ standsBy?: boolean }} [state] */
  make(transport, state) {
    return new Connection({ ...this.options, transport }, state);
  }

  /** @param {Connection} connection @param {number} ms how long it may take */
  async open(connection, ms = RECOVERY_ATTEMPT_MS) {
    const opened = connection.open(connection.takeTicket());
    await within(opened, { ms, code: "network_timeout", signal: this.signal });
  }

  /** Takes note that the call is live by the current connection. */
  noteLive() {
    if (this.current) this.recovery.connected(this.current.route.kind, performance.now());
    this.renewal.plan();
  }

  /**
   * Attempts to continue the call, whose connection was lost, until that succeeds or the call ends.
   * @param {CallFailure} loss
   * @param {{ isDone: () => boolean, attempt: (transport: TransportChoice) => Promise<void> }} options
   * @throws {CallFailure} why there is no further attempt
   */
  recover(loss, options) {
    return reconnect(this.recovery, loss, { ...options, service: this.service, signal: this.signal });
  }

  /** Closes the current connection, and one that stands by. @param {CallFailure} reason */
  close(reason) {
    this.renewal.stop(reason);
    this.service = this.current?.url;
    this.current?.close(reason);
  }

  /** @param {RealtimeEvent} event @returns {RealtimeEvent | undefined} the error by which the service would refuse it */
  send(event) {
    this.renewal.noteEvent();
    return this.current?.send(event);
  }

  /** @param {RealtimeEvent} event of the service */
  receive(event) {
    this.renewal.noteEvent();
    if (event.type === "session.created" && event.session?.expires_at) this.renewal.noteExpiry(event.session.expires_at);
  }
}
