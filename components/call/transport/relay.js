import { CallFailure } from "failure";
import { Playback } from "./playback.js";
import { RelaySocket } from "./relay_socket.js";

const PROVIDER_MS = 15_000; // for Python to reach the service

/** How a service says that the sound it plays shall stop; here it is played by the browser. */
const CLEAR = "output_audio_buffer.clear";

/**
 * The transport `relay`: sound and events by a WebSocket to Python, at the page's own address, and from there to the
 * service. What a service does for WebRTC alone is done here, so nothing above knows the difference. It listens from the
 * beginning: when it stands by for WebRTC, what was said meanwhile is not lost.
 */
export class RelayTransport {
  /**
   * @param {object} options as WebRtcTransport's, and:
   * @param {AudioContext} options.context
   */
  constructor({ ladder, context, onEvent, onRemoteStream, onUnsteady, onLost }) {
    Object.assign(this, { ladder, context, onEvent, onRemoteStream, onLost });
    this.connected = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.connected.catch(() => {}); // may fail before anybody awaits it
    this.socket = new RelaySocket({
      onEvent: (event) => this.receive(event),
      onSound: (frame) => this.playback.addSound(frame),
      onUnsteady,
      onLost: (failure) => this.lose(failure),
    });
    this.playback = new Playback({
      play: (message, transfer = []) => this.player?.port.postMessage(message, transfer),
      onEvent,
      send: (event) => this.socket.send(event),
    });
    this.listening = this.listen();
    this.listening.catch(() => {});
  }

  /**
   * @param {Promise<import("tickets").Ticket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    const { url, token } = await ticket;
    await this.ladder.climb("relay", Promise.all([this.listening, this.speak(), this.socket.open(url, token)]));
    await this.ladder.climb("channel", this.connected, { ms: PROVIDER_MS, code: "provider_timeout" });
    this.running = true;
  }

  /** @param {object} event */
  send(event) {
    if (event.type === CLEAR) this.playback.flush();
    else this.socket.send(event);
  }

  /** Sends another track from now on. @param {MediaStreamTrack} track */
  sendSound(track) {
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    if (this.capture) this.source.connect(this.capture);
  }

  /** @returns {Promise<import("./route.js").Path>} */
  async path() {
    return { transport: "relay" };
  }

  close() {
    this.closed = true;
    this.socket.close();
    this.source?.disconnect();
    for (const node of [this.player, this.capture]) {
      node?.port.postMessage({ over: true });
      node?.disconnect();
    }
  }

  /** From here on, what the microphone hears is kept for the service. */
  async listen() {
    const capture = await this.node("capture");
    if (!capture) return;
    this.capture = capture;
    capture.port.onmessage = ({ data }) => this.socket.sendSound(data);
    capture.connect(this.context.destination); // it makes no sound, but what leads nowhere may not run
    this.source?.connect(capture);
  }

  async speak() {
    const player = await this.node("player");
    if (!player) return;
    this.player = player;
    player.port.onmessage = ({ data }) => this.playback.follow(data);
    const voice = this.context.createMediaStreamDestination();
    player.connect(voice);
    this.onRemoteStream(voice.stream);
  }

  /** @param {"capture" | "player"} name @returns {Promise<AudioWorkletNode | null>} null when the call is over by then */
  async node(name) {
    const { context } = this;
    try {
      await context.audioWorklet.addModule(new URL(`./${name}_worklet.js`, import.meta.url));
      return this.closed ? null : new AudioWorkletNode(context, `parley-${name}`, { outputChannelCount: [1] });
    } catch (error) {
      throw new CallFailure("relay_unsupported", String(error));
    }
  }

  receive(event) {
    if (event.type === "relay.connected") this.resolve();
    else if (event.type === "relay.track") this.playback.addTrack(event);
    else this.playback.hear(event);
  }

  lose(failure) {
    if (this.running) this.onLost(failure);
    else this.reject(failure);
  }
}
