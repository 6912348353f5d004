import { CallFailure } from "realtime_failure";
import { Outbox } from "realtime_outbox";
import { Pictures } from "realtime_pictures";
import { RealtimeCall } from "realtime_call";
import { Waveform } from "realtime_waveform";
import { activityAfter, withoutSound } from "realtime_activity";

const BATCH_MS = 50; // more messages cost Python more than the eye gains
const INTERRUPTED_CALL = "parley.call"; // session storage: which run of the program a live call belonged to

export default {
  template: `
    <section class="call" :data-state="shown" aria-label="Call">
      <div class="call__line">
        <p class="call__status" data-testid="status-line" role="status" aria-live="polite">
          <span class="call__sentence">{{ sentence }}</span>
          <span v-if="nextStep" class="call__next">{{ nextStep }}</span>
          <button v-if="silenced" class="call__unblock" @click="unblockSpeaker">{{ texts.unblock }}</button>
        </p>
        <button v-if="answering" class="call__stop" data-testid="stop-answer" type="button" :title="texts.stopHint"
          @click="interrupt">{{ texts.stop }}</button>
      </div>
      <div class="call__bar">
        <canvas ref="user" class="wave wave--user" data-testid="waveform-user" role="img" :aria-label="texts.you"></canvas>
        <button class="call__button" data-testid="call-button" type="button"
          :data-state="shown" :aria-label="texts.buttons[shown]" :title="texts.buttons[shown]"
          @click="press" @pointerenter="approach" @focus="approach">
          <svg v-if="busy" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6 18 18M18 6 6 18" /></svg>
          <svg v-else-if="shown === 'live'" viewBox="0 0 24 24" aria-hidden="true">
            <rect x="6" y="6" width="12" height="12" rx="2.5" class="filled" /></svg>
          <svg v-else viewBox="0 0 24 24" aria-hidden="true">
            <rect x="9" y="3" width="6" height="11" rx="3" class="filled" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" /></svg>
        </button>
        <canvas ref="assistant" class="wave wave--assistant" data-testid="waveform-assistant" role="img" :aria-label="texts.assistant"></canvas>
      </div>
      <div class="call__tools"><slot /></div>
    </section>`,
  props: {
    run: String, // this run of the program
    texts: Object,
    failures: Object,
  },
  data: () => ({
    state: "idle",
    failure: null,
    activity: "listening",
    unsteady: false,
    muted: false,
    silenced: false,
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
      return this.muted && this.activity !== "speaking" ? this.texts.muted : this.texts.activities[this.activity];
    },
    nextStep() {
      return this.failure?.next_step;
    },
  },
  created() {
    // not in data(): Vue must not wrap media objects in reactive proxies
    this.call = null;
    this.pictures = new Pictures();
    this.tickets = new Map();
    this.ticketsRequested = 0;
    this.outbox = new Outbox((message) => this.$emit("reports", message), BATCH_MS);
    this.leave = () => this.call?.hangUp();
    window.addEventListener("pagehide", this.leave);
  },
  mounted() {
    this.waveforms = {
      user: new Waveform(this.$refs.user, { towards: "left" }),
      assistant: new Waveform(this.$refs.assistant, { towards: "right" }),
    };
    this.tellOfInterruption();
  },
  beforeUnmount() {
    window.removeEventListener("pagehide", this.leave);
    this.leave();
    for (const waveform of Object.values(this.waveforms)) waveform.remove();
    this.context?.close();
    this.speaker?.remove();
  },
  methods: {
    press() {
      if (this.busy || this.state === "live") return this.hang_up();
      this.prepareSound(); // inside the click, or Safari stays silent
      sessionStorage.removeItem(INTERRUPTED_CALL);
      Object.assign(this, { failure: null, activity: "listening", unsteady: false });
      const call = (this.call = new RealtimeCall({
        requestTicket: () => this.requestTicket(),
        onState: (state, failure) => this.call === call && this.enter(state, failure),
        onRung: (rung) => this.report("rung", rung),
        onEvent: (event, direction) => this.pass(event, direction),
        onMicrophone: (stream) => this.waveforms.user.follow(this.context, stream),
        onRemoteStream: (stream) => this.play(stream),
        onUnsteady: (unsteady) => (this.unsteady = unsteady),
      }));
      call.mute(this.muted);
      this.starting = call.start();
    },
    approach() {
      if (!this.busy && this.state !== "live") this.$emit("approach");
    },
    hang_up() {
      sessionStorage.removeItem(INTERRUPTED_CALL);
      this.call?.hangUp();
    },
    call_again() {
      this.hang_up();
      this.press();
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
      if (state === "ended") {
        for (const waveform of Object.values(this.waveforms)) waveform.rest();
        this.context?.suspend();
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
    prepareSound() {
      this.context ??= new AudioContext();
      this.context.resume();
      this.speaker?.remove();
      this.speaker = Object.assign(document.createElement("audio"), { id: "remote-voice", autoplay: true });
      this.speaker.setAttribute("playsinline", "");
      this.$el.append(this.speaker);
    },
    play(stream) {
      this.speaker.srcObject = stream;
      this.speaker.play().catch((error) => (this.silenced = error.name === "NotAllowedError"));
      this.waveforms.assistant.follow(this.context, stream);
    },
    unblockSpeaker() {
      this.speaker.play().then(() => (this.silenced = false));
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
