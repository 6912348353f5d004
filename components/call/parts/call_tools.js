import { CallHelp } from "call_help";
import { CallIcon } from "call_icon";
import { CallModes } from "call_modes";
import { CallPath } from "call_path";
import { defineComponent, useTemplateRef } from "vue";

/** The small tools below the call button: how turns are taken, help, the view, what Python adds, and the way of the sound. */
export const CallTools = defineComponent({
  components: { CallHelp, CallIcon, CallModes, CallPath },
  template: `
    <div class="call__tools">
      <call-modes :texts="texts.modes" :push-to-talk="pushToTalk" @choose="$emit('push-to-talk', $event)" />
      <button class="tool tool--small" data-testid="help" type="button" :aria-label="texts.help.title" :title="texts.help.title"
        @mousedown.prevent @click="openHelp()">?</button>
      <button class="tool tool--small tool--view" data-testid="voice-only" type="button" :aria-pressed="String(voiceOnly)"
        :aria-label="texts.voice_only" :title="texts.voice_only" @mousedown.prevent @click="$emit('voice-only', !voiceOnly)">
        <call-icon name="voices" />
      </button>
      <slot />
      <call-path v-if="path" :texts="texts.ways" :path="path" />
      <call-help v-if="helps" ref="help" :texts="texts.help" :closing="texts.close" :version="version" />
    </div>`,
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
  },
});
