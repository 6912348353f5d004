import { CallBar } from "call_bar";
import { CallSound } from "call_sound";
import { CallStatus } from "call_status";
import { CallTalk } from "call_talk";
import { CallTools } from "call_tools";
import { Caller } from "caller";
import { Leaving } from "leaving";
import { nothingShown } from "shown_call";
import { Shortcuts } from "shortcuts";
import { findUndelivered, forgetUndelivered, keepUndelivered } from "undelivered";
import { defineComponent, h, useTemplateRef } from "vue";

/**
 * The browser half of VoiceCall: what is shown of its calls, and what controls them. Python calls the methods in
 * snake_case and those of one word, see call.py.
 */
export default defineComponent({
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
    shown: nothingShown(),
    talk: /** @type {import("talk").Talk} */ ("off"),
    voiceOnly: false, // whether the picture of the voices takes the place of the conversation
  }),
  // not in data(): Vue must not wrap these in reactive proxies
  setup: () => ({
    caller: /** @type {Caller} */ (/** @type {unknown} */ (null)), // until it is mounted
    removal: new AbortController(),
    isInTouch: false, // whether the page's socket to Parley is open
    status: /** @type {TemplateRef<InstanceType<typeof CallStatus>>} */ (useTemplateRef("status")),
    bar: /** @type {TemplateRef<InstanceType<typeof CallBar>>} */ (useTemplateRef("bar")),
    talkButton: /** @type {TemplateRef<InstanceType<typeof CallTalk> | null>} */ (useTemplateRef("talkButton")),
    tools: /** @type {TemplateRef<InstanceType<typeof CallTools>>} */ (useTemplateRef("tools")),
    soundSheet: /** @type {TemplateRef<InstanceType<typeof CallSound>>} */ (useTemplateRef("soundSheet")),
  }),
  computed: {
    /** @returns {import("lifecycle").CallState | "failed"} */
    state() {
      return this.shown.state === "ended" && this.shown.failure ? "failed" : this.shown.state;
    },
    calling() {
      return !["idle", "ended"].includes(this.shown.state);
    },
  },
  watch: {
    pushToTalk(pushToTalk) {
      this.caller.call?.takeTurnsByHand(pushToTalk);
    },
    recordTo(url) {
      this.caller.voices.recorder.sendTo(url);
    },
    hangUpAfter(seconds) {
      this.caller.call?.idle.setLimit(seconds);
    },
  },
  mounted() {
    const { signal } = this.removal;
    this.caller = new Caller({
      home: this.$el,
      shown: this.shown,
      settings: this.$props,
      report: (message) => this.$emit("reports", message),
      requestTicket: (request) => this.$emit("ticket", request),
      sound: () => this.soundSheet.sound,
      onSoundRefused: (before) => this.soundSheet.keep(before),
      onState: (state) => this.follow(state),
      onNote: (note, code) => this.tell(note, code),
      onVoice: (voice, context, stream) => this.bar.follow(voice, context, stream),
      announce: (name, detail) => this.$el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })),
    });
    this.caller.voices.recorder.sendTo(this.recordTo);
    const shortcuts = new Shortcuts({
      isCalling: () => this.calling,
      call: () => this.caller.press(),
      talkButton: () => this.talkButton,
      toggleMute: () => this.pushToTalk || this.caller.mute(!this.shown.muted),
      interrupt: () => this.interrupt(),
      help: () => this.tools.openHelp(),
    });
    signal.addEventListener("abort", () => shortcuts.remove());
    const leaving = {
      isCalling: () => this.calling,
      isLive: () => this.shown.state === "live",
      isInTouch: () => this.isInTouch,
      failure: () => this.shown.failure?.code,
      onLeft: () => this.leave(),
    };
    new Leaving(leaving, signal);
    this.caller.goOn();
  },
  beforeUnmount() {
    this.removal.abort();
    this.caller.remove();
  },
  methods: {
    /** @param {import("lifecycle").CallState} state */
    follow(state) {
      if (state === "live" && this.shown.withMicrophone) this.soundSheet.noteChecked(); // a call proves the microphone, too
      if (state !== "ended") return;
      this.bar.stop();
      this.talkButton?.reset();
    },
    /** A pointer or the focus has come to the button. */
    approach() {
      if (this.calling) return;
      this.caller.approach();
      this.$emit("approach");
    },
    /** @param {import("talk").Talk} talk of the push-to-talk button */
    turnTo(talk) {
      if (this.talk === "off") this.caller.call?.beginTurn();
      if (talk === "off") this.caller.call?.endTurn();
      this.talk = talk;
    },
    interrupt() {
      this.caller.liveCall?.dialogue.interrupt();
    },
    /** @returns {AudioContext} a running one, inside a click */
    wakeContext() {
      return this.caller.voices.audio.wake();
    },
    /** @param {import("devices").Sound} sound @param {import("devices").Sound} before */
    changeSound(sound, before) {
      this.caller.changeSound(sound, before);
    },
    /** Ends the call with the page, and keeps what Python may not have for the next one. */
    leave() {
      const { call, reports } = this.caller;
      call?.end();
      const seeded = call?.connection?.seeds.map(({ item }) => item.id) ?? [];
      const { conversation } = this;
      keepUndelivered({ conversation, origin: performance.timeOrigin, seeded, reports: reports.undelivered() });
    },

    /**
     * Says something in writing; places a call first if there is none. It opens no microphone, and offers to add one.
     * @param {(room: number) => import("messages").Message} compose makes the message, of at most so many bytes of JSON
     * @returns {Promise<boolean>} false if the call could not be placed; the status line says why
     */
    async say(compose) {
      const call = await this.ready();
      call?.dialogue.say(compose(call.dialogue.room));
      return Boolean(call);
    },
    ready() {
      return this.caller.ready();
    },
    call_again() {
      this.caller.callAgain();
    },
    /** @param {string} code of the failure that ends the call */
    fail(code) {
      this.caller.fail(code);
    },
    /** @param {RealtimeEvent} event */
    send(event) {
      this.caller.liveCall?.dialogue.send(event);
    },
    /** @param {RealtimeEvent} event */
    greet(event) {
      this.caller.liveCall?.dialogue.greet(event);
    },
    /**
     * Deletes items from the conversation, and says something else, or asks for another answer.
     * @param {string[]} item_ids @param {import("messages").Message | null} message
     */
    revise(item_ids, message) {
      this.caller.liveCall?.dialogue.revise(item_ids, message);
    },
    /** @param {string} note for the status line @param {string} [code] of a failure */
    tell(note, code) {
      this.status.show(note, code);
    },
    /** @param {number} count of reports @param {number} interval milliseconds between two messages from now on */
    confirm(count, interval) {
      this.caller.reports.outbox.confirm(count, interval);
    },
    /** @param {number} count of reports */
    resume(count) {
      if (!this.isInTouch) window.socket?.once("disconnect", () => (this.isInTouch = false));
      if (!this.isInTouch) this.deliverUndelivered();
      this.isInTouch = true;
      this.caller.reports.outbox.resume(count);
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
    /** @param {Parameters<import("tickets").Tickets["receive"]>} answer */
    receive_ticket(...answer) {
      this.caller.tickets.receive(...answer);
    },

    // what is shown
    statusLine() {
      const { shown, texts, talk, pushToTalk } = this;
      return h(CallStatus, {
        ref: "status",
        texts,
        talk,
        pushToTalk,
        state: shown.state,
        failure: shown.failure,
        activity: shown.activity,
        answering: shown.answering,
        muted: shown.muted,
        mutedSpeech: shown.mutedSpeech,
        unsteady: shown.unsteady,
        renewing: shown.renewing,
        idle: shown.idle,
        trouble: shown.trouble,
        blocked: shown.blocked,
        inWriting: this.calling && !shown.withMicrophone,
        adding: shown.adding,
        offersCheck: shown.state === "idle" && this.soundSheet?.checked === false,
        onAddMicrophone: () => this.caller.addMicrophone(),
        onWrite: () => this.caller.press(false),
        onStop: () => this.interrupt(),
        onUnblock: () => this.caller.voices.audio.unblock(),
        onCheck: () => this.soundSheet.openAndCheck(),
      });
    },
    callBar() {
      const { shown, texts, state, pushToTalk } = this;
      return h(CallBar, {
        ref: "bar",
        texts,
        state,
        muted: shown.muted,
        canMute: !pushToTalk && (shown.withMicrophone || !this.calling),
        isHeard: shown.withMicrophone && (!shown.muted || pushToTalk),
        thinking: shown.state === "live" && shown.activity === "thinking",
        onPress: () => this.caller.press(),
        onApproach: () => this.approach(),
        onMute: (/** @type {boolean} */ muted) => this.caller.mute(muted),
        onSound: () => this.soundSheet.open(),
      });
    },
    callTools() {
      const { shown, texts, version, pushToTalk, voiceOnly } = this;
      const path = shown.state === "live" ? shown.path : null;
      const choose = (/** @type {boolean} */ byHand) => this.$emit("push-to-talk", byHand);
      const show = (/** @type {boolean} */ voiceOnly) => (this.voiceOnly = voiceOnly);
      const told = { ref: "tools", texts, version, pushToTalk, voiceOnly, path, onPushToTalk: choose, onVoiceOnly: show };
      return h(CallTools, told, { default: () => this.$slots.default?.() });
    },
    callSound() {
      const { texts, failures, calling: live } = this;
      return h(CallSound, {
        ref: "soundSheet",
        texts: texts.sound,
        failures,
        closing: texts.close,
        context: this.wakeContext,
        live,
        onChange: this.changeSound,
        onDevices: (/** @type {import("devices").Sound} */ sound) => this.caller.voices.speaker.use(sound),
      });
    },
  },
  render() {
    const { shown, texts, state, pushToTalk } = this;
    const talks = pushToTalk && this.calling && shown.withMicrophone;
    return h("section", { class: "call", "data-state": state, "data-view": this.voiceOnly ? "voice" : null, "aria-label": texts.label }, [
      h("p", { class: "call__recording", role: "status" }, [
        shown.recording && h("span", { "data-testid": "recording" }, texts.recording.sign),
      ]),
      this.statusLine(),
      this.callBar(),
      talks && h(CallTalk, { ref: "talkButton", texts: texts.talk, onTalk: this.turnTo }),
      this.callTools(),
      this.callSound(),
    ]);
  },
});
