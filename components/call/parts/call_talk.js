import { CallIcon } from "call_icon";
import { TalkButton } from "talk";
import { defineComponent, ref } from "vue";

/** The push-to-talk button. The space bar presses it through `press` and `release`; the end of a call resets it. */
export const CallTalk = defineComponent({
  components: { CallIcon },
  template: `
    <button class="talk" data-testid="talk" type="button" :data-talk="talk" :aria-pressed="String(talk !== 'off')"
      @mousedown.prevent @contextmenu.prevent @pointerdown="hold" @pointerup="letGo" @pointercancel="letGo"
      @keydown.space.prevent="$event.repeat || press($event.timeStamp)" @keyup.space.prevent="letGo" @click="tap">
      <call-icon name="microphone" />
      <span class="talk__words"><span v-for="(words, name) in texts" :class="{ talk__now: name === talk }">{{ words }}</span></span>
    </button>`,
  props: { texts: Object },
  emits: ["talk"],
  setup(_props, { emit }) {
    const talk = ref(/** @type {import("talk").Talk} */ ("off"));
    const button = new TalkButton((now) => {
      talk.value = now;
      emit("talk", now);
    });
    return { talk, button };
  },
  beforeUnmount() {
    this.reset();
  },
  methods: {
    /** @param {number} at milliseconds */
    press(at) {
      this.button.press(at);
    },
    /** @param {number} at milliseconds */
    release(at) {
      this.button.release(at);
    },
    reset() {
      this.button.reset();
    },
    /** @param {PointerEvent} event */
    hold({ currentTarget, pointerId, timeStamp }) {
      if (currentTarget instanceof Element) currentTarget.setPointerCapture(pointerId); // a thumb may slide off
      this.press(timeStamp);
    },
    /** @param {Event} event */
    letGo({ timeStamp }) {
      this.release(timeStamp);
    },
    /** A click without a pointer comes from Enter or a screen reader, which cannot hold. @param {MouseEvent} event */
    tap({ detail, timeStamp }) {
      if (detail) return;
      this.press(timeStamp);
      this.release(timeStamp);
    },
  },
});
