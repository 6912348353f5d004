import { CallIcon } from "call_icon";
import { CallWaveform } from "call_waveform";
import { VoicesPicture } from "voices_picture";
import { defineComponent, useTemplateRef } from "vue";

/** The call button with the picture of the two voices, between mute and sound buttons and both waveforms. */
export const CallBar = defineComponent({
  components: { CallIcon, CallWaveform },
  // @mousedown.prevent: a click leaves the focus, and with it the space bar, where it is
  template: `
    <div class="call__bar" @mousedown.prevent>
      <call-waveform ref="user" speaker="user" towards="left" :aria-label="texts.you" />
      <button class="tool tool--mute" data-testid="mute" type="button" :class="{ 'tool--hidden': !canMute }"
        :aria-pressed="String(muted)" :aria-label="texts.mute" :title="texts.mute" @click="$emit('mute', !muted)">
        <call-icon :name="muted ? 'muted' : 'microphone'" />
      </button>
      <div class="call__center">
        <canvas ref="canvas" class="voices" data-testid="voices" role="img" :aria-label="texts.voices"></canvas>
        <button class="call__button" data-testid="call-button" type="button"
          :data-state="state" :aria-label="texts.buttons[state]" :title="texts.buttons[state]"
          @click="$emit('press')" @pointerenter="$emit('approach')" @pointerdown="$emit('approach')"
          @focus="$emit('approach')">
          <call-icon :name="icon" />
          <span v-if="isCalling" class="call__name" aria-hidden="true">{{ texts.buttons[state] }}</span>
        </button>
      </div>
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
  },
});
