import { Dialogue } from "dialogue";
import { IdleWatch } from "idle_watch";
import { isMicrophoneGranted } from "microphone";
import { UserSound } from "user_sound";
import { Connections } from "./connections.js";
import { CallFailure } from "./failure.js";
import { Lifecycle } from "./lifecycle.js";
import { isLoss } from "./recovery.js";

/** @typedef {import("./lifecycle.js").CallState} CallState */
/** @typedef {import("./connection.js").Connection} Connection */

/**
 * @typedef {object} CallOptions
 * @property {AudioContext} context
 * @property {import("devices").Sound} sound
 * @property {"auto" | import("route").TransportName} transport
 * @property {boolean} withMicrophone whether it begins with a microphone; without, one writes, and may add one later
 * @property {boolean} transcribesFirst whether the service answers speech only after its transcript
 * @property {(transport: import("route").TransportName) => Promise<import("tickets").Ticket>} requestTicket
 * @property {() => import("waiting_peer").Peer} takePeer of the next connection over WebRTC
 * @property {(state: CallState, failure?: CallFailure) => void} onState
 * @property {(report: import("ladder").RungReport) => void} onRung
 * @property {(event: RealtimeEvent, direction: "received" | "sent") => void} onEvent
 * @property {(event: RealtimeEvent) => void} onUnusable an event of the service breaks the protocol
 * @property {(activity: import("activity").Activity) => void} onActivity who is speaking may have changed
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

/**
 * One call, from pressing the button to hanging up. Used once; knows neither Vue nor NiceGUI. When its connection is
 * lost, it gets another one and goes on.
 */
export class RealtimeCall {
  /** @param {CallOptions} options */
  constructor(options) {
    this.options = options;
    this.life = new Lifecycle(options.onState);
    this.ending = new AbortController();
    this.connections = new Connections(
      { ...options, onEvent: (event) => this.receive(event), onLost: (failure) => this.end(failure) },
      {
        signal: this.ending.signal,
        isPause: () => this.state === "live" && this.dialogue.isPaused,
        takeOver: (next) => this.takeOver(next),
      },
    );
    this.dialogue = new Dialogue({
      send: (event) => this.transmit(event),
      longestEvent: () => this.connection?.route.longestEvent ?? 0,
      transcribesFirst: options.transcribesFirst,
      onActivity: options.onActivity,
      onOpen: () => this.userSound.openOrShut(),
    });
    const { turns, activity } = this.dialogue;
    this.userSound = new UserSound({
      context: options.context,
      turns,
      send: (track) => this.connection?.route.sendSound(track),
      onCaughtUp: (sent) => turns.catchUp(sent),
      onStream: options.onMicrophone,
      onMoved: options.onMicrophoneMoved,
      onTrouble: options.onTrouble,
      onRateChanged: options.onRateChanged,
      onMutedSpeech: options.onMutedSpeech,
    });
    this.idle = new IdleWatch({
      isUserTalking: () => activity.userSpeaks || turns.open,
      isAnswerHeard: () => activity.isSpeaking,
      onLife: options.onLife,
      onWarning: options.onIdle,
      onForgotten: () => this.end(new CallFailure("forgotten")),
    });
  }

  get state() {
    return this.life.state;
  }

  /** The connection by which the call goes on. */
  get connection() {
    return this.connections.current;
  }

  /** Places the call; returns when it is live or has ended. Never throws. */
  async start() {
    this.life.enter("preparing");
    try {
      const { withMicrophone } = this.options;
      if (withMicrophone) this.userSound.keep();
      const connection = this.connections.next(this.options.transport);
      this.userSound.microphone.cancelsAll = connection.route.kind === "relay"; // then Web Audio plays the answers
      if (!withMicrophone) connection.ladder.skip("microphone");
      const microphone = withMicrophone && connection.ladder.climb("microphone", this.openMicrophone());
      const key = connection.takeTicket();
      const ticket = microphone ? this.untilAnswered(microphone).then(() => key) : key;
      ticket.then(() => this.state === "preparing" && this.life.enter("connecting"), () => {});
      // the first failure is the reason; the other steps end with the call
      await Promise.all([microphone, key, connection.open(ticket)]);
      this.goLive(connection);
    } catch (error) {
      this.end(CallFailure.from(error));
    }
  }

