import { Waveform } from "waveform";
import { defineComponent, h, useTemplateRef } from "vue";

/** The waveform of one voice. */
export const CallWaveform = defineComponent({
  props: {
    speaker: String, // "user" or "assistant"
    towards: { type: /** @type {import("vue").PropType<"left" | "right">} */ (String), required: true },
  },
  setup: () => ({
    canvas: /** @type {TemplateRef<HTMLCanvasElement>} */ (useTemplateRef("canvas")),
    waveform: /** @type {Waveform | null} */ (null),
  }),
  mounted() {
    this.waveform = new Waveform(this.canvas, { towards: this.towards });
  },
  beforeUnmount() {
    this.waveform?.remove();
  },
  methods: {
    /** @param {AudioContext} context @param {MediaStream} stream */
    follow(context, stream) {
      this.waveform?.follow(context, stream);
    },
    stop() {
      this.waveform?.stop();
    },
  },
  render() {
    const { speaker } = this;
    return h("canvas", { ref: "canvas", class: ["wave", `wave--${speaker}`], "data-testid": `waveform-${speaker}`, role: "img" });
  },
});
