import { Voices } from "voices";
import { hasSameInput } from "devices";
import { isMicrophoneGranted } from "microphone";
import { fetchWorklet } from "first_words";
import { play } from "./tones.js";
import { LiveSign } from "./live_sign.js";
import { Route } from "route";
import { RealtimeCall } from "call";
import { CallFailure, explain } from "failure";
import { forgetLiveCall, hadMicrophone, noteLiveCall, noteMicrophone, wasInterrupted } from "./interruption.js";
import { Reports } from "./reports.js";
import { Tickets } from "tickets";
import { WaitingPeer } from "waiting_peer";
import { WakeLock } from "./wake_lock.js";

/** @typedef {import("lifecycle").CallState} CallState */

/**
 * @typedef {object} CallerSettings of the next call, and of the one that goes on
 * @property {string} run identifies this run of the program
 * @property {boolean} pushToTalk
 * @property {number} hangUpAfter seconds in which nobody has spoken or written; 0 is never
 * @property {boolean} transcribesFirst whether the service answers speech only after its transcript
 * @property {"auto" | import("route").TransportName} transport
 * @property {Record<string, any>} texts `call` of assets/languages
 * @property {Record<string, any>} failures `failures` of assets/languages
 */

/**
 * @typedef {object} CallerOptions
 * @property {HTMLElement} home where the AI's voice is played
 * @property {import("./shown_call.js").ShownCall} shown is kept up to date
 * @property {Readonly<CallerSettings>} settings
 * @property {(message: import("./outbox.js").Message) => void} report to Python
 * @property {(request: import("tickets").TicketRequest) => void} requestTicket
 * @property {() => import("devices").Sound} sound the settings of sound
 * @property {(sound: import("devices").Sound) => void} onSoundRefused the settings go back to these
 * @property {(state: CallState) => void} onState
 * @property {(sentence: string, code?: string) => void} onNote for a while
 * @property {import("voices").VoicesOptions["onVoice"]} onVoice
 * @property {(name: string, detail?: object) => void} announce tells other elements of the page
 */

/** Places the calls of a page, one after the other, and keeps up to date what the page shows of them. */
export class Caller {
  /** @param {CallerOptions} options */
  constructor(options) {
    this.options = options;
    this.shown = options.shown;
    /** @type {RealtimeCall | null} */
    this.call = null;
    this.reports = new Reports(options.report);
    this.tickets = new Tickets(options.requestTicket);
    this.waitingPeer = new WaitingPeer();
    this.wakeLock = new WakeLock();
    this.liveSign = new LiveSign();
    this.voices = new Voices({
      home: options.home,
      onVoice: options.onVoice,
      onBlocked: (blocked) => (this.shown.blocked = blocked),
      onContext: (context) => this.call?.useContext(context),
      onReturned: () => this.call?.userSound.revive(),
      onSpeakerMoved: () => this.note(this.texts.speaker_moved),
      onRecording: (recording) => (this.shown.recording = recording),
      onRecordingRefused: (refusal) => this.note(this.texts.recording[refusal]),
    });
  }

  get texts() {
    return this.options.settings.texts;
  }

  get isCalling() {
    return Boolean(this.call?.life.isOngoing);
  }

  /** The call, once it is live. */
  get liveCall() {
    return this.call?.state === "live" ? this.call : null;
  }

  /** A call seems close: makes ready what it will ask the browser for. It opens no microphone, and tells nobody. */
  approach() {
    isMicrophoneGranted();
    fetchWorklet();
    if (Route.firstKind(this.options.settings.transport) === "webrtc") this.waitingPeer.prepare();
  }

  /** Places a call, or hangs up. @param {boolean} [withMicrophone] without one, one writes and hears the answers */
  press(withMicrophone = true) {
    if (this.isCalling) this.hangUp();
    else this.place(withMicrophone);
  }

  /** Inside a click, or Safari stays silent. @param {boolean} withMicrophone */
  place(withMicrophone) {
    const { settings, sound, onNote } = this.options;
    const { shown, voices } = this;
    shown.withMicrophone = withMicrophone;
    noteMicrophone(withMicrophone);
    const context = voices.begin(sound());
    forgetLiveCall();
    onNote("");
    const call = (this.call = new RealtimeCall({
      context,
      sound: sound(),
      transport: settings.transport,
      withMicrophone,
      transcribesFirst: settings.transcribesFirst,
      requestTicket: (transport) => this.tickets.request(transport, this.reports.outbox.due),
      takePeer: () => this.waitingPeer.take(),
      onState: (state, failure) => this.call === call && this.enter(state, failure),
      onRung: (rung) => this.reports.rung(rung),
      onEvent: (event, direction) => this.passOn(event, direction),
      onUnusable: (event) => this.record(event, "received"),
      onActivity: ({ name, isAnswering }) => {
        shown.activity = name;
        shown.answering = shown.state === "live" && isAnswering;
      },
      onMicrophone: (stream) => voices.hear(stream),
      onMicrophoneMoved: (move, label) => this.note(this.texts[move].replace("{label}", label)),
      onTrouble: (trouble) => (shown.trouble = trouble),
      onRateChanged: () => voices.audio.replaceContext(),
      onMutedSpeech: (speaking) => (shown.mutedSpeech = speaking),
      onRemoteStream: (stream) => voices.play(stream),
      onUnsteady: (unsteady) => (shown.unsteady = unsteady),
      onLife: () => this.reports.life(),
      onIdle: (seconds) => (shown.idle = seconds),
    }));
    call.idle.setLimit(settings.hangUpAfter);
    call.mute(shown.muted);
    call.takeTurnsByHand(settings.pushToTalk);
    call.start();
    this.waitingPeer.discard(); // the call goes by the relay
  }

