import { ControlsWatch } from "keys";
import { defineComponent } from "vue";

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
  template: `
    <div class="call__line">
      <p class="call__status" data-testid="status-line" role="status" aria-live="polite">
        <span class="call__sentence" :data-testid="hook" :data-code="code || null">{{ sentence }}</span>
        <span v-if="failure?.next_step" class="call__next">{{ failure.next_step }}</span>
        <span v-if="note" class="call__next" data-testid="call-note" :data-code="noteCode || null">{{ note }}</span>
        <span v-if="idle" class="call__next" data-testid="idle-warning">{{ texts.idle_warning[idle === 1 ? "one" : "many"].replace("{seconds}", idle) }}</span>
        <button v-if="blocked" class="call__unblock" data-testid="tap-to-hear" type="button"
          @click="$emit('unblock')">{{ texts.tap_to_hear }}</button>
      </p>
      <button v-if="answering" class="call__stop" data-testid="stop-answer" type="button" :title="texts.stopHint"
        @click="$emit('stop')">{{ texts.stop }}</button>
      <button v-if="inWriting && state === 'live'" class="call__stop" data-testid="add-microphone" type="button" :disabled="adding"
        @click="$emit('add-microphone')">{{ adding ? texts.in_writing.adding : texts.in_writing.add }}</button>
      <button v-if="lacksMicrophone" class="call__stop" data-testid="without-microphone" type="button"
        @click="$emit('write')">{{ texts.in_writing.offer }}</button>
      <button v-if="offersCheck" class="call__offer" data-testid="check-offer" type="button"
        @click="$emit('check')">{{ texts.sound.check.offer }}</button>
    </div>`,
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
  },
});
