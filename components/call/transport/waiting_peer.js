/** How long a peer connection waits for its call. Its candidates are ports that stay open meanwhile. */
const WAIT_MS = 30_000;

/**
 * @typedef {object} Peer A peer connection with all that a call over WebRTC offers. It neither has a microphone nor has
 *   anybody been told of it.
 * @property {RTCPeerConnection} connection
 * @property {RTCRtpTransceiver} audio takes the track of any microphone, without a new negotiation
 * @property {RTCDataChannel} channel of events
 * @property {Promise<void>} offered resolves when the local description is set; candidates follow
 */

/** @returns {Peer} */
function makePeer() {
  const connection = new RTCPeerConnection();
  const audio = connection.addTransceiver("audio", { direction: "sendrecv", streams: [new MediaStream()] });
  const channel = connection.createDataChannel("oai-events");
  const offered = connection.setLocalDescription();
  offered.catch(() => {}); // may fail before it is awaited
  return { connection, audio, channel, offered };
}

/**
 * The peer connection of the next call, made when somebody comes close to the call button, so that its offer and its
 * candidates are there at the click. At most one waits. It is thrown away if nobody calls, or if the network changes,
 * since its candidates are addresses of the network before.
 */
export class WaitingPeer {
  constructor() {
    /** @type {Peer | null} */
    this.peer = null;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.waiting = new AbortController();
  }

  /** A call seems close: makes a peer connection, or lets the one that waits do so for longer. */
  prepare() {
    if (!window.RTCPeerConnection) return;
    this.peer ??= this.begin();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.discard(), WAIT_MS);
  }

  /** @returns {Peer} the one that waits, or a new one */
  take() {
    const peer = this.peer ?? makePeer();
    this.end();
    return peer;
  }

  discard() {
    this.peer?.connection.close();
    this.end();
  }

  begin() {
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const discard = () => this.discard();
    for (const name of ["online", "offline"]) window.addEventListener(name, discard, { signal });
    navigator.connection?.addEventListener?.("change", discard, { signal });
    return makePeer();
  }

  end() {
    this.waiting.abort();
    clearTimeout(this.timer);
    this.peer = null;
  }
}
