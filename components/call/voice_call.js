import CallHelp from "call_help";
import CallIcon from "call_icon";
import CallModes from "call_modes";
import CallSound from "call_sound";
import CallTalk from "call_talk";
import { CallFailure } from "failure";
import { Hands } from "hands";
import { Keyboard } from "keys";
import { Outbox } from "outbox";
import { Pictures } from "pictures";
import { RealtimeCall } from "call";
import { Speaker } from "speaker";
import { TAP_MS } from "talk";
import { Tickets } from "tickets";
import { WakeLock } from "wake_lock";
import { Waveform } from "waveform";
import { activityAfter, withoutSound } from "activity";
import { forgetLiveCall, noteLiveCall, wasInterrupted } from "interruption";
import { hearAlike, recall, remember } from "devices";
import { noteChecked, wasChecked } from "check";
import { sentenceOn } from "sentence";

const BATCH_MS = 50; // more messages cost Python more than the eye gains
const NOTE_MS = 8_000; // how long a word about something that happened stays

// @mousedown.prevent: a click leaves the focus, and with it the space bar, where it is
export default {
  components: { CallHelp, CallIcon, CallModes, CallSound, CallTalk },
  template: `
    <section class="call" :data-state="shown" :aria-label="texts.label">
      <div class="call__line">
        <p class="call__status" data-testid="status-line" role="status" aria-live="polite">
          <span class="call__sentence">{{ sentence }}</span>
          <span v-if="nextStep" class="call__next">{{ nextStep }}</span>
          <span v-if="note" class="call__next" data-testid="call-note">{{ note }}</span>
          <button v-if="silenced" class="call__unblock" @click="speaker.unblock()">{{ texts.unblock }}</button>
        </p>
        <button v-if="answering" class="call__stop" data-testid="stop-answer" type="button" :title="texts.stopHint"
          @click="interrupt">{{ texts.stop }}</button>
        <button v-if="!checked && state === 'idle'" class="call__offer" data-testid="check-offer" type="button"
          @click="$refs.sound.check()">{{ texts.sound.check.offer }}</button>
      </div>
      <div class="call__bar" @mousedown.prevent>
        <canvas ref="user" class="wave wave--user" data-testid="waveform-user" role="img" :aria-label="texts.you"></canvas>
        <button class="tool tool--mute" data-testid="mute" type="button" :class="{ 'tool--hidden': pushToTalk }"
          :aria-pressed="String(muted)" :aria-label="texts.mute" :title="texts.mute" @click="mute(!muted)">
          <call-icon :name="muted ? 'muted' : 'microphone'" />
        </button>
        <button class="call__button" data-testid="call-button" type="button"
          :data-state="shown" :aria-label="texts.buttons[shown]" :title="texts.buttons[shown]"
          @click="press" @pointerenter="approach" @focus="approach">
          <call-icon :name="busy ? 'cross' : shown === 'live' ? 'stop' : 'microphone'" />
        </button>
        <button class="tool" data-testid="sound" type="button" :aria-label="texts.sound.title" :title="texts.sound.title"
          @click="$refs.sound.open()">
          <call-icon name="headphones" />
        </button>
        <canvas ref="assistant" class="wave wave--assistant" data-testid="waveform-assistant" role="img" :aria-label="texts.assistant"></canvas>
      </div>
      <call-talk v-if="pushToTalk && calling" ref="talk" :texts="texts.talk" @talk="turnTo" />
      <div class="call__tools">
        <call-modes :texts="texts.modes" :push-to-talk="pushToTalk" @choose="$emit('push-to-talk', $event)" />
        <button class="tool tool--small" data-testid="help" type="button" :aria-label="texts.help.title" :title="texts.help.title"
          @mousedown.prevent @click="$refs.help.open()">?</button>
        <slot />
        <span v-if="way" class="call__way" data-testid="call-way" :data-transport="path.transport" :title="way.hint">{{ way.name }}</span>
      </div>
      <call-sound ref="sound" :texts="texts.sound" :failures="failures" :closing="texts.close" :sound="sound"
        :context="wakeContext" :live="calling" @change="changeSound" @checked="noteCheck" />
      <call-help ref="help" :texts="texts.help" :closing="texts.close" />
    </section>`,
  props: {
    run: String, // this run of the program
    texts: Object,
    failures: Object,
    pushToTalk: Boolean,
    transport: String, // "auto", "webrtc" or "relay"
  },
  data: () => ({
    state: "idle",
    failure: null,
    activity: "listening",
    unsteady: false,
    muted: false,
    unheard: false,
    talk: "off",
    steering: "keys",
    silenced: false,
    note: "",
    path: null, // of the live call, see route
    sound: recall(),
    checked: wasChecked(),
  }),
  computed: {
    shown() {
      return this.state === "ended" && this.failure ? "failed" : this.state;
    },
    busy() {
      return this.state === "preparing" || this.state === "connecting";
    },
    calling() {
      return this.busy || this.state === "live";
    },
    answering() {
      return this.state === "live" && (this.activity === "thinking" || this.activity === "speaking");
    },
    sentence() {
      return this.failure ? this.failure.sentence : sentenceOn(this, this.texts);
    },
    way() {
      const { transport, protocol, relayed } = this.path ?? {};
      if (!transport || this.state !== "live") return null;
      const texts = this.texts.ways[transport];
      const details = [protocol?.toUpperCase(), relayed === undefined ? "" : texts[relayed ? "relayed" : "direct"]];
      return { name: [texts.name, ...details].filter(Boolean).join(" · "), hint: texts.hint };
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
    this.tickets = new Tickets((id, transport) => this.$emit("ticket", { id, transport }));
    this.outbox = new Outbox((message) => this.$emit("reports", message), BATCH_MS);
    this.wakeLock = new WakeLock();
    this.leave = () => this.call?.hangUp();
    window.addEventListener("pagehide", this.leave);
    this.hands = new Hands((steering) => (this.steering = steering));
  },
  mounted() {
    this.waveforms = {
      user: new Waveform(this.$refs.user, { towards: "left" }),
      assistant: new Waveform(this.$refs.assistant, { towards: "right" }),
    };
    this.speaker = new Speaker({
      home: this.$el,
      id: "remote-voice",
      onSilenced: (silenced) => (this.silenced = silenced),
      onMoved: () => this.tell(this.texts.speaker_moved),
    });
    this.keyboard = new Keyboard((action, phase, at) => this.act(action, phase, at));
    this.devicesChanged = () => {
      this.speaker.use(this.sound);
      this.$refs.sound.refresh();
    };
    navigator.mediaDevices?.addEventListener("devicechange", this.devicesChanged);
    this.tellOfInterruption();
  },
  beforeUnmount() {
    window.removeEventListener("pagehide", this.leave);
    this.hands.remove();
    this.leave();
    navigator.mediaDevices?.removeEventListener("devicechange", this.devicesChanged);
    this.keyboard.remove();
    for (const waveform of Object.values(this.waveforms)) waveform.remove();
    this.context?.close();
    this.speaker.remove();
    clearTimeout(this.noteEnd);
  },
  methods: {
    press() {
      if (this.calling) return this.hang_up();
      this.wakeContext(); // inside the click, or Safari stays silent
      this.speaker.prepare(this.sound);
      forgetLiveCall();
      Object.assign(this, { failure: null, activity: "listening", unsteady: false, note: "" });
      const call = (this.call = new RealtimeCall({
        context: this.context,
        sound: this.sound,
        transport: this.transport,
        requestTicket: (transport) => this.tickets.request(transport),
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
      if (!this.calling) this.$emit("approach");
    },
    hang_up() {
      forgetLiveCall();
      this.call?.hangUp();
    },
    fail(code) {
      forgetLiveCall();
      this.call?.end(new CallFailure(code));
    },
    call_again() {
      this.hang_up();
      this.press();
    },
    send(event) {
      if (this.call?.state === "live") this.call.send(event);
    },
    greet(event) {
      if (this.call?.state === "live") this.call.greet(event);
    },
    /**
     * Says something in writing; calls first, if need be.
     * @param {import("call").Message} message
     * @returns {Promise<boolean>} whether it was said; if not, the call could not be placed, and the status says why
     */
    async say(message) {
      if (!this.calling) this.press();
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

    /** @param {import("talk").Talk} talk of the push-to-talk button */
    turnTo(talk) {
      if (this.talk === "off") this.call.beginTurn();
      if (talk === "off") this.call.endTurn();
      this.talk = talk;
    },
    /** What a key does, see keys. */
    act(action, phase, at) {
      if (action === "talk") clearTimeout(this.holding);
      if (action === "talk" && this.calling) this.$refs.talk?.[phase === "down" ? "press" : "release"](at);
      else if (phase === "up") return;
      else if (action === "talk") this.pressAndHold(at);
      else if (action === "mute" && !this.pushToTalk) this.mute(!this.muted);
      else if (action === "interrupt") this.interrupt();
      else if (action === "type") document.querySelector("[data-testid=message-box]")?.focus();
      else if (action === "help") this.$refs.help.open();
    },
    /** A tap only calls. Who holds on wants to talk as well. */
    pressAndHold(at) {
      this.press();
      this.holding = setTimeout(() => this.$refs.talk?.press(at), TAP_MS);
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
      if (direction === "received") {
        this.activity = activityAfter(this.activity, event);
        this.announce("realtime", event);
      }
      this.report("event", { at: performance.now(), direction, event: this.pictures.once(withoutSound(event), direction) });
    },
    enter(state, failure) {
      this.state = state;
      this.failure = failure ? this.explain(failure) : null;
      this.report("state", { state, failure: failure && { code: failure.code, detail: failure.detail } });
      if (state === "live") noteLiveCall(this.run);
      if (state === "preparing") this.wakeLock.hold();
      if (state === "live") this.noteCheck(); // a call is a check, too
      if (state === "live") this.call.path().then((path) => (this.path = path));
      else this.path = null;
      if (state === "ended") {
        this.announce("realtime-ended");
        for (const waveform of Object.values(this.waveforms)) waveform.rest();
        this.context?.suspend();
        this.wakeLock.release();
        this.silenced = false;
        this.$refs.talk?.reset();
      }
      this.outbox.flush();
    },
    /** Tells others of the page, without a detour over Python. */
    announce(name, detail) {
      this.$el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    },
    explain({ code, detail }) {
      const known = this.failures[code] ?? this.failures[code.replace(/^(http_\d)\d\d$/, "$1xx")] ?? this.failures.unknown;
      return { ...known, code, detail };
    },
    receive_ticket(id, ticket, failure) {
      this.tickets.receive(id, ticket, failure);
    },

    // sound
    wakeContext() {
      this.context ??= new AudioContext();
      this.context.resume();
      return this.context;
    },
    /** @param {import("devices").Sound} sound as it shall be from now on */
    changeSound(sound) {
      const before = this.sound;
      this.keepSound(sound);
      this.speaker.use(sound);
      if (hearAlike(before, sound)) return;
      this.call?.useMicrophone(sound).catch((failure) => {
        this.keepSound(before);
        this.tell(this.explain(failure).sentence);
      });
    },
    keepSound(sound) {
      this.sound = sound;
      remember(sound);
    },
    noteCheck() {
      this.checked = true;
      noteChecked();
    },
    play(stream) {
      this.speaker.play(stream);
      this.waveforms.assistant.follow(this.context, stream);
    },

    /** A program that restarts reloads the page, and with it ends the call: say so, since nobody hung up. */
    tellOfInterruption() {
      if (!wasInterrupted(this.run)) return;
      this.state = "ended";
      this.failure = this.explain({ code: "server_restarted", detail: "" });
    },
  },
};
