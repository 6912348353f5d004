import { CallBar } from "call_bar";
import { CallHelp } from "call_help";
import { CallIcon } from "call_icon";
import { CallModes } from "call_modes";
import { CallPath } from "call_path";
import { CallSound } from "call_sound";
import { CallStatus } from "call_status";
import { CallTalk } from "call_talk";
import { RealtimeCall } from "call";
import { hasSameInput } from "devices";
import { CallRecorder } from "recording";
import { findUndelivered, forgetUndelivered, keepUndelivered } from "undelivered";
import { CallFailure, explain } from "failure";
import { isMicrophoneGranted } from "microphone";
import { FORGOTTEN, forgetLiveCall, hadMicrophone, noteLiveCall, noteMicrophone, wasInterrupted } from "interruption";
import { Reports } from "reports";
import { Shortcuts } from "shortcuts";
import { AudioSession } from "audio_session";
import { LiveSign } from "live_sign";
import { Speaker } from "speaker";
import { Tickets } from "tickets";
import { play } from "tones";
import { WakeLock } from "wake_lock";
import { defineComponent, useTemplateRef } from "vue";

/**
 * The browser half of VoiceCall: one call after the other, and what is shown of it. Python calls the methods in
 * snake_case and those of one word, see call.py.
 */
export default defineComponent({
  components: { CallBar, CallHelp, CallIcon, CallModes, CallPath, CallSound, CallStatus, CallTalk },
  template: `
    <section class="call" :data-state="shown" :data-view="voiceOnly ? 'voice' : null" :aria-label="texts.label">
      <p class="call__recording" role="status"><span v-if="recording" data-testid="recording">{{ texts.recording.sign }}</span></p>
      <call-status ref="status" v-bind="{ texts, state, failure, activity, talk, pushToTalk, muted, mutedSpeech, unsteady, renewing }"
        :answering="answering" :idle="idle" :trouble="trouble" :blocked="blocked" :offers-check="state === 'idle' && soundSheet?.checked === false"
        :in-writing="calling && !withMicrophone" :adding="adding" @add-microphone="addMicrophone" @write="press(false)"
        @stop="interrupt" @unblock="unblock" @check="soundSheet.openAndCheck()" />
      <call-bar ref="bar" :texts="texts" :state="shown" :muted="muted" :can-mute="!pushToTalk && (withMicrophone || !calling)"
        :is-heard="withMicrophone && (!muted || pushToTalk)" :thinking="state === 'live' && activity === 'thinking'"
        @press="press()" @approach="calling || $emit('approach')" @mute="mute" @sound="soundSheet.open()" />
      <call-talk v-if="pushToTalk && calling && withMicrophone" ref="talkButton" :texts="texts.talk" @talk="turnTo" />
      <div class="call__tools">
        <call-modes :texts="texts.modes" :push-to-talk="pushToTalk" @choose="$emit('push-to-talk', $event)" />
        <button class="tool tool--small" data-testid="help" type="button" :aria-label="texts.help.title" :title="texts.help.title"
          @mousedown.prevent @click="help.open()">?</button>
        <button class="tool tool--small tool--view" data-testid="voice-only" type="button" :aria-pressed="String(voiceOnly)"
          :aria-label="texts.voice_only" :title="texts.voice_only" @mousedown.prevent @click="voiceOnly = !voiceOnly">
          <call-icon name="voices" />
        </button>
        <slot />
        <call-path v-if="path && state === 'live'" :texts="texts.ways" :path="path" />
      </div>
      <call-sound ref="soundSheet" :texts="texts.sound" :failures="failures" :closing="texts.close" :context="wakeContext"
        :live="calling" @change="changeSound" @devices="speaker.use($event)" />
      <call-help ref="help" :texts="texts.help" :closing="texts.close" :version="version" />
    </section>`,
  props: {
    run: { type: String, required: true }, // identifies this run of the program
    conversation: { type: String, default: "" }, // identifies what the calls are about; "" if nothing of it is kept
    missing: { type: String, default: "" }, // a conversation that this page should show, of which Python has nothing
    version: String, // of the program
    texts: { type: Object, required: true }, // `call` of assets/languages
    failures: { type: Object, required: true }, // `failures` of assets/languages
    pushToTalk: Boolean,
    recordTo: { type: String, default: "" }, // where recordings of the sound are sent; "" records nothing
    hangUpAfter: { type: Number, default: 0 }, // seconds in which nobody has spoken or written; 0 is never
    transcribesFirst: Boolean, // whether the service of the next call answers speech only after its transcript
    transport: { type: /** @type {import("vue").PropType<"auto" | import("route").TransportName>} */ (String), default: "auto" },
  },
  emits: ["approach", "lost", "push-to-talk", "reports", "ticket", "undelivered"],
  data: () => ({
    state: /** @type {import("call").CallState} */ ("idle"),
    failure: /** @type {import("failure").Explanation | null} */ (null),
    activity: /** @type {import("activity").ActivityName} */ ("listening"),
    answering: false, // whether there is an answer to stop
    talk: /** @type {import("talk").Talk} */ ("off"),
    muted: false,
    withMicrophone: true, // whether the call has one
    voiceOnly: false, // whether the picture of the voices takes the place of the conversation
    adding: false, // whether a microphone is being added
    mutedSpeech: false, // whether the user speaks while muted
    trouble: /** @type {import("microphone").Trouble} */ (null),
    renewing: false, // whether the call is recovering from nothing but the end of the service's session
    idle: 0, // seconds until the call hangs up because nobody seems to be there; 0 if somebody is
    unsteady: false, // whether the network is lost for the moment
    recording: false,
    blocked: false, // whether sound needs a tap
    path: /** @type {import("route").Path | null | undefined} */ (null),
  }),
  // not in data(): Vue must not wrap these in reactive proxies
  setup: (_props, { emit }) => ({
    call: /** @type {RealtimeCall | null} */ (null),
    speaker: /** @type {Speaker | null} */ (null),
    audio: /** @type {AudioSession | null} */ (null),
    streams: /** @type {{ user?: MediaStream, assistant?: MediaStream }} */ ({}), // that the waveforms show
    recorder: /** @type {CallRecorder | null} */ (null),
    removal: new AbortController(),
    reports: new Reports((message) => emit("reports", message)),
    tickets: new Tickets((request) => emit("ticket", request)),
    wakeLock: new WakeLock(),
      liveSign: new LiveSign(),
    isInTouch: false, // whether the page's socket to Parley is open
    status: /** @type {TemplateRef<InstanceType<typeof CallStatus>>} */ (useTemplateRef("status")),
    bar: /** @type {TemplateRef<InstanceType<typeof CallBar>>} */ (useTemplateRef("bar")),
    talkButton: /** @type {TemplateRef<InstanceType<typeof CallTalk> | null>} */ (useTemplateRef("talkButton")),
    soundSheet: /** @type {TemplateRef<InstanceType<typeof CallSound>>} */ (useTemplateRef("soundSheet")),
    help: /** @type {TemplateRef<InstanceType<typeof CallHelp>>} */ (useTemplateRef("help")),
  }),
  computed: {
    /** @returns {import("call").CallState | "failed"} */
    shown() {
      return this.state === "ended" && this.failure ? "failed" : this.state;
    },
    calling() {
      return this.state === "preparing" || this.state === "connecting" || this.state === "live" || this.state === "recovering";
    },
  },
  watch: {
    pushToTalk(pushToTalk) {
      this.call?.takeTurnsByHand(pushToTalk);
    },
    recordTo(url) {
      this.recorder?.sendTo(url);
    },
    hangUpAfter(seconds) {
      this.call?.idle.setLimit(seconds);
    },
  },
  mounted() {
    const { signal } = this.removal;
    const shortcuts = new Shortcuts({
      isCalling: () => this.calling,
      call: () => this.press(),
      talkButton: () => this.talkButton,
      toggleMute: () => this.pushToTalk || this.mute(!this.muted),
      interrupt: () => this.interrupt(),
      help: () => this.help.open(),
    });
    signal.addEventListener("abort", () => shortcuts.remove());
    window.addEventListener("pagehide", () => this.leave(), { signal });
    window.addEventListener("may-reload", (event) => this.askToStay(event), { signal });
    window.addEventListener("beforeunload", (event) => this.askBeforeLeaving(event), { signal });
    this.speaker = new Speaker({
      home: this.$el,
      id: "remote-voice",
      onMoved: () => this.tell(this.texts.speaker_moved),
    });
    this.recorder = new CallRecorder({
      onRecording: (recording) => (this.recording = recording),
      onRefused: (refusal) => this.tell(this.texts.recording[refusal]),
    });
    this.recorder.sendTo(this.recordTo);
    this.audio = new AudioSession({
      speaker: this.speaker,
      onBlocked: (blocked) => (this.blocked = blocked),
      onReplaced: (context) => {
        this.call?.useContext(context);
        for (const speaker of /** @type {const} */ (["user", "assistant"])) this.show(speaker, this.streams[speaker]);
      },
      onReturned: () => this.call?.userSound.revive(),
    });
    // a restarted program reloads the page, which ends the call
    if (wasInterrupted(this.run)) this.callAfterRestart();
  },
  beforeUnmount() {
    this.removal.abort();
    this.call?.hangUp();
    this.audio?.close();
    this.speaker?.remove();
  },
  methods: {
    /** Places a call, or hangs up. @param {boolean} [withMicrophone] without one, one writes and hears the answers */
    press(withMicrophone = true) {
      if (this.calling) return this.hang_up();
      this.withMicrophone = withMicrophone;
      noteMicrophone(withMicrophone);
      const { sound } = this.soundSheet;
      const context = /** @type {AudioSession} */ (this.audio).begin(sound); // inside the click, or Safari stays silent
      forgetLiveCall();
      this.tell("");
      const call = (this.call = new RealtimeCall({
        context,
        sound,
        transport: this.transport,
        withMicrophone,
        transcribesFirst: this.transcribesFirst,
        requestTicket: (transport) => this.tickets.request(transport, this.reports.outbox.count),
        onState: (state, failure) => this.call === call && this.enter(state, failure),
        onRung: (rung) => this.reports.rung(rung),
        onEvent: (event, direction) => this.passOn(event, direction),
        onUnusable: (event) => this.record(event, "received"),
        onActivity: ({ name, isAnswering }) => {
          this.activity = name;
          this.answering = this.state === "live" && isAnswering;
        },
        onMicrophone: (stream) => {
          this.audio?.listenTo(stream);
          this.show("user", stream);
        },
        onMicrophoneMoved: (move, label) => this.tell(this.texts[move].replace("{label}", label)),
        onTrouble: (trouble) => (this.trouble = trouble),
        onRateChanged: () => this.audio?.replaceContext(),
        onMutedSpeech: (speaking) => (this.mutedSpeech = speaking),
        onRemoteStream: (stream) => {
          this.speaker?.play(stream);
          this.show("assistant", stream);
        },
        onUnsteady: (unsteady) => (this.unsteady = unsteady),
        onLife: () => this.reports.life(),
        onIdle: (seconds) => (this.idle = seconds),
      }));
      call.idle.setLimit(this.hangUpAfter);
      call.mute(this.muted);
      call.takeTurnsByHand(this.pushToTalk);
      call.start();
    },
    /**
     * Says something in writing; places a call first if there is none. It opens no microphone, and offers to add one.
     * @param {(room: number) => import("messages").Message} compose makes the message, of at most so many bytes of JSON
     * @returns {Promise<boolean>} false if the call could not be placed; the status line says why
     */
    async say(compose) {
      const call = await this.ready();
      call?.say(compose(call.room));
      return Boolean(call);
    },
    /** Places a call without a microphone if there is none. @returns {Promise<RealtimeCall | null>} the call once it is live; null if it could not be placed */
    async ready() {
      if (!this.calling) this.press(false);
      await this.call?.settled();
      return this.liveCall();
    },
    /** Continues the call that a restart of the program ended, if the browser needs no press for it. */
    async callAfterRestart() {
      const withMicrophone = hadMicrophone();
      if (!withMicrophone || (await isMicrophoneGranted())) {
        if (this.state === "idle") this.press(withMicrophone);
        await this.call?.settled();
        return;
      }
      this.state = "ended";
      this.failure = explain(new CallFailure("server_restarted"), this.failures);
    },
    /**
     * Lets the browser ask before a person leaves a call. A page that has lost Parley is reloaded by NiceGUI, unasked.
     * @param {BeforeUnloadEvent} event
     */
    askBeforeLeaving(event) {
      if (this.calling && this.isInTouch) event.preventDefault();
    },
    /**
     * Keeps a page that Parley has forgotten while its call is live, or while it says why the call ended. A call that
     * needs a ticket can only go on in the next page.
     * @param {Event} event
     */
    askToStay(event) {
      const ended = this.failure && this.failure.code !== "server_lost";
      if (this.state === "live" || ended) event.preventDefault();
      else if (this.calling) noteLiveCall(FORGOTTEN);
    },
    /** Ends the call with the page, and keeps what Python may not have for the next one. */
    leave() {
      this.call?.hangUp();
      const seeded = this.call?.connection?.seeds.map(({ item }) => item.id) ?? [];
      const reports = this.reports.undelivered();
      keepUndelivered({ conversation: this.conversation, origin: performance.timeOrigin, seeded, reports });
    },
    /** Plays, and hears, what the browser or the system refuses without a press. */
    unblock() {
      this.audio?.unblock();
    },
    /** Draws a voice. @param {"user" | "assistant"} speaker @param {MediaStream} [stream] */
    show(speaker, stream) {
      this.streams[speaker] = stream;
      const context = this.audio?.context;
      if (!context || !stream) return;
      this.bar.follow(speaker, context, stream);
      this.recorder?.follow(context, speaker, stream);
    },
    interrupt() {
      this.liveCall()?.interrupt();
    },
    /** @param {boolean} muted */
    mute(muted) {
      this.muted = muted;
      this.call?.mute(muted);
    },
    /** Gives a microphone to a call that has none. */
    async addMicrophone() {
      const { call } = this;
      if (!call || this.adding) return;
      this.adding = true;
      this.tell("");
      try {
        await call.addMicrophone(this.soundSheet.sound);
        if (this.call !== call) return;
        this.withMicrophone = true;
        noteMicrophone(true);
        this.mute(false);
      } catch (error) {
        const { code, sentence } = explain(CallFailure.from(error), this.failures);
        if (this.call === call) this.tell(`${sentence} ${this.texts.in_writing.goes_on}`, code);
      } finally {
        this.adding = false;
      }
    },
    /** @param {import("talk").Talk} talk of the push-to-talk button */
    turnTo(talk) {
      if (this.talk === "off") this.call?.beginTurn();
      if (talk === "off") this.call?.endTurn();
      this.talk = talk;
    },

    hang_up() {
      forgetLiveCall();
      this.call?.hangUp();
    },
    call_again() {
      this.hang_up();
      this.press(this.withMicrophone);
    },
    /** @param {string} code of the failure that ends the call */
    fail(code) {
      forgetLiveCall();
      this.call?.end(new CallFailure(code));
    },
    /** @param {RealtimeEvent} event */
    send(event) {
      this.liveCall()?.send(event);
    },
    /** @param {RealtimeEvent} event */
    greet(event) {
      this.liveCall()?.greet(event);
    },
    /**
     * Deletes items from the conversation, and says something else, or asks for another answer.
     * @param {string[]} item_ids @param {import("messages").Message | null} message
     */
    revise(item_ids, message) {
      this.liveCall()?.revise(item_ids, message);
    },
    /** @param {string} note for the status line @param {string} [code] of a failure */
    tell(note, code) {
      this.status.show(note, code);
    },
    /** @param {number} count of reports */
    confirm(count) {
      this.reports.outbox.confirm(count);
    },
    /** @param {number} count of reports */
    resume(count) {
      if (!this.isInTouch) window.socket?.once("disconnect", () => (this.isInTouch = false));
      if (!this.isInTouch) this.deliverUndelivered();
      this.isInTouch = true;
      this.reports.outbox.resume(count);
    },
    deliverUndelivered() {
      const parts = findUndelivered([this.conversation, this.missing]);
      for (const part of parts) this.$emit("undelivered", part);
      if (this.missing && !parts.length) this.$emit("lost");
    },
    /** Python has what the page before had not delivered. */
    forget_undelivered() {
      forgetUndelivered();
    },
    /** @param {Parameters<Tickets["receive"]>} answer */
    receive_ticket(...answer) {
      this.tickets.receive(...answer);
    },

    liveCall() {
      return this.call?.state === "live" ? this.call : null;
    },
    /** @param {import("call").CallState} state @param {CallFailure} [failure] */
    enter(state, failure) {
      const before = this.state;
      this.state = state;
      this.failure = failure && state === "ended" ? explain(failure, this.failures) : null;
      this.unsteady = false;
      this.renewing = state === "recovering" && failure?.code === "session_expired";
      this.path = null;
      this.reports.state(state, failure, this.call?.connection?.route.callId);
      if (state === "preparing") this.enterPreparing();
      if (state === "live") this.enterLive();
      if (state === "live" && before !== "recovering") this.signal("connected");
      if (state === "ended" && before !== "preparing" && before !== "connecting") this.signal("ended");
      if (state === "recovering") this.answering = false;
      if (state === "ended") this.enterEnded();
    },
    /** Tells, by sound and on the tab, that a call has begun or ended. @param {import("tones").Tone} tone */
    signal(tone) {
      const { tones, volume } = this.soundSheet.sound;
      if (tones) play(tone, volume);
      this.liveSign.show(tone === "connected");
    },
    enterPreparing() {
      this.announce("realtime-started");
      this.wakeLock.hold();
    },
    enterLive() {
      noteLiveCall(this.run);
      this.recorder?.goLive();
      if (this.withMicrophone) this.soundSheet.noteChecked(); // a call proves the microphone, too
      this.call?.path().then((path) => (this.path = path));
    },
    enterEnded() {
      this.announce("realtime-ended");
      this.bar.stop();
      this.recorder?.end();
      this.audio?.end();
      this.streams = {};
      this.wakeLock.release();
      this.answering = false;
      this.talkButton?.reset();
    },
    /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
    passOn(event, direction) {
      if (direction === "received") this.announce("realtime", event);
      this.record(event, direction);
    },
    /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
    record(event, direction) {
      this.announce("realtime-record", this.reports.event(event, direction));
    },
    /** Tells other elements of the page without a detour through Python. @param {string} name @param {object} [detail] */
    announce(name, detail) {
      this.$el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    },

    /** @returns {AudioContext} a running one, inside a click */
    wakeContext() {
      return /** @type {AudioSession} */ (this.audio).wake();
    },
    /** @param {import("devices").Sound} sound @param {import("devices").Sound} before */
    async changeSound(sound, before) {
      this.speaker?.use(sound);
      if (hasSameInput(before, sound)) return;
      await this.call?.useMicrophone(sound).catch((failure) => {
        this.soundSheet.keep(before);
        this.tell(explain(failure, this.failures).sentence, failure.code);
      });
    },
  },
});
