import { CallFailure } from "./failure.js";

/** Asks Python for tickets, and hands each answer to whoever asked. */
export class Tickets {
  /** @param {(id: number, transport: import("route").Transport) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.asked = 0;
    /** @type {Map<number, { resolve: (ticket: object) => void, reject: (failure: CallFailure) => void }>} */
    this.waiting = new Map();
  }

  /**
   * @param {import("route").Transport} transport
   * @returns {Promise<import("webrtc").Ticket | import("relay").RelayTicket>}
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
