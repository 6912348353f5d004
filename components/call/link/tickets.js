import { CallFailure } from "./failure.js";

/**
 * @typedef {object} Ticket All that is needed to place one call, by either transport.
 * @property {string} url where the SDP offer is posted, or below which the relay's WebSocket is opened; relative to the
 *   page or absolute
 * @property {string} token grants one call
 */

/** Asks Python for tickets, and hands each answer to whoever asked. */
export class Tickets {
  /** @param {(id: number, transport: import("route").Transport) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.asked = 0;
    /** @type {Map<number, { resolve: (ticket: Ticket) => void, reject: (failure: CallFailure) => void }>} */
    this.waiting = new Map();
  }

  /**
   * @param {import("route").Transport} transport
   * @returns {Promise<Ticket>}
   */
  request(transport) {
    const id = ++this.asked;
    if (!window.socket?.connected) return Promise.reject(new CallFailure("server_lost"));
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.ask(id, transport);
    });
  }

  receive(id, ticket, failure) {
    const { resolve, reject } = this.waiting.get(id) ?? {};
    this.waiting.delete(id);
    if (failure) reject?.(new CallFailure(failure.code, failure.detail));
    else resolve?.(ticket);
  }
}
