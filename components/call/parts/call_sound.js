import { CallCheck } from "call_check";
import { CallSheet } from "call_sheet";
import { noteChecked, wasChecked } from "check";
import { listDevices, recall, remember } from "devices";
import { canSetVolume } from "speaker";
import { defineComponent, useTemplateRef } from "vue";

/** @typedef {import("devices").Sound} Sound */
/** @typedef {"microphone" | "speaker"} Kind */

/** Processing of the microphone's sound; only what this browser knows is offered. @type {("echoCancellation" | "noiseSuppression" | "autoGainControl")[]} */
const PROCESSING = ["echoCancellation", "noiseSuppression", "autoGainControl"];

/** The sheet with this browser's sound settings: microphone, speaker and audio processing, and the microphone check. */
export const CallSound = defineComponent({
  components: { CallCheck, CallSheet },
  template: `
    <call-sheet ref="sheet" :title="texts.title" :closing="closing" data-testid="sound-sheet" @closed="opened = false">
      <label v-for="kind in kinds" :key="kind" class="field">
        <span class="field__label">{{ texts[kind] }}</span>
        <select class="field__control" :data-testid="'sound-' + kind" :value="sound[kind]?.id ?? ''"
          @change="choose(kind, $event.target.value)">
          <option value="">{{ texts.system }}</option>
          <option v-if="isMissing(kind)" :value="sound[kind].id">{{ texts.absent.replace("{label}", sound[kind].label) }}</option>
          <option v-for="{ id, label } in devices[kind]" :key="id" :value="id">{{ label }}</option>
        </select>
      </label>
      <p v-if="!devices.microphone.length" class="sheet__note">{{ texts.secret }}</p>
      <label v-if="hasVolume" class="field">
        <span class="field__label">{{ texts.volume }}</span>
        <input class="field__range" data-testid="sound-volume" type="range" min="0" max="1" step="0.05" :value="sound.volume"
          :aria-valuetext="Math.round(sound.volume * 100) + ' %'" @input="change({ volume: $event.target.valueAsNumber })">
      </label>
      <label class="field__switch">
        <input type="checkbox" data-testid="sound-tones" :checked="sound.tones" @change="change({ tones: $event.target.checked })">
        {{ texts.tones }}
      </label>
      <fieldset v-if="switches.length" class="field">
        <legend class="field__label">{{ texts.processing }}</legend>
        <label v-for="name in switches" :key="name" class="field__switch">
          <input type="checkbox" :data-testid="'sound-' + name" :checked="sound[name]" @change="change({ [name]: $event.target.checked })">
          {{ texts[name] }}
        </label>
      </fieldset>
      <call-check v-if="opened" ref="check" :texts="texts.check" :failures="failures" :sound="sound" :context="context"
        :live="live" @checked="noteChecked" />
    </call-sheet>`,
  props: {
    texts: Object,
    failures: Object,
    closing: String,
    context: Function, // gives a running AudioContext inside a click
    live: Boolean, // whether there is a call
  },
  emits: ["change", "devices"], // both with the settings; "change" also with those before
  data: () => ({
    sound: recall(),
    checked: wasChecked(),
    opened: false,
    devices: /** @type {Record<Kind, import("devices").Device[]>} */ ({ microphone: [], speaker: [] }),
  }),
  setup: () => ({
    removal: new AbortController(),
    switches: PROCESSING.filter((name) => navigator.mediaDevices?.getSupportedConstraints?.()[name]),
    hasVolume: canSetVolume(), // iOS: only by the buttons of the device
    kinds: "setSinkId" in HTMLMediaElement.prototype ? ["microphone", "speaker"] : ["microphone"], // Safari's system decides
    sheet: /** @type {TemplateRef<InstanceType<typeof CallSheet>>} */ (useTemplateRef("sheet")),
    check: /** @type {TemplateRef<InstanceType<typeof CallCheck> | null>} */ (useTemplateRef("check")),
  }),
  mounted() {
    const { signal } = this.removal;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.followDevices(), { signal });
  },
  beforeUnmount() {
    this.removal.abort();
  },
  methods: {
    followDevices() {
      this.$emit("devices", this.sound);
      this.refresh();
    },
    async open() {
      this.opened = true;
      this.sheet.open();
      await this.refresh();
    },
    async openAndCheck() {
      await this.open();
      this.check?.run();
    },
    /** Updates the list of devices, which come and go. */
    async refresh() {
      const [microphone, speaker] = await Promise.all([listDevices("audioinput"), listDevices("audiooutput")]);
      this.devices = { microphone, speaker };
    },
    /** Notes that the microphone works. It was allowed, so the devices have names now. */
    noteChecked() {
      this.checked = true;
      noteChecked();
      if (this.opened) this.refresh();
    },
    /** @param {Kind} kind */
    isMissing(kind) {
      const chosen = this.sound[kind];
      return chosen && !this.devices[kind].some(({ id }) => id === chosen.id);
    },
    /** @param {Kind} kind @param {string} id */
    choose(kind, id) {
      this.change({ [kind]: this.devices[kind].find((device) => device.id === id) ?? null });
    },
    /** @param {Partial<Sound>} changes */
    change(changes) {
      const before = this.sound;
      this.keep({ ...before, ...changes });
      this.$emit("change", this.sound, before);
    },
    /** @param {Sound} sound */
    keep(sound) {
      this.sound = sound;
      remember(sound);
    },
  },
});
