import { CallFailure } from "failure";
import { StoredValue } from "stored_value";
import { RelayTransport } from "./relay.js";
import { WebRtcTransport } from "./webrtc.js";

/** @typedef {"webrtc" | "relay"} TransportName */
/** @typedef {{ transport: TransportName, protocol?: string, relayed?: boolean }} Path `relayed`: by a TURN server */

/**
 * @typedef {object} Transport How a call's sound and events travel.
 * @property {(ticket: Promise<import("tickets").Ticket>) => Promise<void>} connect resolves when events can flow
 * @property {(event: RealtimeEvent) => void} send
 * @property {number} longestEvent bytes of JSON that the other side takes in one event
 * @property {(track: MediaStreamTrack) => void} sendSound sends another track from now on
 * @property {() => Promise<Path>} path which way the sound goes
 * @property {string} [callId] the service's id of the call
 * @property {() => void} close
 */

/**
 * @typedef {object} TransportOptions
 * @property {import("ladder").Ladder} ladder
 * @property {AudioContext} context
 * @property {AbortSignal} signal aborts when the call ends
 * @property {() => import("./waiting_peer.js").Peer} takePeer
 * @property {(event: RealtimeEvent) => void} onEvent an event of the service
 * @property {(event: RealtimeEvent) => void} onUnusable an event that breaks the protocol
 * @property {(stream: MediaStream) => void} onRemoteStream the voice of the AI
 * @property {(unsteady: boolean) => void} onUnsteady the network is lost for the moment, or is back
 * @property {(failure: CallFailure) => void} onLost the running call broke
 */

/** How long WebRTC may take before the relay replaces it; where it works, it takes a fraction of this. */
const PATIENCE = { ms: 4_000, code: "network_blocked" };

/** How WebRTC fails if only the network is in the way. A service that refuses a call would refuse any. */
const BLOCKED = ["provider_unreachable", "network_blocked", "channel_timeout"];

const REMEMBERED_MS = 15 * 60_000;
const networks = new StoredValue("parley.networks"); // when each was last found to block WebRTC, unix ms

/**
 * The transport of a call: WebRTC, the relay, or (`auto`) WebRTC first and the relay if WebRTC is blocked. To the call it
 * is a transport like those. A network that blocked WebRTC is remembered for a while.
 * @implements {Transport}
 */
export class Route {
  /**
   * @param {TransportOptions} options
   * @param {"auto" | TransportName} choice
   * @param {(transport: TransportName) => Promise<import("tickets").Ticket>} requestTicket
   */
  constructor(options, choice, requestTicket) {
    this.options = options;
    this.requestTicket = requestTicket;
    /** @type {TransportName} */
    this.kind = Route.firstKind(choice);
    const canFallBack = choice === "auto" && this.kind === "webrtc";
    /** @type {Transport} */
    this.transport =
      this.kind === "relay"
        ? new RelayTransport(options)
        : new WebRtcTransport(options, requestTicket, canFallBack ? PATIENCE : undefined);
    /** @type {RelayTransport | null} captures the microphone until it is known which transport carries it */
    this.standby = canFallBack ? new RelayTransport(options) : null;
  }

  /** The transport that a call begins with. @param {"auto" | TransportName} choice @returns {TransportName} */
  static firstKind(choice) {
    if (choice !== "auto") return choice;
    return window.RTCPeerConnection && !isBlocked() ? "webrtc" : "relay";
  }

  /**
   * @param {Promise<import("tickets").Ticket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    if (this.kind === "relay") this.options.ladder.skip("offer", "network");
    try {
      await this.transport.connect(ticket);
      if (this.kind === "webrtc") remember(false);
      this.dismissStandby();
    } catch (error) {
      await ticket; // without one, no transport can connect
      const isBlocked = BLOCKED.includes(CallFailure.from(error).code);
      if (!this.standby || this.options.signal.aborted || !isBlocked) throw error;
      await this.fallBack(this.standby);
    }
  }

  /** @returns {string | undefined} the service's id of the call, if it tells browsers */
  get callId() {
    return this.transport.callId;
  }

  get longestEvent() {
    return this.transport.longestEvent;
  }

  /** @param {RealtimeEvent} event */
  send(event) {
    this.transport.send(event);
  }

  /** @param {MediaStreamTrack} track */
  sendSound(track) {
    this.standby?.sendSound(track);
    this.transport.sendSound(track);
  }

  path() {
    return this.transport.path();
  }

  close() {
    this.dismissStandby();
    this.transport.close();
  }

  dismissStandby() {
    this.standby?.close();
    this.standby = null;
  }

  /** @param {RelayTransport} standby */
  async fallBack(standby) {
    this.transport.close();
    this.kind = "relay";
    this.transport = standby;
    this.standby = null;
    await standby.connect(this.options.ladder.climb("key", this.requestTicket("relay")));
    remember(true); // only now is it certain that the network blocks WebRTC
  }
}

/** The kind of the network, which is all a browser may tell about it; most do not even tell that. */
function network() {
  return navigator.connection?.type ?? "unknown";
}

function isBlocked() {
  return Date.now() - (networks.read()?.[network()] ?? -Infinity) < REMEMBERED_MS;
}

/** @param {boolean} blocked */
function remember(blocked) {
  networks.write({ ...networks.read(), [network()]: blocked ? Date.now() : undefined });
}