  hangUp() {
    forgetLiveCall();
    this.call?.end();
  }

  callAgain() {
    this.hangUp();
    this.press(this.shown.withMicrophone);
  }

  /** Ends the call as failed. @param {string} code of the failure */
  fail(code) {
    forgetLiveCall();
    this.call?.end(new CallFailure(code));
  }

  /**
   * Places a call without a microphone if there is none.
   * @returns {Promise<RealtimeCall | null>} the call once it is live; null if it could not be placed
   */
  async ready() {
    if (!this.isCalling) this.press(false);
    await this.call?.life.settled();
    return this.liveCall;
  }

  /** Continues the call that a restart of the program ended by reloading the page, if the browser needs no press for it. */
  async goOn() {
    if (!wasInterrupted(this.options.settings.run)) return;
    const withMicrophone = hadMicrophone();
    if (!withMicrophone || (await isMicrophoneGranted())) {
      if (this.shown.state === "idle") this.press(withMicrophone);
      return;
    }
    this.shown.state = "ended";
    this.shown.failure = explain(new CallFailure("server_restarted"), this.options.settings.failures);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.shown.muted = muted;
    this.call?.mute(muted);
  }

  /** Gives a microphone to a call that has none. */
  async addMicrophone() {
    const { call, shown } = this;
    if (!call || shown.adding) return;
    shown.adding = true;
    this.note("");
    try {
      await call.addMicrophone(this.options.sound());
      if (this.call !== call) return;
      shown.withMicrophone = true;
      noteMicrophone(true);
      this.mute(false);
    } catch (error) {
      const { code, sentence } = explain(CallFailure.from(error), this.options.settings.failures);
      if (this.call === call) this.note(`${sentence} ${this.texts.in_writing.goes_on}`, code);
    } finally {
      shown.adding = false;
    }
  }

  /** @param {import("devices").Sound} sound @param {import("devices").Sound} before */
  async changeSound(sound, before) {
    this.voices.speaker.use(sound);
    if (hasSameInput(before, sound)) return;
    await this.call?.useMicrophone(sound).catch((failure) => {
      this.options.onSoundRefused(before);
      this.note(explain(failure, this.options.settings.failures).sentence, failure.code);
    });
  }

  /** @param {string} sentence @param {string} [code] */
  note(sentence, code) {
    this.options.onNote(sentence, code);
  }

  /** @param {CallState} state @param {CallFailure} [failure] */
  enter(state, failure) {
    const { shown } = this;
    const before = shown.state;
    shown.state = state;
    shown.failure = failure && state === "ended" ? explain(failure, this.options.settings.failures) : null;
    shown.unsteady = false;
    shown.renewing = state === "recovering" && failure?.code === "session_expired";
    shown.path = null;
    if (state === "recovering" || state === "ended") shown.answering = false;
    this.reports.state(state, failure, this.call?.connection?.route.callId);
    if (state === "preparing") this.begin();
    if (state === "live") this.goLive();
    if (state === "live" && before !== "recovering") setTimeout(() => this.signal("connected")); // once it is shown
    if (state === "ended" && before !== "preparing" && before !== "connecting") this.signal("ended");
    if (state === "ended") this.finish();
    this.options.onState(state);
  }

  /** Tells, by sound and on the tab, that a call has begun or ended. @param {import("tones").Tone} tone */
  signal(tone) {
    const { tones, volume } = this.options.sound();
    if (tones) play(tone, volume);
    this.liveSign.show(tone === "connected");
  }

  begin() {
    this.options.announce("realtime-started");
    this.wakeLock.hold();
  }

  goLive() {
    noteLiveCall(this.options.settings.run);
    this.voices.recorder.goLive();
    this.call?.connection?.route.path().then((path) => (this.shown.path = path));
  }

  finish() {
    this.options.announce("realtime-ended");
    this.voices.end();
    this.wakeLock.release();
  }

  /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
  passOn(event, direction) {
    if (direction === "received") this.options.announce("realtime", event);
    this.record(event, direction);
  }

  /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
  record(event, direction) {
    this.options.announce("realtime-record", this.reports.event(event, direction));
  }

  remove() {
    this.call?.end();
    this.waitingPeer.discard();
    this.voices.remove();
  }
}
