import { CallCheck } from "call_check";
import { CallSheet } from "call_sheet";
import { listDevices } from "devices";
import { canSetVolume } from "speaker";
import { defineComponent, useTemplateRef } from "vue";

/** @typedef {import("devices").Sound} Sound */
/** @typedef {"microphone" | "speaker"} Kind */

/** Processing of the microphone's sound; only what this browser knows is offered. @type {("echoCancellation" | "noiseSuppression" | "autoGainControl")[]} */
const PROCESSING = ["echoCancellation", "noiseSuppression", "autoGainControl"];

/** The sheet with this browser's sound settings: microphone, speaker and audio processing, and the microphone check. */
export const CallSoundSheet = defineComponent({
  components: { CallCheck, CallSheet },
  template: `
    <call-sheet ref="sheet" :title="texts.title" :closing="closing" data-testid="sound-sheet" @closed="isOpen = false">
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
          :aria-valuetext="Math.round(sound.volume * 100) + ' %'" @input="$emit('change', { volume: $event.target.valueAsNumber })">
      </label>
      <label class="field__switch">
        <input type="checkbox" data-testid="sound-tones" :checked="sound.tones" @change="$emit('change', { tones: $event.target.checked })">
        {{ texts.tones }}
      </label>
      <fieldset v-if="switches.length" class="field">
        <legend class="field__label">{{ texts.processing }}</legend>
        <label v-for="name in switches" :key="name" class="field__switch">
          <input type="checkbox" :data-testid="'sound-' + name" :checked="sound[name]" @change="$emit('change', { [name]: $event.target.checked })">
          {{ texts[name] }}
        </label>
      </fieldset>
      <call-check v-if="isOpen" ref="check" :texts="texts.check" :failures="failures" :sound="sound" :context="context"
        :live="live" @checked="$emit('checked')" />
    </call-sheet>`,
  props: {
    texts: Object,
    failures: Object,
    closing: String,
    context: Function, // gives a running AudioContext inside a click
    live: Boolean, // whether there is a call
    sound: { type: /** @type {import("vue").PropType<Sound>} */ (Object), required: true },
  },
  emits: ["change", "checked"], // with what changed; once the microphone was found to work
  data: () => ({
    isOpen: false,
    devices: /** @type {Record<Kind, import("devices").Device[]>} */ ({ microphone: [], speaker: [] }),
  }),
  setup: () => ({
    switches: PROCESSING.filter((name) => navigator.mediaDevices?.getSupportedConstraints?.()[name]),
    hasVolume: canSetVolume(), // iOS: only by the buttons of the device
    kinds: "setSinkId" in HTMLMediaElement.prototype ? ["microphone", "speaker"] : ["microphone"], // Safari's system decides
    sheet: /** @type {TemplateRef<InstanceType<typeof CallSheet>>} */ (useTemplateRef("sheet")),
    check: /** @type {TemplateRef<InstanceType<typeof CallCheck> | null>} */ (useTemplateRef("check")),
  }),
  methods: {
    async open() {
      this.isOpen = true;
      this.sheet.open();
      await this.refresh();
    },
    runCheck() {
      this.check?.run();
    },
    /** Updates the list of devices, which come and go. */
    async refresh() {
      const [microphone, speaker] = await Promise.all([listDevices("audioinput"), listDevices("audiooutput")]);
      this.devices = { microphone, speaker };
    },
    /** @param {Kind} kind */
    isMissing(kind) {
      const chosen = this.sound[kind];
      return chosen && !this.devices[kind].some(({ id }) => id === chosen.id);
    },
    /** @param {Kind} kind @param {string} id */
    choose(kind, id) {
      this.$emit("change", { [kind]: this.devices[kind].find((device) => device.id === id) ?? null });
    },
  },
});
