import CallIcon from "call_icon";
import { TalkButton } from "talk";

/** The push-to-talk button; the space bar presses it by `press` and `release`, the end of a call by `reset`. */
export default {
  components: { CallIcon },
  template: `
    <button class="talk" data-testid="talk" type="button" :data-talk="talk" :aria-pressed="String(talk !== 'off')"
      @mousedown.prevent @contextmenu.prevent @pointerdown="hold" @pointerup="letGo" @pointercancel="letGo"
      @keydown.space.prevent="$event.repeat || press($event.timeStamp)" @keyup.space.prevent="letGo" @click="tap">
      <call-icon name="microphone" />
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
    this.reset();
  },
  methods: {
    press(at) {
      this.button.press(at);
    },
    release(at) {
      this.button.release(at);
    },
    reset() {
      this.button.reset();
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
