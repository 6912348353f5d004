import { ControlsWatch } from "keys";
import { defineComponent, h } from "vue";

/** @typedef {import("vue").PropType<import("call").CallState>} StateProp */
/** @typedef {import("vue").PropType<import("activity").ActivityName>} ActivityProp */
/** @typedef {import("vue").PropType<import("talk").Talk>} TalkProp */
/** @typedef {import("vue").PropType<import("failure").Explanation | null>} FailureProp */

/** Failures of a call that could go on in writing. */
const NO_MICROPHONE = [
  "insecure_page",
  "microphone_busy",
  "microphone_forbidden",
  "microphone_missing",
  "microphone_refused",
  "microphone_timeout",
  "microphone_unsupported",
];

const NOTE_MS = 8_000; // how long a note stays

/**
 * The status line: one sentence about the call, or why it failed and what to do, and for a while a note. Beside it, the
 * button that stops the answer, or, before the first call, one that offers to check the microphone.
 */
export const CallStatus = defineComponent({
  props: {
    texts: { type: Object, required: true },
    state: { type: /** @type {StateProp} */ (String), required: true },
    failure: { type: /** @type {FailureProp} */ (Object), default: null },
    activity: { type: /** @type {ActivityProp} */ (String), required: true },
    talk: { type: /** @type {TalkProp} */ (String), required: true },
    pushToTalk: Boolean,
    muted: Boolean,
    mutedSpeech: Boolean, // whether the user speaks while muted
    unsteady: Boolean, // whether the network is lost for the moment
    renewing: Boolean, // whether only the service's session has ended
    idle: { type: Number, default: 0 }, // seconds until the call hangs up because nobody seems to be there
    trouble: { type: /** @type {import("vue").PropType<import("microphone").Trouble>} */ (String), default: null },
    inWriting: Boolean, // whether the call has no microphone
    adding: Boolean, // whether one is being added
    answering: Boolean, // whether there is an answer to stop
    blocked: Boolean, // whether sound needs a tap
    offersCheck: Boolean, // whether to offer a microphone check
  },
  emits: ["add-microphone", "check", "stop", "unblock", "write"],
  data: () => ({ note: "", noteCode: "", controls: /** @type {import("keys").Controls} */ ("keys") }),
  setup: () => ({
    watch: /** @type {ControlsWatch | null} */ (null),
    noteEnd: /** @type {number | undefined} */ (undefined),
  }),
  created() {
    this.watch = new ControlsWatch((controls) => (this.controls = controls));
  },
  beforeUnmount() {
    this.watch?.remove();
    clearTimeout(this.noteEnd);
  },
  computed: {
    /** The failure that the sentence is about, "" if it is about none. @returns {string} */
    code() {
      if (this.failure) return this.failure.code;
      if (this.state === "recovering") return this.renewing ? "" : "connection_lost";
      if (this.state !== "live") return "";
      if (this.unsteady) return "connection_lost";
      if (this.blocked) return "sound_blocked";
      return this.trouble ? `microphone_${this.trouble}` : "";
    },
    /** Whether the call failed only for want of a microphone. */
    lacksMicrophone() {
      return this.failure && NO_MICROPHONE.includes(this.failure.code);
    },
    hook() {
      if (this.state === "recovering") return "recovering";
      return this.code ? "notice" : null;
    },
    sentence() {
      const { texts, activity } = this;
      if (this.failure) return this.failure.sentence;
      if (this.state === "recovering") return this.renewing ? texts.states.connecting : texts.states.recovering;
      if (this.state !== "live") return this.talk === "off" ? texts.states[this.state] : texts.talking.early;
      if (this.unsteady) return texts.unsteady;
      if (this.blocked) return texts.blocked;
      if (this.trouble) return texts.troubles[this.trouble];
      if (this.mutedSpeech) return texts.muted_speech[this.controls];
      if (this.talk !== "off") return texts.talking[this.talk];
      if (this.inWriting && activity !== "thinking") return texts.in_writing[activity] ?? texts.in_writing.listening;
      if (activity === "speaking") return texts.activities.speaking;
      if (this.pushToTalk && activity === "listening") return texts.talking.off[this.controls];
      return this.muted && !this.pushToTalk ? texts.muted : texts.activities[activity];
    },
  },
  methods: {
    /** @param {string} note replaces the one before; empty removes it @param {string} [code] of a failure */
    show(note, code = "") {
      this.note = note;
      this.noteCode = code;
      clearTimeout(this.noteEnd);
      this.noteEnd = setTimeout(() => (this.note = ""), NOTE_MS);
    },
    sentences() {
      const { texts, code, failure, idle, note } = this;
      const next = (/** @type {string} */ text, attributes = {}) => h("span", { class: "call__next", ...attributes }, text);
      return h("p", { class: "call__status", "data-testid": "status-line", role: "status", "aria-live": "polite" }, [
        h("span", { class: "call__sentence", "data-testid": this.hook, "data-code": code || null }, this.sentence),
        failure?.next_step && next(failure.next_step),
        note && next(note, { "data-testid": "call-note", "data-code": this.noteCode || null }),
        idle > 0 && next(texts.idle_warning[idle === 1 ? "one" : "many"].replace("{seconds}", idle), { "data-testid": "idle-warning" }),
        this.blocked && button("call__unblock", "tap-to-hear", texts.tap_to_hear, () => this.$emit("unblock")),
      ]);
    },
  },
  render() {
    const { texts, adding } = this;
    const { in_writing: writing } = texts;
    return h("div", { class: "call__line" }, [
      this.sentences(),
      this.answering && button("call__stop", "stop-answer", texts.stop, () => this.$emit("stop"), { title: texts.stopHint }),
      this.inWriting &&
        this.state === "live" &&
        button("call__stop", "add-microphone", adding ? writing.adding : writing.add, () => this.$emit("add-microphone"), { disabled: adding }),
      this.lacksMicrophone && button("call__stop", "without-microphone", writing.offer, () => this.$emit("write")),
      this.offersCheck && button("call__offer", "check-offer", texts.sound.check.offer, () => this.$emit("check")),
    ]);
  },
});

/** @param {string} style a class @param {string} hook @param {string} name @param {() => void} onClick @param {object} [more] attributes */
function button(style, hook, name, onClick, more) {
  return h("button", { class: style, "data-testid": hook, type: "button", onClick, ...more }, name);
}
