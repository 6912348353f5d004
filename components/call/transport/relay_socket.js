import { CallFailure, within } from "failure";

const CONFIRM_BYTES = 32_768; // the relay keeps 256 kB at most under way
const CONFIRM_MESSAGES = 32;
const MOST_BUFFERED = 16_384; // bytes that the browser may hold for the network, a third of a second; the rest waits here
const MOST_FRAMES = 250; // of sound that wait, five seconds; more would only make the call late
const AWAY_MS = 10_000; // how long the relay waits for us to come back
const STUCK_MS = 5_000; // a socket that takes nothing for so long is dead: nobody may have told it
const HANG_UP = 1000; // close code of who means it (RFC 6455)
const TRY_MS = 3_000; // for one try
const PAUSE_MS = 250; // between two

/**
 * The way to the relay and back: events and sound, in order. When its WebSocket breaks, another one goes on where it
 * left off: what the other side has not got is sent again, and nothing arrives twice.
 */
export class RelaySocket {
  /**
   * @param {object} options
   * @param {(event: object) => void} options.onEvent
   * @param {(frame: ArrayBuffer) => void} options.onSound
   * @param {(unsteady: boolean) => void} options.onUnsteady
   * @param {(failure: CallFailure) => void} options.onLost it will not come back; told once
   */
  constructor({ onEvent, onSound, onUnsteady, onLost }) {
    Object.assign(this, { onEvent, onSound, onUnsteady, onLost });
    /** @type {(string | ArrayBuffer)[]} events and sound that wait */
    this.waiting = [];
    this.frames = 0; // of sound among them
    /** @type {string[]} events that the relay has not yet counted */
    this.sent = [];
    this.counted = 0;
    this.received = 0; // messages of the relay
    this.unconfirmed = { messages: 0, bytes: 0 };
    this.ready = false; // whether it takes messages
    this.over = false;
    this.ending = new AbortController();
  }

  /**
   * @param {string} url the relay's address, relative to the page or absolute
   * @param {string} token opens the relay once
   * @returns {Promise<void>} resolves when the relay has accepted the token
   */
  open(url, token) {
    this.url = url;
    const address = new URL(`${url}/${token}?received=${this.received}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    return new Promise((resolve, reject) => {
      socket.onclose = ({ code }) => reject(new CallFailure("relay_unreachable", `WebSocket: ${code}`));
      socket.onmessage = ({ data }) => {
        const { type, ticket, received, code, detail } = JSON.parse(data);
        if (type === "relay.failed") return reject(new CallFailure(code, detail));
        this.ticket = ticket;
        this.settle(socket, received);
        resolve();
      };
    });
  }

  /** @param {object} event */
  send(event) {
    this.waiting.push(JSON.stringify(event));
    this.flush();
  }

  /** @param {Int16Array} samples */
  sendSound(samples) {
    this.waiting.push(samples.buffer);
    this.frames++;
    if (this.frames > MOST_FRAMES) this.dropOldest();
    this.flush();
    if (this.ready && performance.now() - this.progress > STUCK_MS) this.recover();
  }

  close() {
    this.over = true;
    this.ready = false;
    this.ending.abort(new CallFailure("unknown", "hung up"));
    this.abandon(HANG_UP);
  }

  /** The socket is good: from here on, what breaks is a running call. */
  settle(socket, received) {
    this.count(received);
    this.waiting.unshift(...this.sent);
    this.sent = [];
    this.ready = true;
    this.progress = performance.now();
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () => this.recover();
    this.flush();
  }

  flush() {
    const { socket } = this;
    while (this.waiting.length && this.ready && socket.readyState === WebSocket.OPEN) {
      const [next] = this.waiting;
      if (typeof next !== "string" && socket.bufferedAmount > MOST_BUFFERED) return; // tried again with the next frame
      this.waiting.shift();
      socket.send(next);
      this.progress = performance.now();
      if (typeof next === "string") this.sent.push(next);
      else this.frames--;
    }
  }

  receive(data) {
    this.received++;
    this.confirm(data.byteLength ?? data.length);
    if (typeof data !== "string") return this.onSound(data);
    const event = JSON.parse(data);
    if (event.type === "relay.received") this.count(event.count);
    else if (event.type === "relay.failed") this.lose(new CallFailure(event.code, event.detail));
    else this.onEvent(event);
  }

  confirm(bytes) {
    const { unconfirmed } = this;
    unconfirmed.messages++;
    unconfirmed.bytes += bytes;
    if (unconfirmed.messages < CONFIRM_MESSAGES && unconfirmed.bytes < CONFIRM_BYTES) return;
    this.unconfirmed = { messages: 0, bytes: 0 };
    this.socket.send(JSON.stringify({ type: "relay.confirm", count: this.received }));
  }

  /** The relay has so many of our events. */
  count(count) {
    this.sent.splice(0, count - this.counted);
    this.counted = count;
  }

  async recover() {
    this.ready = false;
    this.onUnsteady(true);
    const until = performance.now() + AWAY_MS;
    while (!this.over && performance.now() < until) {
      this.abandon();
      const failure = await this.comeBack();
      if (!failure) return this.onUnsteady(false);
      if (failure.code.startsWith("ticket_")) break; // the call has ended without us
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.lose(new CallFailure(navigator.onLine ? "connection_lost" : "page_offline", "WebSocket"));
  }

  /** @returns {Promise<CallFailure | null>} null when another socket has taken the place of the one that broke */
  comeBack() {
    const bounds = { ms: TRY_MS, code: "relay_unreachable", signal: this.ending.signal };
    return within(this.open(this.url, this.ticket), bounds).then(() => null, CallFailure.from);
  }

  /** @param {number} [code] without it, the relay waits for another socket */
  abandon(code) {
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(code);
  }

  lose(failure) {
    if (this.over) return;
    this.close();
    this.onLost(failure);
  }

  dropOldest() {
    this.waiting.splice(this.waiting.findIndex((message) => typeof message !== "string"), 1);
    this.frames--;
  }
}
