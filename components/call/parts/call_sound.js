import { CallSoundSheet } from "call_sound_sheet";
import { noteChecked, wasChecked } from "check";
import { recall, remember } from "devices";
import { defineComponent, h, useTemplateRef } from "vue";

/** @typedef {import("devices").Sound} Sound */

/** This browser's sound settings. Their sheet is rendered when it is opened for the first time: most visitors never do. */
export const CallSound = defineComponent({
  props: {
    texts: Object,
    failures: Object,
    closing: String,
    context: Function, // gives a running AudioContext inside a click
    live: Boolean, // whether there is a call
  },
  emits: ["change", "devices"], // both with the settings; "change" also with those before
  data: () => ({ sound: recall(), checked: wasChecked(), isWanted: false }),
  setup: () => ({
    removal: new AbortController(),
    sheet: /** @type {TemplateRef<InstanceType<typeof CallSoundSheet> | null>} */ (useTemplateRef("sheet")),
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
      this.sheet?.refresh();
    },
    async open() {
      this.isWanted = true;
      await this.$nextTick();
      await this.sheet?.open();
    },
    async openAndCheck() {
      await this.open();
      this.sheet?.runCheck();
    },
    /** Notes that the microphone works. It was allowed, so the devices have names now. */
    noteChecked() {
      this.checked = true;
      noteChecked();
      this.sheet?.refresh();
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
  render() {
    const { texts, failures, closing, context, live, sound, isWanted } = this;
    const shown = { ref: "sheet", texts, failures, closing, context, live, sound, onChange: this.change, onChecked: this.noteChecked };
    return isWanted ? h(CallSoundSheet, shown) : null;
  },
});
