import { CallFailure } from "failure";
import { EventReader } from "./event_reader.js";

/** How long a `disconnected` connection may take to recover: ICE often does within seconds. */
const GRACE_MS = 5_000;

/** The longest message that a peer takes if its description names no limit, in bytes (RFC 8841). */
const LONGEST_UNTOLD = 65_536;

/** How a ticket is refused that was good when it was fetched. */
const STALE = ["http_401", "invalid_api_key", "http_429", "rate_limit_exceeded", "ticket_invalid", "ticket_used"];

/**
 * The transport `webrtc`: sound, and events over the data channel `oai-events`, between this browser and the service.
 * Knows neither Vue nor NiceGUI. The ticket is awaited as late as possible, and sound may be sent at any time.
 * @implements {Transport}
 * @typedef {import("./route.js").Transport} Transport
 */
export class WebRtcTransport {
  /**
   * @param {import("./route.js").TransportOptions} options
   * @param {(transport: "webrtc") => Promise<import("tickets").Ticket>} requestTicket
   * @param {import("ladder").Bounds} [patience] how long the network may take, and what its failure means
   */
  constructor({ ladder, signal, takePeer, onEvent, onUnusable, onRemoteStream, onUnsteady, onLost }, requestTicket, patience) {
    if (!window.RTCPeerConnection) throw new CallFailure("webrtc_unsupported");
    this.ladder = ladder;
    this.signal = signal;
    this.onEvent = onEvent;
    this.onUnusable = onUnusable;
    this.reader = new EventReader();
    this.onUnsteady = onUnsteady;
    this.onLost = onLost;
    this.requestTicket = requestTicket;
    this.patience = patience;
    /** @type {number | undefined} */
    this.grace = undefined;
    /** @type {string | undefined} the service's id of the call */
    this.callId = undefined;
    this.silentSince = 0; // when the last sound came, on the clock of performance.now(), while disconnected
    const { connection, audio, channel, offered } = takePeer();
    this.peer = connection;
    this.peer.ontrack = ({ track, streams }) => onRemoteStream(streams[0] ?? new MediaStream([track]));
    this.audio = audio;
    this.offered = offered;
    this.channel = channel;
    this.channel.onmessage = ({ data }) => this.receive(data);
    /** @type {Promise<void>} */
    this.connected = new Promise((resolve, reject) => {
      this.peer.onconnectionstatechange = () => {
        if (this.peer.connectionState === "connected") resolve();
        if (this.peer.connectionState === "failed") reject(new CallFailure(patience?.code ?? "network_failed"));
      };
    });
    /** @type {Promise<void>} */
    this.opened = new Promise((resolve) => {
      this.channel.onopen = () => resolve();
    });
    this.connected.catch(() => {}); // may fail before it is awaited
  }

  /**
   * @param {Promise<import("tickets").Ticket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    await this.offered;
    await this.ladder.climb("offer", this.offer(await ticket));
    await this.ladder.climb("network", this.connected, this.patience);
    await this.ladder.climb("channel", this.opened);
    this.watch();
  }

  /** In bytes. Browsers and services have closed the channel because of a longer one. */
  get longestEvent() {
    return this.peer.sctp?.maxMessageSize || LONGEST_UNTOLD;
  }

  /** @param {RealtimeEvent} event */
  send(event) {
    if (this.channel.readyState !== "open") throw new CallFailure("channel_closed");
    this.channel.send(JSON.stringify(event));
  }

  /** Sends another track from now on, without a new negotiation. @param {MediaStreamTrack} track */
  sendSound(track) {
    this.audio.sender.replaceTrack(track);
  }

  /** @returns {Promise<import("./route.js").Path>} */
  async path() {
    /** @type {Map<string, any>} */
    const stats = new Map(await this.peer.getStats());
    const all = [...stats.values()];
    const pair = stats.get(all.find(({ type }) => type === "transport")?.selectedCandidatePairId) ?? all.find(isSelected);
    const [local, remote] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)];
    const relayed = [local, remote].some((candidate) => candidate?.candidateType === "relay");
    return { transport: "webrtc", protocol: local?.protocol ?? "", relayed };
  }

  close() {
    clearTimeout(this.grace);
    this.peer.onconnectionstatechange = this.peer.ontrack = null;
    this.channel.onopen = this.channel.onmessage = this.channel.onclose = null; // Chromium keeps a channel that has one
    this.peer.close();
  }

  /**
   * Makes the offer, once more with a new ticket if one that was fetched ahead is refused: the service may have restarted
   * since, or a gateway may have been in a cooldown.
   * @param {import("tickets").Ticket} ticket
   */
  async offer(ticket) {
    try {
      await this.exchange(ticket);
    } catch (error) {
      if (!ticket.ahead || !STALE.includes(CallFailure.from(error).code)) throw error;
      await this.exchange(await this.requestTicket("webrtc"));
    }
  }

  /** @param {import("tickets").Ticket} ticket */
  async exchange({ url, token }) {
    const response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" },
      body: this.peer.localDescription?.sdp,
      signal: this.signal,
    }).catch((error) => {
      throw this.signal.aborted ? this.signal.reason : unreachable(error);
    });
    if (!response.ok) throw await CallFailure.fromResponse(response);
    this.callId = response.headers.get("Location")?.split("/").at(-1); // not all services let a page read it
    const sdp = await response.text();
    await this.peer.setRemoteDescription({ type: "answer", sdp }).catch((error) => {
      throw new CallFailure("answer_unusable", error.message);
    });
  }

  /** From here on, a failure ends a running call. */
  watch() {
    this.channel.onclose = () => this.onLost(new CallFailure("channel_closed"));
    this.peer.onconnectionstatechange = () => {
      const state = this.peer.connectionState;
      clearTimeout(this.grace);
      this.onUnsteady(state === "disconnected");
      if (state === "connected") this.silentSince = 0;
      if (state === "disconnected") {
        this.noteSilence();
        this.grace = setTimeout(() => this.lose(state), GRACE_MS);
      }
      if (state === "failed") this.lose(state);
    };
  }

  /** @param {string} state */
  lose(state) {
    const failure = new CallFailure(navigator.onLine ? "connection_lost" : "page_offline", `WebRTC: ${state}`);
    if (this.silentSince) failure.at = Math.min(this.silentSince, failure.at); // nothing was heard since
    this.onLost(failure);
  }

  /** Looks up when the last sound came: browsers notice some seconds later that a network is gone. */
  async noteSilence() {
    const stats = [.../** @type {Map<string, any>} */ (await this.peer.getStats()).values()];
    const last = stats.find(({ type }) => type === "inbound-rtp")?.lastPacketReceivedTimestamp;
    this.silentSince = last ? performance.now() - (Date.now() - last) : performance.now();
  }

  /** @param {string} data */
  receive(data) {
    const read = this.reader.read(data);
    if (read?.isUsable) this.onEvent(read.event);
    else if (read) this.onUnusable(read.event);
  }
}

/** Firefox has no transport stats, but marks the pair. @param {any} stats */
function isSelected({ type, selected, nominated, state }) {
  return type === "candidate-pair" && (selected ?? (nominated && state === "succeeded"));
}

/** `fetch` does not tell refused connections, blocked ones and CORS errors apart. @param {Error} error */
function unreachable(error) {
  return new CallFailure(navigator.onLine ? "provider_unreachable" : "page_offline", error.message);
}
