import { Route } from "route";
import { CallFailure } from "./failure.js";
import { Ladder } from "./ladder.js";

/**
 * @typedef {object} ConnectionOptions
 * @property {AudioContext} context
 * @property {"auto" | import("route").TransportName} transport
 * @property {(transport: import("route").TransportName) => Promise<import("tickets").Ticket>} requestTicket
 * @property {(report: import("./ladder.js").RungReport) => void} onRung
 * @property {(event: RealtimeEvent) => void} onEvent
 * @property {(stream: MediaStream) => void} onRemoteStream
 * @property {(unsteady: boolean) => void} onUnsteady
 * @property {(failure: CallFailure) => void} onLost
 */

/**
 * One connection of a call to the service. A call that is recovered has several, one after the other. One that is
 * closed reports nothing any more, however late its events come.
 */
export class Connection {
  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.options = options;
    this.closed = false;
    this.ending = new AbortController();
    const { signal } = this.ending;
    this.ladder = new Ladder((report) => this.closed || options.onRung(report), signal);
    /** @type {RealtimeEvent[]} client events that tell the service what was said before */
    this.seeds = [];
    /** @type {(value?: unknown) => void} */
    this.onSession = () => {};
    this.session = new Promise((resolve) => (this.onSession = resolve));
    this.route = new Route(
      {
        ladder: this.ladder,
        context: options.context,
        signal,
        onEvent: (event) => this.receive(event),
        onRemoteStream: (stream) => this.closed || options.onRemoteStream(stream),
        onUnsteady: (unsteady) => this.closed || options.onUnsteady(unsteady),
        onLost: (failure) => this.closed || options.onLost(failure),
      },
      options.transport,
      (transport) => this.requestTicket(transport),
    );
  }

  /** @returns {Promise<import("tickets").Ticket>} */
  takeTicket() {
    return this.ladder.climb("key", this.requestTicket(this.route.kind));
  }

  /**
   * @param {Promise<import("tickets").Ticket>} ticket
   * @returns {Promise<void>} resolves when the service has opened the session
   */
  async open(ticket) {
    await this.route.connect(ticket);
    await this.ladder.climb("session", this.session);
  }

  /** @param {CallFailure} reason */
  close(reason) {
    if (this.closed) return;
    this.closed = true;
    this.ending.abort(reason);
    this.route.close();
  }

  /** @param {import("route").TransportName} kind */
  async requestTicket(kind) {
    const ticket = await this.options.requestTicket(kind);
    this.seeds = ticket.seeds;
    return ticket;
  }

  /** @param {RealtimeEvent} event */
  receive(event) {
    if (this.closed) return;
    this.options.onEvent(event);
    if (event.type === "session.created") this.onSession();
  }
}
