import { CallFailure } from "failure";
import { EventReader } from "./event_reader.js";
import { Playback } from "./playback.js";
import { RelaySocket } from "./relay_socket.js";

const PROVIDER_MS = 15_000; // for Python to reach the service

/** In bytes; the relay itself, and the engine, take four times as much in one message. */
const LONGEST_EVENT = 4_000_000;

/** Asks a service to stop the sound that it plays; with the relay the browser plays it. */
const CLEAR = "output_audio_buffer.clear";

/** @typedef {import("./player_worklet.js").PlayerCommand} PlayerCommand */

/**
 * The transport `relay`: sound and events travel by a WebSocket to Python, at the page's own address, and from there to
 * the service. `Playback` replaces what services do only over WebRTC, so nothing above knows the difference. It listens
 * from the beginning: when it stands by for WebRTC, nothing said meanwhile is lost.
 * @implements {Transport}
 * @typedef {import("./route.js").Transport} Transport
 */
export class RelayTransport {
  /** @param {import("./route.js").TransportOptions} options */
  constructor({ ladder, context, onEvent, onUnusable, onRemoteStream, onUnsteady, onLost }) {
    this.ladder = ladder;
    this.context = context;
    this.onRemoteStream = onRemoteStream;
    this.onLost = onLost;
    this.onUnusable = onUnusable;
    this.reader = new EventReader();
    this.longestEvent = LONGEST_EVENT;
    this.running = false;
    /** @type {CallFailure | undefined} how the call was lost, although it was not running yet */
    this.lost = undefined;
    this.closed = false;
    /** @type {AudioWorkletNode | undefined} */
    this.capture = undefined;
    /** @type {AudioWorkletNode | undefined} */
    this.player = undefined;
    /** @type {MediaStreamAudioSourceNode | undefined} */
    this.source = undefined;
    this.resolve = () => {};
    this.reject = (/** @type {CallFailure} */ _failure) => {};
    /** @type {Promise<void>} */
    this.connected = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.connected.catch(() => {}); // may fail before it is awaited
    this.socket = new RelaySocket({
      onEvent: (event) => this.receive(event),
      onSound: (frame) => this.playback.addSound(frame),
      onUnsteady,
      onLost: (failure) => this.lose(failure),
    });
    this.playback = new Playback({
      play: (command, transfer = []) => this.player?.port.postMessage(command, transfer),
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
    const { lost } = this;
    if (lost) setTimeout(() => this.onLost(lost)); // the session's rung waits for it by then
  }

  /** @param {RealtimeEvent} event */
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
      if (!node) continue;
      node.disconnect();
      const { port } = node;
      port.postMessage({ over: true });
      port.onmessage = null; // Chromium keeps a port that has one, and with it the whole call
      port.close(); // and, without it, the port alone
    }
  }

  /** Captures the microphone; its sound waits until the socket is open. */
  async listen() {
    const capture = await this.makeNode("capture");
    if (!capture) return;
    this.capture = capture;
    capture.port.onmessage = ({ data }) => this.socket.sendSound(data);
    capture.connect(this.context.destination); // silent; a node without a destination may not run
    this.source?.connect(capture);
  }

  async speak() {
    const player = await this.makeNode("player");
    if (!player) return;
    this.player = player;
    player.port.onmessage = ({ data }) => this.playback.follow(data);
    const voice = this.context.createMediaStreamDestination();
    player.connect(voice);
    this.onRemoteStream(voice.stream);
  }

  /** @param {"capture" | "player"} name @returns {Promise<AudioWorkletNode | null>} null if the call is over by then */
  async makeNode(name) {
    const { context } = this;
    try {
      await context.audioWorklet.addModule(import.meta.resolve(`${name}_worklet`));
      return this.closed ? null : new AudioWorkletNode(context, `parley-${name}`, { outputChannelCount: [1] });
    } catch (error) {
      throw new CallFailure("relay_unsupported", String(error));
    }
  }

  /** @param {RealtimeEvent} event */
  receive(event) {
    if (event.type === "relay.connected") return this.resolve();
    if (event.type === "relay.track") return this.playback.addTrack(event);
    const read = this.reader.take(event);
    if (read.isUsable) this.playback.receive(read.event);
    else this.onUnusable(read.event);
  }

  /** @param {CallFailure} failure */
  lose(failure) {
    if (this.running) return this.onLost(failure);
    this.lost = failure;
    this.reject(failure);
  }
}
