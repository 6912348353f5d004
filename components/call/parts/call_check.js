import { CallFailure, explain } from "failure";
import { Speaker } from "speaker";
import { checkMicrophone } from "check";
import { defineComponent } from "vue";

/** @typedef {{ code: string, sentence: string, next_step?: string, floor?: string }} Outcome */

/** The microphone check: two seconds with a level, a verdict in one sentence, and a playback of the recording. */
export const CallCheck = defineComponent({
  template: `
    <section class="check" data-testid="check" :data-verdict="outcome?.code">
      <div class="level" role="meter" aria-valuemin="-60" aria-valuemax="0" :aria-valuenow="Math.round(level)"
        :aria-label="texts.level"><span :style="{ width: width + '%' }"></span></div>
      <p class="check__sentence" role="status" aria-live="polite" :data-testid="trouble ? 'notice' : null" :data-code="trouble">
        <template v-if="listening">{{ texts.listening }}</template>
        <template v-else-if="outcome">{{ outcome.sentence }} <span class="check__next">{{ outcome.next_step }}</span></template>
        <template v-else>{{ live ? texts.live : texts.invitation }}</template>
      </p>
      <p v-if="outcome?.floor" class="sheet__note">{{ texts.floor.replace("{floor}", outcome.floor) }}</p>
      <div class="check__buttons">
        <button class="pill" type="button" data-testid="check-run" :disabled="listening || live" @click="run">{{ texts.run }}</button>
        <button v-if="recorded" class="pill" type="button" data-testid="check-play" @click="replay">{{ texts.play }}</button>
      </div>
    </section>`,
  props: {
    texts: { type: Object, required: true },
    failures: { type: Object, required: true },
    sound: { type: /** @type {import("vue").PropType<import("devices").Sound>} */ (Object), required: true },
    context: { type: /** @type {import("vue").PropType<() => AudioContext>} */ (Function), required: true },
    live: Boolean,
  },
  emits: ["checked"],
  data: () => ({ listening: false, level: -60, recorded: false, outcome: /** @type {Outcome | null} */ (null) }),
  setup: () => ({
    leaving: new AbortController(),
    speaker: /** @type {Speaker | null} */ (null),
  }),
  computed: {
    /** The code of what is wrong. @returns {string | null} */
    trouble() {
      return this.outcome && this.outcome.code !== "good" ? this.outcome.code : null;
    },
    width() {
      return Math.min(100, Math.max(0, (this.level + 60) * (100 / 60)));
    },
  },
  mounted() {
    this.speaker = new Speaker({ home: this.$el, id: "recorded-voice" });
  },
  beforeUnmount() {
    this.leaving.abort();
    this.speaker?.remove();
  },
  methods: {
    async run() {
      if (this.listening || this.live) return;
      this.listening = true;
      this.outcome = null;
      this.recorded = false;
      this.speaker?.prepare(this.sound);
      try {
        const { verdict, floor, recording } = await checkMicrophone({
          context: this.context(),
          sound: this.sound,
          onLevel: (level) => (this.level = level),
          signal: this.leaving.signal,
        });
        if (this.leaving.signal.aborted) return;
        this.outcome = { code: verdict, floor: formatDecibels(floor), ...this.texts.verdicts[verdict] };
        this.recorded = true;
        this.speaker?.playRecording(recording);
        this.$emit("checked");
      } catch (error) {
        this.outcome = explain(CallFailure.from(error), this.failures);
      } finally {
        this.listening = false;
        this.level = -60;
      }
    },
    replay() {
      this.speaker?.replay();
    },
  },
});

/** @param {number} decibels of noise; below -90 there is only rounding noise */
function formatDecibels(decibels) {
  return String(Math.max(-90, Math.round(decibels))).replace("-", "−");
}
