import { CallFailure } from "failure";

/** How long a `disconnected` connection may take to come back: ICE often recovers by itself within seconds. */
const GRACE_MS = 5_000;

/** @typedef {import("tickets").Ticket} Ticket */

/**
 * The transport `webrtc`: sound and the events of `oai-events` between this browser and the service.
 * Knows neither Vue nor NiceGUI. The ticket is awaited as late as possible, and sound may be sent whenever there is some.
 */
export class WebRtcTransport {
  /**
   * @param {object} options
   * @param {import("ladder").Ladder} options.ladder
   * @param {AbortSignal} options.signal
   * @param {(event: object) => void} options.onEvent an event of the service
   * @param {(stream: MediaStream) => void} options.onRemoteStream
   * @param {(unsteady: boolean) => void} options.onUnsteady the network is lost for the moment, or is back
   * @param {(failure: CallFailure) => void} options.onLost the running call broke
   * @param {{ ms: number, code: string }} [options.patience] how long the network may take, and what its failure means
   */
  constructor({ ladder, signal, onEvent, onRemoteStream, onUnsteady, onLost, patience }) {
    if (!window.RTCPeerConnection) throw new CallFailure("webrtc_unsupported");
    Object.assign(this, { ladder, signal, onEvent, onUnsteady, onLost, patience });
    this.peer = new RTCPeerConnection();
    this.peer.ontrack = ({ track, streams }) => onRemoteStream(streams[0] ?? new MediaStream([track]));
    this.audio = this.peer.addTransceiver("audio", { direction: "sendrecv", streams: [new MediaStream()] });
    this.channel = this.peer.createDataChannel("oai-events");
    this.channel.onmessage = ({ data }) => this.receive(data);
    this.connected = new Promise((resolve, reject) => {
      this.peer.onconnectionstatechange = () => {
        if (this.peer.connectionState === "connected") resolve();
        if (this.peer.connectionState === "failed") reject(new CallFailure(patience?.code ?? "network_failed"));
      };
    });
    this.opened = new Promise((resolve) => {
      this.channel.onopen = () => resolve();
    });
    this.connected.catch(() => {}); // may fail before anybody awaits it
  }

  /**
   * @param {Promise<Ticket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    await this.peer.setLocalDescription();
    await this.ladder.climb("offer", this.exchange(await ticket));
    await this.ladder.climb("network", this.connected, this.patience);
    await this.ladder.climb("channel", this.opened);
    this.watch();
  }

  /** @param {object} event */
  send(event) {
    if (this.channel.readyState !== "open") throw new CallFailure("channel_closed");
    this.channel.send(JSON.stringify(event));
  }

  /** Sends another track from now on; nothing is negotiated anew. @param {MediaStreamTrack} track */
  sendSound(track) {
    return this.audio.sender.replaceTrack(track);
  }

  /** Which way the sound goes. @returns {Promise<import("./route.js").Path>} */
  async path() {
    const stats = await this.peer.getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === "transport") ?? {};
    const pair = stats.get(selectedCandidatePairId) ?? [...stats.values()].find(isSelected);
    const [local, remote] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)];
    const relayed = [local, remote].some((candidate) => candidate?.candidateType === "relay");
    return { transport: "webrtc", protocol: local?.protocol ?? "", relayed };
  }

  close() {
    clearTimeout(this.grace);
    this.peer.onconnectionstatechange = this.peer.ontrack = this.channel.onmessage = this.channel.onclose = null;
    this.peer.close();
  }

  /** @param {Ticket} ticket */
  async exchange({ url, token }) {
    const response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" },
      body: this.peer.localDescription.sdp,
      signal: this.signal,
    }).catch((error) => {
      throw this.signal.aborted ? this.signal.reason : unreachable(error);
    });
    if (!response.ok) throw await CallFailure.fromResponse(response);
    const sdp = await response.text();
    await this.peer.setRemoteDescription({ type: "answer", sdp }).catch((error) => {
      throw new CallFailure("answer_unusable", error.message);
    });
  }

  /** From here on, what breaks is a running call. */
  watch() {
    this.channel.onclose = () => this.onLost(new CallFailure("channel_closed"));
    this.peer.onconnectionstatechange = () => {
      const state = this.peer.connectionState;
      clearTimeout(this.grace);
      this.onUnsteady(state === "disconnected");
      if (state === "disconnected") this.grace = setTimeout(() => this.lose(state), GRACE_MS);
      if (state === "failed") this.lose(state);
    };
  }

  lose(state) {
    this.onLost(new CallFailure(navigator.onLine ? "connection_lost" : "page_offline", `WebRTC: ${state}`));
  }

  receive(data) {
    let event;
    try {
      event = JSON.parse(data);
    } catch {
      return; // not of this protocol
    }
    if (typeof event?.type === "string") this.onEvent(event);
  }
}

/** Firefox names no transport, but marks the pair. */
function isSelected({ type, selected, nominated, state }) {
  return type === "candidate-pair" && (selected ?? (nominated && state === "succeeded"));
}

/** `fetch` tells neither a refused connection from a blocked one, nor either from a CORS error. */
function unreachable(error) {
  return new CallFailure(navigator.onLine ? "provider_unreachable" : "page_offline", error.message);
}
