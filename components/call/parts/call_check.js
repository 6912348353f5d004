import { CallFailure } from "failure";
import { Speaker } from "speaker";
import { checkMicrophone } from "check";

/** The microphone check: two seconds with a level, what they were like in a sentence, and how they sound. */
export default {
  template: `
    <section class="check" data-testid="check" :data-verdict="outcome?.code">
      <div class="level" role="meter" aria-valuemin="-60" aria-valuemax="0" :aria-valuenow="Math.round(level)"
        :aria-label="texts.level"><span :style="{ width: width + '%' }"></span></div>
      <p class="check__sentence" role="status" aria-live="polite">
        <template v-if="listening">{{ texts.listening }}</template>
        <template v-else-if="outcome">{{ outcome.sentence }} <span class="check__next">{{ outcome.next_step }}</span></template>
        <template v-else>{{ live ? texts.live : texts.invitation }}</template>
      </p>
      <p v-if="outcome?.floor" class="sheet__note">{{ texts.floor.replace("{floor}", outcome.floor) }}</p>
      <div class="check__buttons">
        <button class="pill" type="button" data-testid="check-run" :disabled="listening || live" @click="run">{{ texts.run }}</button>
        <button v-if="recording" class="pill" type="button" data-testid="check-play" @click="play">{{ texts.play }}</button>
      </div>
    </section>`,
  props: { texts: Object, failures: Object, sound: Object, context: Function, live: Boolean },
  emits: ["checked"],
  data: () => ({ listening: false, level: -60, outcome: null, recording: false }),
  computed: {
    width() {
      return Math.min(100, Math.max(0, (this.level + 60) * (100 / 60)));
    },
  },
  mounted() {
    this.leaving = new AbortController();
    this.speaker = new Speaker({ home: this.$el, id: "recorded-voice", onSilenced: () => {}, onMoved: () => {} });
  },
  beforeUnmount() {
    this.leaving.abort();
    this.speaker.remove();
  },
  methods: {
    async run() {
      if (this.listening || this.live) return;
      Object.assign(this, { listening: true, outcome: null, recording: false });
      this.speaker.prepare(this.sound);
      try {
        const { verdict, floor, recording } = await checkMicrophone({
          context: this.context(),
          sound: this.sound,
          onLevel: (level) => (this.level = level),
          signal: this.leaving.signal,
        });
        if (this.leaving.signal.aborted) return;
        this.outcome = { code: verdict, floor: decibelText(floor), ...this.texts.verdicts[verdict] };
        this.recording = true;
        this.speaker.playRecording(recording);
        this.$emit("checked");
      } catch (error) {
        const { code } = CallFailure.from(error);
        this.outcome = { code, ...(this.failures[code] ?? this.failures.unknown) };
      } finally {
        Object.assign(this, { listening: false, level: -60 });
      }
    },
    play() {
      this.speaker.replay();
    },
  },
};

/** @param {number} decibels of a noise; below -90 there is nothing but rounding */
function decibelText(decibels) {
  return String(Math.max(-90, Math.round(decibels))).replace("-", "−");
}