  /** Continues the call by another connection, with the same microphone. @param {CallFailure} loss */
  async recover(loss) {
    const { isAnswerDue, turns, activity } = this.dialogue;
    this.life.enter("recovering", loss);
    this.leave(loss);
    turns.goAway();
    this.options.onActivity(activity);
    if (this.options.withMicrophone) this.userSound.keep();
    try {
      await this.connections.recover(loss, {
        isDone: () => this.state !== "recovering",
        attempt: (transport) => this.continueBy(transport, isAnswerDue),
      });
    } catch (error) {
      this.end(CallFailure.from(error));
    }
  }

  /** @param {"auto" | import("route").TransportName} transport @param {boolean} isAnswerDue whether the user waits for one */
  async continueBy(transport, isAnswerDue) {
    const connection = this.connections.next(transport);
    try {
      this.userSound.send();
      await this.connections.open(connection);
      this.goLive(connection);
      this.dialogue.goOn(connection.seeds, isAnswerDue);
    } catch (error) {
      connection.close(CallFailure.from(error));
      throw error;
    }
  }

  /** Closes the connection, and forgets what it was about to do. @param {CallFailure} reason */
  leave(reason) {
    this.connections.close(reason);
    this.dialogue.reset();
  }

  /** @param {Connection} connection */
  goLive({ seeds }) {
    for (const seed of seeds) this.dialogue.transmit(seed);
    this.dialogue.turns.goLive();
    this.userSound.sendKept();
    this.connections.noteLive();
    this.life.enter("live");
    this.idle.start();
  }

  /** Goes on by a connection that stood by. @param {Connection} next */
  takeOver(next) {
    const renewed = new CallFailure("session_expired", "renewed");
    this.life.enter("recovering", renewed);
    this.leave(renewed);
    this.connections.current = next;
    next.takeOver();
    this.userSound.send();
    this.goLive(next);
  }

  /** @param {RealtimeEvent} event @returns {boolean} whether it was sent; if not, an error was received instead */
  transmit(event) {
    const refusal = this.connections.send(event);
    if (refusal) this.receive(refusal);
    else this.options.onEvent(event, "sent");
    return !refusal;
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.userSound.mute(muted);
  }

  /** Chooses whether turns are taken by hand (push to talk): then the microphone is shut between them. @param {boolean} byHand */
  takeTurnsByHand(byHand) {
    this.userSound.takeTurnsByHand(byHand);
    this.dialogue.turns.drop();
  }

  /** Begins a turn by hand, also before the call is live. */
  beginTurn() {
    if (this.life.isOngoing && this.userSound.byHand) this.dialogue.beginTurn();
  }

  endTurn() {
    this.dialogue.turns.end();
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
    this.connections.options.context = context;
    this.userSound.useContext(context);
    if (this.connection?.route.kind !== "relay") return;
    const stopped = new CallFailure("connection_lost", "AudioContext");
    if (this.state === "recovering") this.connection.close(stopped);
    else this.end(stopped);
  }

  /** Hangs up, or ends the call because of a failure, unless it is live and can recover. @param {CallFailure} [failure] */
  end(failure) {
    if (!this.life.isOngoing) return;
    if (failure && this.idle.isForgotten) failure = new CallFailure("forgotten"); // it is not to go on
    if (failure && this.state === "live" && isLoss(failure)) {
      if (!this.connections.renewal.lose(failure)) this.recover(failure);
      return;
    }
    const hungUp = new CallFailure("unknown", "hung up");
    this.life.enter("ended", failure);
    this.ending.abort(hungUp);
    this.dialogue.turns.drop();
    this.leave(hungUp);
    this.idle.stop();
    this.userSound.close();
  }

  /** Waits for the microphone if the browser asks for it: no call is placed while a person reads the question. @param {Promise<void>} microphone */
  async untilAnswered(microphone) {
    if (!(await isMicrophoneGranted())) await microphone;
  }

  async openMicrophone() {
    await this.userSound.open(this.options.sound);
    if (this.state === "ended") throw this.ending.signal.reason; // hung up while the permission prompt was open
  }

  /** @param {RealtimeEvent} event of the service */
  receive(event) {
    this.connections.receive(event);
    this.dialogue.receive(event, () => {
      this.idle.receive(event);
      this.options.onEvent(event, "received");
    });
    this.connections.renewal.renewInPause();
    if (event.type === "error" && event.error?.code === "session_expired")
      this.end(new CallFailure("session_expired", event.error.message));
  }
}
