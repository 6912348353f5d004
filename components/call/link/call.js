import { CallFailure } from "./failure.js";
import { FirstWords } from "first_words";
import { Ladder } from "./ladder.js";
import { Microphone, microphoneGranted } from "microphone";
import { Responses } from "responses";
import { Route } from "route";
import { Turns } from "turns";
import { UnheardSpeech } from "unheard";

/** @typedef {"idle" | "preparing" | "connecting" | "live" | "ended"} CallState */

/**
 * @typedef {object} Message What is said in writing.
 * @property {string} text may be empty if there are images
 * @property {string[]} [images] data: URLs
 */

/** Which state may follow which. @type {Record<CallState, CallState[]>} */
const NEXT = {
  idle: ["preparing"],
  preparing: ["connecting", "ended"],
  connecting: ["live", "ended"],
  live: ["ended"],
  ended: [],
};

/** One call, from pressing the button to hanging up. Used once; knows neither Vue nor NiceGUI. */
export class RealtimeCall {
  /**
   * @param {object} options
   * @param {AudioContext} options.context
   * @param {import("devices").Sound} options.sound
   * @param {"auto" | import("route").Transport} options.transport
   * @param {(transport: import("route").Transport) => Promise<object>} options.requestTicket
   * @param {(state: CallState, failure?: CallFailure) => void} options.onState
   * @param {(report: object) => void} options.onRung
   * @param {(event: object, direction: "received" | "sent") => void} options.onEvent
   * @param {(stream: MediaStream) => void} options.onMicrophone
   * @param {(label: string) => void} options.onMicrophoneMoved the chosen one is not there; this one took its place
   * @param {(speaking: boolean) => void} options.onUnheard somebody speaks while muted
   * @param {(stream: MediaStream) => void} options.onRemoteStream
   * @param {(unsteady: boolean) => void} options.onUnsteady
   */
  constructor(options) {
    this.options = options;
    /** @type {CallState} */
    this.state = "idle";
    this.muted = this.byHand = false;
    this.addressed = false; // whether the user has said something in this call
    this.unheard = new UnheardSpeech(options.onUnheard);
    this.microphone = new Microphone({
      onStream: (stream) => this.attach(stream),
      onMoved: options.onMicrophoneMoved,
      onLost: (failure) => this.end(failure),
    });
    this.responses = new Responses((event) => this.transmit(event));
    this.turns = new Turns({
      send: (event) => this.transmit(event),
      responses: this.responses,
      onOpen: () => this.hear(),
    });
    this.ending = new AbortController();
  }

  /** Places the call; returns when it is live or has ended. Never throws. */
  async start() {
    const { signal } = this.ending;
    this.enter("preparing");
    try {
      this.firstWords = new FirstWords(this.options.context, (given) => this.catchUp(given));
      const ladder = new Ladder(this.options.onRung, signal);
      const transport = (this.transport = new Route({
        choice: this.options.transport,
        requestTicket: this.options.requestTicket,
        context: this.options.context,
        ladder,
        signal,
        onEvent: (event) => this.receive(event),
        onRemoteStream: this.options.onRemoteStream,
        onUnsteady: this.options.onUnsteady,
        onLost: (failure) => this.end(failure),
      }));
      const session = new Promise((resolve) => (this.onSession = resolve));
      const microphone = ladder.climb("microphone", this.openMicrophone());
      const key = ladder.climb("key", this.options.requestTicket(transport.kind));
      const ticket = (await microphoneGranted()) ? key : Promise.all([key, microphone]).then(([ticket]) => ticket);
      ticket.then(() => this.state === "preparing" && this.enter("connecting"), () => {});
      // whichever fails first is the reason; the others end with the call
      await Promise.all([microphone, key, transport.connect(ticket)]);
      await ladder.climb("session", session);
      this.turns.listen();
      this.firstWords.give();
      this.enter("live");
    } catch (error) {
      this.end(CallFailure.from(error));
    }
  }

  /** @param {object} event a client event of the Realtime protocol; one that asks for an answer waits for its turn */
  send(event) {
    const asks = event.type === "response.create" && event.response?.conversation !== "none";
    if (asks) this.responses.ask(event);
    else this.transmit(event);
  }

