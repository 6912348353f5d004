import { CallFailure } from "./realtime_failure.js";
import { Playback } from "./realtime_playback.js";
import { RelaySocket } from "./realtime_relay_socket.js";

const PROVIDER_MS = 15_000; // for Python to reach the service

/** How a service says that the sound it plays shall stop; here it is played by the browser. */
const CLEAR = "output_audio_buffer.clear";

/**
 * @typedef {object} RelayTicket
 * @property {string} relay what opens the relay, once
 */

/**
 * The transport `relay`: sound and events by a WebSocket to Python, at the page's own address, and from there to the
 * service. What a service does for WebRTC alone is done here, so nothing above knows the difference.
 */
export class RelayTransport {
  /**
   * @param {object} options as WebRtcTransport's, and:
   * @param {AudioContext} options.context
   */
  constructor({ ladder, context, onEvent, onRemoteStream, onUnsteady, onLost }) {
    if (!context.audioWorklet) throw new CallFailure(window.isSecureContext ? "relay_unsupported" : "insecure_page");
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
    this.sounding = this.prepare();
    this.sounding.catch(() => {});
  }

  /**
   * @param {Promise<RelayTicket>} ticket
   * @returns {Promise<void>} resolves when events can flow
   */
  async connect(ticket) {
    const { relay } = await ticket;
    await this.ladder.climb("relay", Promise.all([this.sounding, this.socket.open(relay)]));
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

  /** @returns {Promise<import("./realtime_route.js").Path>} */
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

  /** Makes the two ends of the sound. */
  async prepare() {
    const { context } = this;
    const modules = ["./realtime_capture_worklet.js", "./realtime_player_worklet.js"];
    await Promise.all(modules.map((name) => context.audioWorklet.addModule(new URL(name, import.meta.url)))).catch(
      (error) => {
        throw new CallFailure("relay_unsupported", String(error));
      },
    );
    if (this.closed) return;
    this.player = new AudioWorkletNode(context, "parley-player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.player.port.onmessage = ({ data }) => this.playback.follow(data);
    const voice = context.createMediaStreamDestination();
    this.player.connect(voice);
    this.capture = new AudioWorkletNode(context, "parley-capture");
    this.capture.port.onmessage = ({ data }) => this.socket.sendSound(data);
    this.capture.connect(context.destination); // it makes no sound, but what leads nowhere may not run
    this.source?.connect(this.capture);
    this.onRemoteStream(voice.stream);
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
