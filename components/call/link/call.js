import { Activity } from "activity";
import { IdleWatch } from "idle_watch";
import { isMicrophoneGranted } from "microphone";
import { Responses } from "responses";
import { Turns } from "turns";
import { UserSound } from "user_sound";
import { Connection } from "./connection.js";
import { CallFailure, within } from "./failure.js";
import { Messages } from "messages";
import { Recovery, isLoss, reconnect } from "./recovery.js";
import { Renewal } from "./renewal.js";

/** @typedef {"idle" | "preparing" | "connecting" | "live" | "recovering" | "ended"} CallState */

/** How long one attempt to recover a call may take. */
const RECOVERY_ATTEMPT_MS = 6_000;
/** How long an attempt to renew a call may take: nobody waits for it, and after it a guest's call would have to recover. */
const RENEWAL_ATTEMPT_MS = 15_000;
/** Bytes of the event that adds a message, besides its text and pictures. */
const MESSAGE_ENVELOPE = 512;

/**
 * @typedef {object} CallOptions
 * @property {AudioContext} context
 * @property {import("devices").Sound} sound
 * @property {"auto" | import("route").TransportName} transport
 * @property {boolean} withMicrophone whether it begins with a microphone; without, one writes, and may add one later
 * @property {boolean} transcribesFirst whether the service answers speech only after its transcript
 * @property {(transport: import("route").TransportName) => Promise<import("tickets").Ticket>} requestTicket
 * @property {(state: CallState, failure?: CallFailure) => void} onState
 * @property {(report: import("ladder").RungReport) => void} onRung
 * @property {(event: RealtimeEvent, direction: "received" | "sent") => void} onEvent
 * @property {(event: RealtimeEvent) => void} onUnusable an event of the service breaks the protocol
 * @property {(activity: Activity) => void} onActivity who is speaking may have changed
 * @property {(stream: MediaStream) => void} onMicrophone
 * @property {(move: import("microphone").Move, label: string) => void} onMicrophoneMoved this one is used from now on
 * @property {(trouble: import("microphone").Trouble) => void} onTrouble the microphone hears nothing, or again
 * @property {() => void} onRateChanged the context does not fit the microphone any more
 * @property {(speaking: boolean) => void} onMutedSpeech the user speaks while muted, or no longer
 * @property {(stream: MediaStream) => void} onRemoteStream
 * @property {(unsteady: boolean) => void} onUnsteady
 * @property {() => void} onLife somebody is there
 * @property {(seconds: number) => void} onIdle nobody seems to be there, so the call hangs up soon; 0: somebody is
 */

/** Which state may follow which. @type {Record<CallState, CallState[]>} */
const NEXT = {
  idle: ["preparing"],
  preparing: ["connecting", "ended"],
  connecting: ["live", "ended"],
  live: ["recovering", "ended"],
  recovering: ["live", "ended"],
  ended: [],
};

/**
 * One call, from pressing the button to hanging up. Used once; knows neither Vue nor NiceGUI. When its connection is
 * lost, it gets another one and goes on.
 */
