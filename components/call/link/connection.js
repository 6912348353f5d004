import { Route } from "route";
import { CallFailure } from "./failure.js";
import { Ladder } from "./ladder.js";

/**
 * @typedef {object} ConnectionOptions
 * @property {AudioContext} context
 * @property {"auto" | import("route").TransportName} transport
 * @property {(transport: import("route").TransportName) => Promise<import("tickets").Ticket>} requestTicket
 * @property {() => import("waiting_peer").Peer} takePeer of the next connection over WebRTC
 * @property {(report: import("./ladder.js").RungReport) => void} onRung
 * @property {(event: RealtimeEvent) => void} onEvent
 * @property {(event: RealtimeEvent) => void} onUnusable
 * @property {(stream: MediaStream) => void} onRemoteStream
 * @property {(unsteady: boolean) => void} onUnsteady
 * @property {(failure: CallFailure) => void} onLost
 */

/**
 * One connection of a call to the service. A call that is recovered or renewed has several, one after the other. One
 * that stands by keeps its reports until the call goes on by it. One that is closed reports nothing any more, however
 * late its events come.
 */
export class Connection {
  /** @param {ConnectionOptions} options @param {{ standsBy?: boolean }} [state] */
  constructor(options, { standsBy = false } = {}) {
    this.options = options;
    this.closed = false;
    this.standsBy = standsBy;
    /** @type {(() => void)[]} */
    this.reports = []; // kept while it stands by
    this.url = ""; // where its ticket leads
    this.isOpen = false; // whether the service has opened the session
    this.ending = new AbortController();
    const { signal } = this.ending;
    this.ladder = new Ladder((rung) => this.report(() => options.onRung(rung)), signal);
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
        takePeer: options.takePeer,
        onEvent: (event) => this.receive(event),
        onUnusable: (event) => this.report(() => options.onUnusable(event)),
        onRemoteStream: (stream) => this.report(() => options.onRemoteStream(stream)),
        onUnsteady: (unsteady) => this.report(() => options.onUnsteady(unsteady)),
        onLost: (failure) => this.report(() => options.onLost(failure)),
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
    this.isOpen = true;
  }

  /** Stands by no longer: the call goes on by it from now on. */
  takeOver() {
    this.standsBy = false;
    for (const report of this.reports.splice(0)) report();
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
    this.url = ticket.url;
    return ticket;
  }

  /**
   * Sends a client event. One that is longer than the other side takes stays here.
   * @param {RealtimeEvent} event
   * @returns {RealtimeEvent | undefined} the error by which the service would refuse it
   */
  send(event) {
    const bytes = new TextEncoder().encode(JSON.stringify(event)).length;
    if (bytes > this.route.longestEvent) return tooLong(event, bytes, this.route.longestEvent);
    this.route.send(event);
  }

  /** @param {RealtimeEvent} event */
  receive(event) {
    this.report(() => this.options.onEvent(event));
    if (event.type === "session.created") this.onSession();
  }

  /** @param {() => void} report */
  report(report) {
    if (this.closed) return;
    if (this.standsBy) this.reports.push(report);
    else report();
  }
}

/** @param {RealtimeEvent} event @param {number} bytes @param {number} longest @returns {RealtimeEvent} */
function tooLong({ type, event_id }, bytes, longest) {
  const message = `${type} has ${bytes} bytes, and this connection takes ${longest}. It was not sent.`;
  return { type: "error", error: { type: "invalid_request_error", code: "message_too_long", message, event_id } };
}
