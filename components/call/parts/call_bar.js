import CallIcon from "call_icon";
import CallWaveform from "call_waveform";
import { defineComponent, useTemplateRef } from "vue";

/** The call button, between mute and sound buttons and the waveforms of both voices. */
export default defineComponent({
  components: { CallIcon, CallWaveform },
  // @mousedown.prevent: a click leaves the focus, and with it the space bar, where it is
  template: `
    <div class="call__bar" @mousedown.prevent>
      <call-waveform ref="user" speaker="user" towards="left" :aria-label="texts.you" />
      <button class="tool tool--mute" data-testid="mute" type="button" :class="{ 'tool--hidden': !canMute }"
        :aria-pressed="String(muted)" :aria-label="texts.mute" :title="texts.mute" @click="$emit('mute', !muted)">
        <call-icon :name="muted ? 'muted' : 'microphone'" />
      </button>
      <button class="call__button" data-testid="call-button" type="button"
        :data-state="state" :aria-label="texts.buttons[state]" :title="texts.buttons[state]"
        @click="$emit('press')" @pointerenter="$emit('approach')" @focus="$emit('approach')">
        <call-icon :name="icon" />
      </button>
      <button class="tool" data-testid="sound" type="button" :aria-label="texts.sound.title" :title="texts.sound.title"
        @click="$emit('sound')">
        <call-icon name="headphones" />
      </button>
      <call-waveform ref="assistant" speaker="assistant" towards="right" :aria-label="texts.assistant" />
    </div>`,
  props: {
    texts: Object,
    state: String, // of the call, or "failed"
    muted: Boolean,
    canMute: Boolean,
  },
  emits: ["approach", "mute", "press", "sound"],
  setup: () => ({
    user: /** @type {TemplateRef<InstanceType<typeof CallWaveform>>} */ (useTemplateRef("user")),
    assistant: /** @type {TemplateRef<InstanceType<typeof CallWaveform>>} */ (useTemplateRef("assistant")),
  }),
  computed: {
    icon() {
      if (this.state === "preparing" || this.state === "connecting") return "cross";
      return this.state === "live" || this.state === "recovering" ? "stop" : "microphone";
    },
  },
  methods: {
    /** Draws a voice. @param {"user" | "assistant"} speaker @param {AudioContext} context @param {MediaStream} stream */
    follow(speaker, context, stream) {
      this[speaker].follow(context, stream);
    },
    stop() {
      this.user.stop();
      this.assistant.stop();
    },
  },
});
