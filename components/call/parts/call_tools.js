import { CallHelp } from "call_help";
import { CallIcon } from "call_icon";
import { CallPath } from "call_path";
import { keepFocus, toolButton } from "tool_button";
import { defineComponent, h, useTemplateRef } from "vue";

/** The small tools below the call button: how turns are taken, help, the view, what Python adds, and the way of the sound. */
export const CallTools = defineComponent({
  props: {
    texts: { type: Object, required: true },
    version: String, // of the program
    pushToTalk: Boolean,
    voiceOnly: Boolean,
    path: { type: /** @type {import("vue").PropType<import("route").Path | null>} */ (Object), default: null },
  },
  emits: ["push-to-talk", "voice-only"],
  data: () => ({ helps: false }), // whether help was asked for: most visitors never do
  setup: () => ({ help: /** @type {TemplateRef<InstanceType<typeof CallHelp>>} */ (useTemplateRef("help")) }),
  methods: {
    async openHelp() {
      this.helps = true;
      await this.$nextTick();
      this.help.open();
    },
    /** The switch between the two ways of taking turns. */
    modes() {
      const { modes: texts } = this.texts;
      return h("div", { class: "modes", role: "group", "aria-label": texts.label }, [
        this.mode("hands-free", texts.hands_free, false),
        this.mode("push-to-talk", texts.push_to_talk, true),
      ]);
    },
    /** @param {string} hook @param {string} name @param {boolean} byHand */
    mode(hook, name, byHand) {
      const isChosen = byHand === this.pushToTalk;
      const choose = () => this.$emit("push-to-talk", byHand);
      const more = { class: "modes__mode", "data-testid": hook, type: "button", "aria-pressed": String(isChosen) };
      return h("button", { ...more, onMousedown: keepFocus, onClick: choose }, name);
    },
  },
  render() {
    const { texts, version, voiceOnly, path } = this;
    const toggleView = () => this.$emit("voice-only", !voiceOnly);
    return h("div", { class: "call__tools" }, [
      this.modes(),
      toolButton("help", texts.help.title, () => this.openHelp(), "?", { class: "tool--small" }),
      toolButton("voice-only", texts.voice_only, toggleView, h(CallIcon, { name: "voices" }), {
        class: "tool--small tool--view",
        "aria-pressed": String(voiceOnly),
      }),
      this.$slots.default?.(),
      path && h(CallPath, { texts: texts.ways, path }),
      this.helps && h(CallHelp, { ref: "help", texts: texts.help, closing: texts.close, version }),
    ]);
  },
});
