import { CallIcon } from "call_icon";
import { CallWaveform } from "call_waveform";
import { keepFocus, toolButton } from "tool_button";
import { VoicesPicture } from "voices_picture";
import { defineComponent, h, useTemplateRef } from "vue";

/** The call button with the picture of the two voices, between mute and sound buttons and both waveforms. */
export const CallBar = defineComponent({
  props: {
    texts: { type: Object, required: true },
    state: { type: String, required: true }, // of the call, or "failed"
    muted: Boolean,
    canMute: Boolean,
    isHeard: Boolean, // whether the user's voice is
    thinking: Boolean, // whether the AI is about to answer
  },
  emits: ["approach", "mute", "press", "sound"],
  setup: () => ({
    canvas: /** @type {TemplateRef<HTMLCanvasElement>} */ (useTemplateRef("canvas")),
    picture: /** @type {VoicesPicture | null} */ (null),
    user: /** @type {TemplateRef<InstanceType<typeof CallWaveform>>} */ (useTemplateRef("user")),
    assistant: /** @type {TemplateRef<InstanceType<typeof CallWaveform>>} */ (useTemplateRef("assistant")),
  }),
  computed: {
    isCalling() {
      return this.state === "live" || this.state === "recovering";
    },
    icon() {
      if (this.state === "preparing" || this.state === "connecting") return "cross";
      return this.isCalling ? "hang_up" : "microphone";
    },
  },
  mounted() {
    this.picture = new VoicesPicture(this.canvas);
    this.$watch(() => [this.state, this.isHeard, this.thinking], () => this.showMoods(), { immediate: true });
  },
  beforeUnmount() {
    this.picture?.remove();
  },
  methods: {
    showMoods() {
      const isLive = this.state === "live";
      const user = isLive && !this.isHeard ? "muted" : isLive ? "open" : "still";
      this.picture?.show(isLive, { user, assistant: this.thinking ? "thinking" : isLive ? "open" : "still" });
    },
    /** Draws a voice. @param {"user" | "assistant"} speaker @param {AudioContext} context @param {MediaStream} stream */
    follow(speaker, context, stream) {
      this[speaker].follow(context, stream);
      this.picture?.follow(speaker, context, stream);
    },
    stop() {
      this.user.stop();
      this.assistant.stop();
      this.picture?.stop();
    },
    callButton() {
      const { state } = this;
      const name = this.texts.buttons[state];
      const approach = () => this.$emit("approach");
      return h(
        "button",
        {
          class: "call__button",
          "data-testid": "call-button",
          type: "button",
          "data-state": state,
          "aria-label": name,
          title: name,
          onClick: () => this.$emit("press"),
          onPointerenter: approach,
          onPointerdown: approach,
          onFocus: approach,
        },
        [h(CallIcon, { name: this.icon }), this.isCalling && h("span", { class: "call__name", "aria-hidden": "true" }, name)],
      );
    },
  },
  render() {
    const { texts, muted } = this;
    const toggleMute = () => this.$emit("mute", !muted);
    return h("div", { class: "call__bar", onMousedown: keepFocus }, [
      h(CallWaveform, { ref: "user", speaker: "user", towards: "left", "aria-label": texts.you }),
      toolButton("mute", texts.mute, toggleMute, h(CallIcon, { name: muted ? "muted" : "microphone" }), {
        class: ["tool--mute", { "tool--hidden": !this.canMute }],
        "aria-pressed": String(muted),
      }),
      h("div", { class: "call__center" }, [
        h("canvas", { ref: "canvas", class: "voices", "data-testid": "voices", role: "img", "aria-label": texts.voices }),
        this.callButton(),
      ]),
      toolButton("sound", texts.sound.title, () => this.$emit("sound"), h(CallIcon, { name: "headphones" })),
      h(CallWaveform, { ref: "assistant", speaker: "assistant", towards: "right", "aria-label": texts.assistant }),
    ]);
  },
});
