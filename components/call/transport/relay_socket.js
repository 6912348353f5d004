import { CallFailure, within } from "failure";

const CONFIRM_BYTES = 32_768; // the relay keeps at most 256 kB unconfirmed
const CONFIRM_MESSAGES = 32;
const MOST_BUFFERED = 16_384; // bytes in the browser's own buffer, a third of a second; the rest waits here
const MOST_FRAMES = 250; // of waiting sound, five seconds; more would only delay the call
const AWAY_MS = 10_000; // how long the relay waits for a reconnection
const PING_MS = 1_500;
const MOST_UNANSWERED = 3; // pings; then a socket is dead, even if the browser has not noticed
const HANG_UP = 1000; // close code of a regular end (RFC 6455)
const TRY_MS = 3_000; // for one attempt
const PAUSE_MS = 250; // between two attempts

/**
 * A connection to the relay that carries events and sound in order. If its WebSocket breaks, another one continues where
 * it stopped: whatever the other side has not received is sent again, and nothing arrives twice.
 */
export class RelaySocket {
  /**
   * @param {object} options
   * @param {(event: RealtimeEvent) => void} options.onEvent
   * @param {(frame: ArrayBuffer) => void} options.onSound
   * @param {(unsteady: boolean) => void} options.onUnsteady
   * @param {(failure: CallFailure) => void} options.onLost it will not come back; called once
   */
  constructor({ onEvent, onSound, onUnsteady, onLost }) {
    this.onEvent = onEvent;
    this.onSound = onSound;
    this.onUnsteady = onUnsteady;
    this.onLost = onLost;
    /** @type {(string | ArrayBuffer)[]} events and sound to send */
    this.waiting = [];
    this.frames = 0; // of sound among them
    /** @type {string[]} events that the relay has not confirmed */
    this.sent = [];
    this.counted = 0; // how many events the relay has confirmed
    this.received = 0; // how many messages came from the relay
    this.unconfirmed = { messages: 0, bytes: 0 };
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.url = "";
    this.token = ""; // for the next reconnection
    this.unanswered = 0; // pings since the last message of the relay
    /** @type {number | undefined} */
    this.pings = undefined;
    this.ready = false; // whether the socket accepts messages
    this.over = false;
    this.ending = new AbortController();
  }

  /**
   * @param {string} url the relay's address, absolute or relative to the page
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
        this.token = ticket;
        this.accept(socket, received);
        resolve();
      };
    });
  }

  /** @param {RealtimeEvent} event */
  send(event) {
    this.waiting.push(JSON.stringify(event));
    this.flush();
  }

  /** @param {Int16Array<ArrayBuffer>} samples */
  sendSound(samples) {
    this.waiting.push(samples.buffer);
    this.frames++;
    if (this.frames > MOST_FRAMES) this.dropOldestFrame();
    this.flush();
  }

  close() {
    this.over = true;
    this.ready = false;
    this.ending.abort(new CallFailure("unknown", "hung up"));
    this.abandon(HANG_UP);
  }

  /** The socket is good: whatever breaks from here on is a running call. @param {WebSocket} socket @param {number} received */
  accept(socket, received) {
    this.count(received);
    this.waiting.unshift(...this.sent);
    this.sent = [];
    this.ready = true;
    this.unanswered = 0;
    this.pings = setInterval(() => this.ping(), PING_MS);
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () => this.reconnect();
    this.flush();
  }

  flush() {
    const { socket } = this;
    while (this.waiting.length && this.ready && socket?.readyState === WebSocket.OPEN) {
      const [next] = this.waiting;
      if (typeof next !== "string" && socket.bufferedAmount > MOST_BUFFERED) return; // the next frame tries again
      this.waiting.shift();
      socket.send(next);
      if (typeof next === "string") this.sent.push(next);
      else this.frames--;
    }
  }

  /** Asks for a sign of life. It may be late where the page is busy, which is why pings are counted, and not seconds. */
  ping() {
    if (this.unanswered >= MOST_UNANSWERED) return this.reconnect();
    this.unanswered++;
    this.socket?.send(JSON.stringify({ type: "relay.ping" }));
  }

  /** @param {string | ArrayBuffer} data */
  receive(data) {
    this.unanswered = 0;
    this.received++;
    this.confirm(typeof data === "string" ? data.length : data.byteLength);
    if (typeof data !== "string") return this.onSound(data);
    const event = JSON.parse(data);
    if (event.type === "relay.received") this.count(event.count);
    else if (event.type === "relay.failed") this.lose(new CallFailure(event.code, event.detail));
    else this.onEvent(event);
  }

  /** @param {number} bytes that arrived */
  confirm(bytes) {
    const { unconfirmed } = this;
    unconfirmed.messages++;
    unconfirmed.bytes += bytes;
    if (unconfirmed.messages < CONFIRM_MESSAGES && unconfirmed.bytes < CONFIRM_BYTES) return;
    this.unconfirmed = { messages: 0, bytes: 0 };
    this.socket?.send(JSON.stringify({ type: "relay.confirm", count: this.received }));
  }

  /** @param {number} count how many of our events the relay has */
  count(count) {
    this.sent.splice(0, count - this.counted);
    this.counted = count;
  }

  async reconnect() {
    this.ready = false;
    this.onUnsteady(true);
    const until = performance.now() + AWAY_MS;
    while (!this.over && performance.now() < until) {
      this.abandon();
      const failure = await this.reopen();
      if (!failure) return this.onUnsteady(false);
      if (failure.code.startsWith("ticket_")) break; // the call ended meanwhile
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.lose(new CallFailure(navigator.onLine ? "connection_lost" : "page_offline", "WebSocket"));
  }

  /** @returns {Promise<CallFailure | null>} null if another socket has replaced the broken one */
  reopen() {
    const bounds = { ms: TRY_MS, code: "relay_unreachable", signal: this.ending.signal };
    return within(this.open(this.url, this.token), bounds).then(() => null, CallFailure.from);
  }

  /** @param {number} [code] without it, the relay waits for a reconnection */
  abandon(code) {
    clearInterval(this.pings);
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(code);
  }

  /** @param {CallFailure} failure */
  lose(failure) {
    if (this.over) return;
    this.close();
    this.onLost(failure);
  }

  dropOldestFrame() {
    this.waiting.splice(this.waiting.findIndex((message) => typeof message !== "string"), 1);
    this.frames--;
  }
}
