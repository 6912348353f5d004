import { TalkButton } from "realtime_talk";

/** The push-to-talk button; the space bar presses it by `press` and `release`. */
export default {
  template: `
    <button class="talk" data-testid="talk" type="button" :data-talk="talk" :aria-pressed="String(talk !== 'off')"
      @mousedown.prevent @contextmenu.prevent @pointerdown="hold" @pointerup="letGo" @pointercancel="letGo"
      @keydown.space.prevent="$event.repeat || press($event.timeStamp)" @keyup.space.prevent="letGo" @click="tap">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect x="9" y="3" width="6" height="11" rx="3" class="filled" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" /></svg>
      {{ texts[talk] }}
    </button>`,
  props: { texts: Object },
  emits: ["talk"],
  data: () => ({ talk: "off" }),
  created() {
    this.button = new TalkButton((talk) => {
      this.talk = talk;
      this.$emit("talk", talk);
    });
  },
  beforeUnmount() {
    this.button.reset();
  },
  methods: {
    press(at) {
      this.button.press(at);
    },
    release(at) {
      this.button.release(at);
    },
    hold({ target, pointerId, timeStamp }) {
      target.setPointerCapture(pointerId); // a thumb may slide off
      this.press(timeStamp);
    },
    letGo({ timeStamp }) {
      this.release(timeStamp);
    },
    /** A click without a pointer comes from Enter or a screen reader: they cannot hold. */
    tap({ detail, timeStamp }) {
      if (detail) return;
      this.press(timeStamp);
      this.release(timeStamp);
    },
  },
};
