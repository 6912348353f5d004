import CallHelp from "call_help";
import CallTalk from "call_talk";
import { CallFailure } from "realtime_failure";
import { Keyboard } from "realtime_keys";
import { Outbox } from "realtime_outbox";
import { Pictures } from "realtime_pictures";
import { RealtimeCall } from "realtime_call";
import { Speaker } from "realtime_speaker";
import { WakeLock } from "realtime_wake_lock";
import { Waveform } from "realtime_waveform";
import { activityAfter, withoutSound } from "realtime_activity";
import { recall } from "realtime_devices";

const BATCH_MS = 50; // more messages cost Python more than the eye gains
const NOTE_MS = 8_000; // how long a word about something that happened stays
const INTERRUPTED_CALL = "parley.call"; // session storage: which run of the program a live call belonged to

// @mousedown.prevent: a click leaves the focus, and with it the space bar, where it is
export default {
  components: { CallHelp, CallTalk },
  template: `
    <section class="call" :data-state="shown" aria-label="Call">
      <div class="call__line">
        <p class="call__status" data-testid="status-line" role="status" aria-live="polite">
          <span class="call__sentence">{{ sentence }}</span>
          <span v-if="nextStep" class="call__next">{{ nextStep }}</span>
          <span v-if="note" class="call__next" data-testid="call-note">{{ note }}</span>
          <button v-if="silenced" class="call__unblock" @click="speaker.unblock()">{{ texts.unblock }}</button>
        </p>
        <button v-if="answering" class="call__stop" data-testid="stop-answer" type="button" :title="texts.stopHint"
          @click="interrupt">{{ texts.stop }}</button>
      </div>
      <div class="call__bar" @mousedown.prevent>
        <canvas ref="user" class="wave wave--user" data-testid="waveform-user" role="img" :aria-label="texts.you"></canvas>
        <button class="tool tool--mute" data-testid="mute" type="button" :class="{ 'tool--hidden': pushToTalk }"
          :aria-pressed="String(muted)" :aria-label="texts.mute" :title="texts.mute" @click="mute(!muted)">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <rect x="9" y="3" width="6" height="11" rx="3" class="filled" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
            <path v-if="muted" d="M4 3 20 21" class="slash" /></svg>
        </button>
        <button class="call__button" data-testid="call-button" type="button"
          :data-state="shown" :aria-label="texts.buttons[shown]" :title="texts.buttons[shown]"
          @click="press" @pointerenter="approach" @focus="approach">
          <svg v-if="busy" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6 18 18M18 6 6 18" /></svg>
          <svg v-else-if="shown === 'live'" viewBox="0 0 24 24" aria-hidden="true">
            <rect x="6" y="6" width="12" height="12" rx="2.5" class="filled" /></svg>
          <svg v-else viewBox="0 0 24 24" aria-hidden="true">
            <rect x="9" y="3" width="6" height="11" rx="3" class="filled" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" /></svg>
        </button>
        <button class="tool" data-testid="help" type="button" :aria-label="texts.help.title" :title="texts.help.title"
          @click="$refs.help.open()">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.01" /></svg>
        </button>
        <canvas ref="assistant" class="wave wave--assistant" data-testid="waveform-assistant" role="img" :aria-label="texts.assistant"></canvas>
      </div>
      <call-talk v-if="pushToTalk && state === 'live'" ref="talk" :texts="texts.talk" @talk="turnTo" />
      <div class="call__tools">
        <div class="modes" role="group" :aria-label="texts.modes.label">
          <button v-for="byHand in [false, true]" type="button" class="modes__mode" :data-testid="byHand ? 'push-to-talk' : 'hands-free'"
            :aria-pressed="String(byHand === pushToTalk)" @mousedown.prevent @click="$emit('push-to-talk', byHand)">
            {{ byHand ? texts.modes.push_to_talk : texts.modes.hands_free }}</button>
        </div>
        <slot />
      </div>
      <call-help ref="help" :texts="texts.help" :closing="texts.close" />
    </section>`,
  props: {
    run: String, // this run of the program
    texts: Object,
    failures: Object,
    pushToTalk: Boolean,
  },
  data: () => ({
    state: "idle",
    failure: null,
    activity: "listening",
    unsteady: false,
    muted: false,
    unheard: false,
    talk: "off",
    silenced: false,
    note: "",
  }),
  computed: {
    shown() {
      return this.state === "ended" && this.failure ? "failed" : this.state;
    },
    busy() {
      return this.state === "preparing" || this.state === "connecting";
    },
    answering() {
      return this.state === "live" && (this.activity === "thinking" || this.activity === "speaking");
    },
    sentence() {
      if (this.failure) return this.failure.sentence;
      if (this.state !== "live") return this.texts.states[this.state];
      if (this.unsteady) return this.texts.unsteady;
      if (this.unheard) return this.texts.unheard;
      if (this.talk !== "off") return this.texts.talking[this.talk];
      if (this.activity === "speaking") return this.texts.activities.speaking;
      if (this.pushToTalk && this.activity === "listening") return this.texts.talking.off;
      return this.muted && !this.pushToTalk ? this.texts.muted : this.texts.activities[this.activity];
    },
    nextStep() {
      return this.failure?.next_step;
    },
  },
  watch: {
    pushToTalk(pushToTalk) {
      this.call?.takeTurnsByHand(pushToTalk);
    },
  },
  created() {
    // not in data(): Vue must not wrap media objects in reactive proxies
    this.call = null;
    this.pictures = new Pictures();
    this.tickets = new Map();
    this.ticketsRequested = 0;
    this.outbox = new Outbox((message) => this.$emit("reports", message), BATCH_MS);
    this.sound = recall();
    this.wakeLock = new WakeLock();
    this.leave = () => this.call?.hangUp();
    window.addEventListener("pagehide", this.leave);
  },
  mounted() {
    this.waveforms = {
      user: new Waveform(this.$refs.user, { towards: "left" }),
      assistant: new Waveform(this.$refs.assistant, { towards: "right" }),
    };
    this.speaker = new Speaker({
      home: this.$el,
      onSilenced: (silenced) => (this.silenced = silenced),
      onMoved: () => this.tell(this.texts.speaker_moved),
    });
    this.keyboard = new Keyboard((action, phase, at) => this.act(action, phase, at));
    this.tellOfInterruption();
  },
  beforeUnmount() {
    window.removeEventListener("pagehide", this.leave);
    this.leave();
    this.keyboard.remove();
    for (const waveform of Object.values(this.waveforms)) waveform.remove();
    this.context?.close();
    this.speaker.remove();
    clearTimeout(this.noteEnd);
  },
  methods: {
    press() {
      if (this.busy || this.state === "live") return this.hang_up();
      this.context ??= new AudioContext(); // inside the click, or Safari stays silent
      this.context.resume();
      this.speaker.prepare(this.sound);
      sessionStorage.removeItem(INTERRUPTED_CALL);
      Object.assign(this, { failure: null, activity: "listening", unsteady: false, note: "" });
      const call = (this.call = new RealtimeCall({
        context: this.context,
        sound: this.sound,
        requestTicket: () => this.requestTicket(),
        onState: (state, failure) => this.call === call && this.enter(state, failure),
        onRung: (rung) => this.report("rung", rung),
        onEvent: (event, direction) => this.pass(event, direction),
        onMicrophone: (stream) => this.waveforms.user.follow(this.context, stream),
        onMicrophoneMoved: (label) => this.tell(this.texts.microphone_moved.replace("{label}", label)),
        onUnheard: (speaking) => (this.unheard = speaking),
        onRemoteStream: (stream) => this.play(stream),
        onUnsteady: (unsteady) => (this.unsteady = unsteady),
      }));
      call.mute(this.muted);
      call.takeTurnsByHand(this.pushToTalk);
      this.starting = call.start();
    },
    approach() {
      if (!this.busy && this.state !== "live") this.$emit("approach");
    },
    hang_up() {
      sessionStorage.removeItem(INTERRUPTED_CALL);
      this.call?.hangUp();
    },
    send(event) {
      if (this.call?.state === "live") this.call.send(event);
    },
    /**
     * Says something in writing; calls first, if need be.
     * @param {import("./realtime/realtime_call.js").Message} message
     * @returns {Promise<boolean>} whether it was said; if not, the call could not be placed, and the status says why
     */
    async say(message) {
      if (!this.busy && this.state !== "live") this.press();
      const { call } = this;
      await this.starting;
      if (call.state !== "live") return false;
      call.say(message);
      return true;
    },
    interrupt() {
      if (this.call?.state === "live") this.call.interrupt();
    },
    mute(muted) {
      this.muted = muted;
      this.call?.mute(muted);
    },

    /** @param {import("realtime_talk").Talk} talk of the push-to-talk button */
    turnTo(talk) {
      if (this.talk === "off") this.call.beginTurn();
      if (talk === "off") this.call.endTurn();
      this.talk = talk;
    },
    /** What a key does, see realtime_keys. */
    act(action, phase, at) {
      if (action === "talk" && this.state === "live") this.$refs.talk?.[phase === "down" ? "press" : "release"](at);
      else if (phase === "up") return;
      else if (action === "talk" && !this.busy) this.press();
      else if (action === "mute" && !this.pushToTalk) this.mute(!this.muted);
      else if (action === "interrupt") this.interrupt();
      else if (action === "type") document.querySelector("[data-testid=message-box]")?.focus();
      else if (action === "help") this.$refs.help.open();
    },
    tell(note) {
      this.note = note;
      clearTimeout(this.noteEnd);
      this.noteEnd = setTimeout(() => (this.note = ""), NOTE_MS);
    },

    // the way to Python
    confirm(count) {
      this.outbox.confirm(count);
    },
    resume(count) {
      this.outbox.resume(count);
    },
    report(kind, report) {
      this.outbox.add({ kind, ...report });
    },
    pass(event, direction) {
      if (direction === "received") this.activity = activityAfter(this.activity, event);
      this.report("event", { at: performance.now(), direction, event: this.pictures.once(withoutSound(event), direction) });
    },
    enter(state, failure) {
      this.state = state;
      this.failure = failure ? this.explain(failure) : null;
      this.report("state", { state, failure: failure && { code: failure.code, detail: failure.detail } });
      if (state === "live") sessionStorage.setItem(INTERRUPTED_CALL, this.run);
      if (state === "preparing") this.wakeLock.hold();
      if (state === "ended") {
        for (const waveform of Object.values(this.waveforms)) waveform.rest();
        this.context?.suspend();
        this.wakeLock.release();
        this.silenced = false;
      }
      this.outbox.flush();
    },
    explain({ code, detail }) {
      const known = this.failures[code] ?? this.failures[code.replace(/^(http_\d)\d\d$/, "$1xx")] ?? this.failures.unknown;
      return { ...known, code, detail };
    },

    requestTicket() {
      const id = ++this.ticketsRequested;
      if (!window.socket?.connected) return Promise.reject(new CallFailure("server_lost"));
      return new Promise((resolve, reject) => {
        this.tickets.set(id, { resolve, reject });
        this.$emit("ticket", id);
      });
    },
    receive_ticket(id, ticket, failure) {
      const { resolve, reject } = this.tickets.get(id) ?? {};
      this.tickets.delete(id);
      if (failure) reject?.(new CallFailure(failure.code, failure.detail));
      else resolve?.(ticket);
    },

    // sound
    play(stream) {
      this.speaker.play(stream);
      this.waveforms.assistant.follow(this.context, stream);
    },

    /** A program that restarts reloads the page, and with it ends the call: say so, since nobody hung up. */
    tellOfInterruption() {
      const run = sessionStorage.getItem(INTERRUPTED_CALL);
      sessionStorage.removeItem(INTERRUPTED_CALL);
      const [{ type }] = performance.getEntriesByType("navigation");
      if (!run || run === this.run || type !== "reload") return; // who came back had left by themselves
      this.state = "ended";
      this.failure = this.explain({ code: "server_restarted", detail: "" });
    },
  },
};
