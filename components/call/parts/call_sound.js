import CallCheck from "call_check";
import CallSheet from "call_sheet";
import { present } from "devices";

const SWITCHES = ["echoCancellation", "noiseSuppression", "autoGainControl"];

/** The sheet on which microphone, speaker and what is done to the sound are chosen, and the microphone is tried. */
export default {
  components: { CallCheck, CallSheet },
  template: `
    <call-sheet ref="sheet" :title="texts.title" :closing="closing" data-testid="sound-sheet" @closed="opened = false">
      <label v-for="kind in kinds" :key="kind" class="field">
        <span class="field__label">{{ texts[kind] }}</span>
        <select class="field__control" :data-testid="'sound-' + kind" :value="sound[kind]?.id ?? ''"
          @change="choose(kind, $event.target.value)">
          <option value="">{{ texts.system }}</option>
          <option v-if="absent(kind)" :value="sound[kind].id">{{ texts.absent.replace("{label}", sound[kind].label) }}</option>
          <option v-for="{ id, label } in devices[kind]" :key="id" :value="id">{{ label }}</option>
        </select>
      </label>
      <p v-if="!devices.microphone.length" class="sheet__note">{{ texts.secret }}</p>
      <label class="field">
        <span class="field__label">{{ texts.volume }}</span>
        <input class="field__range" data-testid="sound-volume" type="range" min="0" max="1" step="0.05" :value="sound.volume"
          :aria-valuetext="Math.round(sound.volume * 100) + ' %'" @input="change({ volume: $event.target.valueAsNumber })">
      </label>
      <fieldset class="field">
        <legend class="field__label">{{ texts.processing }}</legend>
        <label v-for="name in switches" :key="name" class="field__switch">
          <input type="checkbox" :data-testid="'sound-' + name" :checked="sound[name]" @change="change({ [name]: $event.target.checked })">
          {{ texts[name] }}
        </label>
      </fieldset>
      <call-check v-if="opened" ref="check" :texts="texts.check" :failures="failures" :sound="sound" :context="context"
        :live="live" @checked="learn" />
    </call-sheet>`,
  props: {
    texts: Object,
    failures: Object,
    closing: String,
    sound: Object, // see devices
    context: Function, // gives an AudioContext that runs, inside a click
    live: Boolean, // whether a call is on
  },
  emits: ["change", "checked"],
  data: () => ({ opened: false, devices: { microphone: [], speaker: [] } }),
  created() {
    this.switches = SWITCHES;
    const choosesSpeaker = "setSinkId" in HTMLMediaElement.prototype; // in Safari, the system does
    this.kinds = choosesSpeaker ? ["microphone", "speaker"] : ["microphone"];
  },
  methods: {
    async open() {
      this.opened = true;
      this.$refs.sheet.open();
      await this.refresh();
    },
    async check() {
      await this.open();
      this.$refs.check?.run();
    },
    /** Looks which devices there are: they come and go. */
    async refresh() {
      const [microphone, speaker] = await Promise.all([present("audioinput"), present("audiooutput")]);
      this.devices = { microphone, speaker };
    },
    learn() {
      this.$emit("checked");
      this.refresh(); // the microphone was allowed, so the devices have names now
    },
    absent(kind) {
      return this.sound[kind] && !this.devices[kind].some(({ id }) => id === this.sound[kind].id);
    },
    choose(kind, id) {
      this.change({ [kind]: this.devices[kind].find((device) => device.id === id) ?? null });
    },
    change(changes) {
      this.$emit("change", { ...this.sound, ...changes });
    },
  },
};