  /** Lets the AI speak first, unless the user was quicker. @param {object} event a `response.create` */
  greet(event) {
    if (!this.addressed) this.send(event);
  }

  /**
   * Says something in writing, as one who speaks does: what is being answered stops, and an answer follows.
   * @param {Message} message
   */
  say(message) {
    this.addressed = true;
    this.responses.interrupt();
    this.transmit({ type: "conversation.item.create", item: messageItem(message) });
    this.responses.ask();
  }

  /** Stops the answer that is being made or heard. */
  interrupt() {
    this.responses.interrupt();
  }

  transmit(event) {
    this.transport.send(event);
    this.options.onEvent(event, "sent");
  }

  /** Which way the sound goes. @returns {Promise<import("route").Path>} */
  path() {
    return this.transport.path();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.hear();
  }

  /** Whether turns are taken by hand (push to talk): then the microphone is shut between them. @param {boolean} byHand */
  takeTurnsByHand(byHand) {
    this.byHand = byHand;
    this.turns.drop();
    this.hear();
  }

  /** Begins a turn by hand, also before the call is live. */
  beginTurn() {
    if (this.state === "idle" || this.state === "ended" || !this.byHand) return;
    this.addressed = true;
    this.turns.begin();
  }

  endTurn() {
    this.turns.end();
  }

  /**
   * Goes on with another microphone, or the same one otherwise processed.
   * @param {import("devices").Sound} sound
   * @throws {CallFailure} then the microphone before goes on
   */
  async useMicrophone(sound) {
    if (this.microphone.stream && this.state !== "ended") await this.microphone.open(sound);
  }

  hangUp() {
    this.end();
  }

  /** @param {CallFailure} [failure] */
  end(failure) {
    if (this.state === "idle" || this.state === "ended") return;
    this.enter("ended", failure);
    this.ending.abort(new CallFailure("unknown", "hung up"));
    this.turns.drop();
    this.transport?.close();
    this.unheard.rest();
    this.microphone.close();
    this.firstWords?.close();
  }

  async openMicrophone() {
    await this.microphone.open(this.options.sound);
    if (this.state === "ended") throw this.ending.signal.reason; // hung up while the permission prompt was open
  }

  /** @param {MediaStream} stream of a microphone that was opened, the first one or another in its place */
  attach(stream) {
    this.hear();
    if (!this.firstWords.over) this.firstWords.hear(stream);
    this.sendSound();
    this.options.onMicrophone(stream);
  }

  sendSound() {
    const { firstWords, microphone } = this;
    this.transport.sendSound(firstWords.over ? microphone.stream.getAudioTracks()[0] : firstWords.track);
  }

  /** @param {boolean} given whether first words were given until now */
  catchUp(given) {
    this.sendSound();
    this.turns.catchUp(given);
  }

  hear() {
    const heard = this.byHand ? this.turns.open : !this.muted;
    this.microphone.hear(heard);
    if (!heard && !this.turns.ended) this.firstWords?.forget();
    const { stream } = this.microphone;
    if (stream && this.muted && !this.byHand && this.state !== "ended") this.unheard.watch(this.options.context, stream);
    else this.unheard.rest();
  }

  receive(event) {
    this.options.onEvent(event, "received");
    this.responses.receive(event);
    if (event.type === "session.created") this.onSession();
    if (event.type === "input_audio_buffer.speech_started") this.addressed = true;
    if (event.type === "error" && event.error?.code === "session_expired")
      this.end(new CallFailure("session_expired", event.error.message));
  }

  /** @param {CallState} state @param {CallFailure} [failure] */
  enter(state, failure) {
    if (!NEXT[this.state].includes(state)) throw new Error(`A call that is ${this.state} cannot become ${state}.`);
    this.state = state;
    this.options.onState(state, failure);
  }
}

/** @param {Message} message */
function messageItem({ text, images = [] }) {
  const content = images.map((image_url) => ({ type: "input_image", image_url }));
  if (text) content.push({ type: "input_text", text });
  return { id: newId(), type: "message", role: "user", content };
}

/** By our own id, an item is known before the service tells of it. The service takes at most 32 characters. */
function newId() {
  return `item_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
