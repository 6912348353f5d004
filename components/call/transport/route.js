import { CallFailure } from "failure";
import { Kept } from "kept";
import { RelayTransport } from "./relay.js";
import { WebRtcTransport } from "./webrtc.js";

/** @typedef {"webrtc" | "relay"} Transport */
/** @typedef {{ transport: Transport, protocol?: string, relayed?: boolean }} Path */

/** What WebRTC gets before the relay takes over: where it works it takes a fraction of this. */
const PATIENCE = { ms: 4_000, code: "network_blocked" };

/** How WebRTC fails where only the network is against it. A service that refuses a call would refuse any. */
const BLOCKED = ["provider_unreachable", "network_blocked", "channel_timeout"];

const REMEMBERED_MS = 15 * 60_000;
const networks = new Kept("parley.networks"); // when each was last found closed to WebRTC, unix ms

/**
 * A call's way through: WebRTC, the relay, or, when left to itself, WebRTC first and the relay where that is blocked.
 * To the call it is a transport like those. A network that blocked WebRTC is remembered for a while.
 */
export class Route {
  /**
   * @param {object} options what the transports take, and:
   * @param {"auto" | Transport} options.choice
   * @param {(transport: Transport) => Promise<import("tickets").Ticket>} options.requestTicket
   */
  constructor({ choice, requestTicket, ...options }) {
    Object.assign(this, { requestTicket, options });
    this.yielding = choice === "auto" && !isBlocked() && Boolean(window.RTCPeerConnection);
    this.kind = choice === "webrtc" || this.yielding ? "webrtc" : "relay";
    const Transport = this.kind === "webrtc" ? WebRtcTransport : RelayTransport;
    this.transport = new Transport(this.yielding ? { ...options, patience: PATIENCE } : options);
    /** @type {RelayTransport | null} hears what is said until it is known who carries it */
    this.standby = this.yielding ? new RelayTransport(options) : null;
  }

  /**
   * @param {Promise<import("tickets").Ticket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    if (this.kind === "relay") this.options.ladder.skip("offer", "network");
    try {
      await this.transport.connect(ticket);
      if (this.kind === "webrtc") note(false);
      this.standDown();
    } catch (error) {
      await ticket; // without one, no way leads anywhere
      if (!this.yielding || this.options.signal.aborted || !BLOCKED.includes(CallFailure.from(error).code)) throw error;
      await this.giveWay();
    }
  }

  /** @param {object} event */
  send(event) {
    this.transport.send(event);
  }

  /** @param {MediaStreamTrack} track */
  sendSound(track) {
    this.standby?.sendSound(track);
    return this.transport.sendSound(track);
  }

  /** @returns {Promise<Path>} */
  async path() {
    return this.transport.path();
  }

  close() {
    this.standDown();
    this.transport.close();
  }

  standDown() {
    this.standby?.close();
    this.standby = null;
  }

  async giveWay() {
    this.yielding = false;
    this.transport.close();
    this.kind = "relay";
    this.transport = this.standby;
    this.standby = null;
    await this.transport.connect(this.options.ladder.climb("key", this.requestTicket("relay")));
    note(true); // now it is known that the network is to blame
  }
}

/** Browsers tell little of a network: its kind, and most not even that. */
function network() {
  return navigator.connection?.type ?? "unknown";
}

function isBlocked() {
  return Date.now() - (networks.read()?.[network()] ?? -Infinity) < REMEMBERED_MS;
}

/** @param {boolean} blocked */
function note(blocked) {
  networks.write({ ...networks.read(), [network()]: blocked ? Date.now() : undefined });
}
