import { CallFailure } from "./failure.js";

/**
 * @typedef {object} Ticket Everything needed to place one call, by either transport.
 * @property {string} url where the SDP offer is posted, or below which the relay's WebSocket is opened; absolute, or
 *   relative to the page
 * @property {string} token grants one call
 * @property {boolean} ahead whether it was fetched before anybody wanted to call, so that it may be stale
 * @property {RealtimeEvent[]} seeds client events that tell the call what was said before it
 */

/** @typedef {{ id: number, transport: import("route").TransportName, reports: number }} TicketRequest */

const RECONNECTION_MS = 4000; // Socket.IO tries again within about a second

/** Requests tickets from Python and resolves each request with its own answer. */
export class Tickets {
  /** @param {(request: TicketRequest) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.asked = 0;
    /** @type {Map<number, PromiseWithResolvers<Ticket>>} by request id */
    this.pending = new Map();
  }

  /**
   * @param {import("route").TransportName} transport
   * @param {number} reports how many Python must have first: a recovered call is told what they say
   * @returns {Promise<Ticket>} rejects with a `CallFailure`
   */
  async request(transport, reports) {
    if (!window.socket?.connected && !(await isConnectedAgain())) throw new CallFailure("server_lost");
    const id = ++this.asked;
    const request = resolvers();
    this.pending.set(id, request);
    this.ask({ id, transport, reports });
    return request.promise;
  }

  /**
   * Takes Python's answer to a request.
   * @param {number} id
   * @param {Ticket} ticket
   * @param {{ code: string, detail: string }} [failure] why there is no ticket
   */
  receive(id, ticket, failure) {
    const request = this.pending.get(id);
    this.pending.delete(id);
    if (failure) request?.reject(new CallFailure(failure.code, failure.detail));
    else request?.resolve(ticket);
  }
}

/** Waits for a connection that was lost a moment ago. */
async function isConnectedAgain() {
  const { socket } = window;
  if (!socket) return false;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), RECONNECTION_MS);
    socket.once("connect", () => (clearTimeout(timer), resolve(true)));
  });
}

/** `Promise.withResolvers`, which Firefox has since version 121 and Safari since 17.4. @returns {PromiseWithResolvers<Ticket>} */
function resolvers() {
  const request = /** @type {PromiseWithResolvers<Ticket>} */ ({});
  request.promise = new Promise((resolve, reject) => {
    request.resolve = resolve;
    request.reject = reject;
  });
  return request;
}