export class RealtimeCall {
  /** @param {CallOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {CallState} */
    this.state = "idle";
    this.userCame = false; // whether the user has said anything in this call
    this.transcribes = false; // whether the service sends transcripts of the user's speech
    this.ending = new AbortController();
    /** @type {Connection | undefined} by which the call goes on */
    this.connection = undefined;
    this.messages = new Messages();
    /** @type {string | undefined} where the last connection's ticket led */
    this.service = undefined;
    this.recovery = new Recovery(options.transport);
    this.renewal = new Renewal({
      isPause: () => this.isPause(),
      connect: () => this.makeConnection(this.recovery.transport(), { standsBy: true }),
      open: (next) => this.open(next, RENEWAL_ATTEMPT_MS),
      takeOver: (next) => this.takeOver(next),
      onLost: (failure) => this.end(failure),
    });
    /** @type {(() => void)[]} who waits until the call is live or has ended */
    this.waiting = [];
    this.activity = new Activity();
    this.responses = new Responses((event) => this.transmit(event), this.activity);
    this.turns = new Turns({
      send: (event) => this.transmit(event),
      responses: this.responses,
      awaitsWords: () => this.options.transcribesFirst && this.transcribes,
      onOpen: () => this.userSound.openOrShut(),
    });
    this.userSound = new UserSound({
      context: options.context,
      turns: this.turns,
      send: (track) => this.connection?.route.sendSound(track),
      onCaughtUp: (sent) => this.turns.catchUp(sent),
      onStream: options.onMicrophone,
      onMoved: options.onMicrophoneMoved,
      onTrouble: options.onTrouble,
      onRateChanged: options.onRateChanged,
      onMutedSpeech: options.onMutedSpeech,
    });
    this.idle = new IdleWatch({
      isUserTalking: () => this.activity.userSpeaks || this.turns.open,
      isAnswerHeard: () => this.activity.isSpeaking,
      onLife: options.onLife,
      onWarning: options.onIdle,
      onForgotten: () => this.end(new CallFailure("forgotten")),
    });
  }

  /** Places the call; returns when it is live or has ended. Never throws. */
  async start() {
    this.enter("preparing");
    try {
      const { withMicrophone } = this.options;
      if (withMicrophone) this.userSound.keep();
      const connection = (this.connection = this.makeConnection(this.options.transport));
      this.userSound.microphone.cancelsAll = connection.route.kind === "relay"; // then Web Audio plays the answers
      if (!withMicrophone) connection.ladder.skip("microphone");
      const microphone = withMicrophone && connection.ladder.climb("microphone", this.openMicrophone());
      const key = connection.takeTicket();
      const isAsked = withMicrophone && !(await isMicrophoneGranted());
      const ticket = isAsked ? Promise.all([key, microphone]).then(([ticket]) => ticket) : key;
      ticket.then(() => this.state === "preparing" && this.enter("connecting"), () => {});
      // the first failure is the reason; the other steps end with the call
      await Promise.all([microphone, key, connection.open(ticket)]);
      this.goLive(connection);
    } catch (error) {
      this.end(CallFailure.from(error));
    }
  }

  /** Continues the call by another connection, with the same microphone. @param {CallFailure} loss */
  async recover(loss) {
    const isAnswerDue = this.activity.isAnswering && !this.activity.isSpeaking;
    this.enter("recovering", loss);
    this.leave(loss);
    this.turns.goAway();
    this.options.onActivity(this.activity);
    if (this.options.withMicrophone) this.userSound.keep();
    try {
      await reconnect(this.recovery, loss, {
        service: this.service,
        signal: this.ending.signal,
        isDone: () => this.state !== "recovering",
        attempt: (transport) => this.continueBy(transport, isAnswerDue),
      });
    } catch (error) {
      this.end(CallFailure.from(error));
    }
  }

  /** @param {"auto" | import("route").TransportName} transport @param {boolean} isAnswerDue whether the user waits for one */
  async continueBy(transport, isAnswerDue) {
    const connection = (this.connection = this.makeConnection(transport));
    try {
      this.userSound.send();
      await this.open(connection, RECOVERY_ATTEMPT_MS);
      this.goLive(connection);
      if (this.messages.unconfirmed.size) this.sayAgain();
      else if (isAnswerDue && connection.seeds.at(-1)?.item?.role === "user") this.responses.create();
    } catch (error) {
      connection.close(CallFailure.from(error));
      throw error;
    }
  }

  /** Closes the connection, and forgets what it was about to do. @param {CallFailure} reason */
  leave(reason) {
    this.renewal.stop(reason);
    this.service = this.connection?.url;
    this.connection?.close(reason);
    this.activity.reset();
    this.responses.reset();
  }

  /** @param {Connection} connection @param {number} ms how long it may take */
  async open(connection, ms) {
    const opened = connection.open(connection.takeTicket());
    await within(opened, { ms, code: "network_timeout", signal: this.ending.signal });
  }

  /** @param {"auto" | import("route").TransportName} transport @param {{ standsBy?: boolean }} [state] */
  makeConnection(transport, state) {
    const { context, requestTicket, onRung, onUnusable, onRemoteStream, onUnsteady } = this.options;
    const options = {
      context,
      transport,
      requestTicket,
      onRung,
      onUnusable,
      onRemoteStream,
      onUnsteady,
      onEvent: (/** @type {RealtimeEvent} */ event) => this.receive(event),
      onLost: (/** @type {CallFailure} */ failure) => this.end(failure),
    };
    return new Connection(options, state);
  }

  /** @param {Connection} connection */
  goLive({ seeds, route }) {
    for (const seed of seeds) this.transmit(seed);
    this.turns.goLive();
    this.userSound.sendKept();
    this.recovery.connected(route.kind, performance.now());
    this.enter("live");
    this.idle.start();
    this.renewal.plan();
  }

  /** Whether nobody speaks or is about to. */
  isPause() {
    return this.state === "live" && !this.turns.open && this.activity.name === "listening";
  }

  /** Goes on by a connection that stood by. @param {Connection} next */
  takeOver(next) {
    const renewed = new CallFailure("session_expired", "renewed");
    this.enter("recovering", renewed);
    this.leave(renewed);
    this.connection = next;
    next.takeOver();
    this.userSound.send();
    this.goLive(next);
  }

  /**
   * Sends a client event of the Realtime protocol; one that requests a response waits until none is being generated.
   * @param {RealtimeEvent} event
   */
  send(event) {
    const isRequest = event.type === "response.create" && event.response?.conversation !== "none";
    if (isRequest) this.responses.create(event);
    else this.transmit(event);
  }

  /** Lets the AI speak first, unless the user was quicker. @param {RealtimeEvent} event a `response.create` */
  greet(event) {
    if (!this.userCame) this.send(event);
  }

  /** How many bytes of JSON a message may have. */
  get room() {
    return (this.connection?.route.longestEvent ?? 0) - MESSAGE_ENVELOPE;
  }

  /** Adds a turn in writing: like speech, it interrupts the AI and is answered. @param {import("messages").Message} message */
  say(message) {
    this.userCame = true;
    this.responses.interrupt();
    this.transmitMessage(this.messages.add(message));
    this.responses.create();
  }

  /**
   * Deletes items from the conversation, and says something else, or asks for another answer.
   * @param {string[]} itemIds @param {import("messages").Message | null} message
   */
  revise(itemIds, message) {
    this.userCame = true;
    this.interrupt();
    for (const item_id of itemIds) this.transmit({ type: "conversation.item.delete", item_id });
    if (message) this.say(message);
    else this.responses.create();
  }

  /** Adds the messages that got lost with a connection. */
  sayAgain() {
    for (const event of [...this.messages.unconfirmed.values()]) this.transmitMessage(event);
    this.responses.create();
  }

  /** Sends a message; one that is too long for this connection is not tried again. @param {RealtimeEvent} event */
  transmitMessage(event) {
    if (!this.transmit(event)) this.messages.unconfirmed.delete(event.item.id);
  }

  /** Stops the answer that is being generated or heard. */
  interrupt() {
    this.responses.interrupt();
    this.options.onActivity(this.activity);
  }

  /** @param {RealtimeEvent} event @returns {boolean} whether it was sent; if not, an error was received instead */
  transmit(event) {
    this.renewal.noteEvent();
    const refusal = this.connection?.send(event);
    if (refusal) this.receive(refusal);
    else this.options.onEvent(event, "sent");
    this.options.onActivity(this.activity);
    return !refusal;
  }

  /** @returns {Promise<import("route").Path | undefined>} which way the sound goes */
  async path() {
    return this.connection?.route.path();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.userSound.mute(muted);
  }

  /** Chooses whether turns are taken by hand (push to talk): then the microphone is shut between them. @param {boolean} byHand */
  takeTurnsByHand(byHand) {
    this.userSound.takeTurnsByHand(byHand);
    this.turns.drop();
  }

  /** Begins a turn by hand, also before the call is live. */
  beginTurn() {
    if (this.state === "idle" || this.state === "ended" || !this.userSound.byHand) return;
    this.userCame = true;
    this.turns.begin();
  }

  endTurn() {
    this.turns.end();
  }

  /**
   * Continues with another microphone, or with the same one processed differently.
   * @param {import("devices").Sound} sound
   * @throws {CallFailure} the microphone before continues
   */
  async useMicrophone(sound) {
    if (this.userSound.microphone.stream && this.state !== "ended") await this.userSound.open(sound);
  }

  /**
   * Continues a call without a microphone with one.
   * @param {import("devices").Sound} sound
   * @throws {CallFailure} the call goes on without
   */
  async addMicrophone(sound) {
    await this.userSound.open(sound);
    this.options.withMicrophone = true;
  }

  /**
   * Goes on with another context, since the one before has stopped. The nodes of the relay must be made anew.
   * @param {AudioContext} context
   */
  useContext(context) {
    this.options.context = context;
    this.userSound.useContext(context);
    if (this.connection?.route.kind !== "relay") return;
    const stopped = new CallFailure("connection_lost", "AudioContext");
    if (this.state === "recovering") this.connection.close(stopped);
    else this.end(stopped);
  }

  hangUp() {
    this.end();
  }

  /** Ends the call, unless it is live and broke without anybody's will. @param {CallFailure} [failure] */
  end(failure) {
    if (this.state === "idle" || this.state === "ended") return;
    if (failure && this.idle.isForgotten) failure = new CallFailure("forgotten"); // it is not to go on
    if (failure && this.state === "live" && isLoss(failure)) {
      if (!this.renewal.lose(failure)) this.recover(failure);
      return;
    }
    const hungUp = new CallFailure("unknown", "hung up");
    this.enter("ended", failure);
    this.ending.abort(hungUp);
    this.turns.drop();
    this.leave(hungUp);
    this.idle.stop();
    this.userSound.close();
  }

  async openMicrophone() {
    await this.userSound.open(this.options.sound);
    if (this.state === "ended") throw this.ending.signal.reason; // hung up while the permission prompt was open
  }

  /** @param {RealtimeEvent} event */
  receive(event) {
    this.renewal.noteEvent();
    this.activity.receive(event);
    this.idle.receive(event);
    this.options.onEvent(event, "received");
    this.responses.receive(event);
    this.options.onActivity(this.activity);
    this.messages.receive(event);
    if (event.session) this.transcribes = Boolean(event.session.audio?.input?.transcription);
    if (event.type === "session.created" && event.session?.expires_at) this.renewal.noteExpiry(event.session.expires_at);
    this.renewal.renewInPause();
    if (event.type === "input_audio_buffer.speech_started") this.userCame = true;
    if (event.type === "error" && event.error?.code === "session_expired")
      this.end(new CallFailure("session_expired", event.error.message));
  }

  /** @param {CallState} state @param {CallFailure} [failure] */
  enter(state, failure) {
    if (!NEXT[this.state].includes(state)) throw new Error(`A call that is ${this.state} cannot become ${state}.`);
    this.state = state;
    this.options.onState(state, failure);
    if (state === "live" || state === "ended") for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** @returns {Promise<void>} resolves when the call is live or has ended */
  async settled() {
    if (this.state === "live" || this.state === "ended") return;
    await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
  }
}
