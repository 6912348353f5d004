import { defineComponent, h } from "vue";

const LAST_MINUTES = 300; // seconds before the end of the service's session from which the timer counts down

/**
 * The browser half of the timer. It counts by itself: a message of Python's for each second would render the whole page, and
 * be a twentieth of what a call costs Python.
 */
export default defineComponent({
  props: {
    texts: { type: Object, required: true },
    calls: { type: Number, required: true }, // that there have been on this page
    counting: { type: Boolean, required: true },
    left: Number, // seconds until the service ends the session, from when that is told; null if it is not
  },
  data: () => ({ now: 0 }), // milliseconds of the monotonic clock, as the others
  setup: () => ({ began: 0, endsAt: Infinity, timer: /** @type {number | undefined} */ (undefined) }),
  watch: {
    calls() {
      this.began = performance.now();
    },
    left(/** @type {number | null} */ left) {
      this.endsAt = performance.now() + 1000 * (left ?? Infinity);
      this.tick();
    },
    counting: "tick",
  },
  beforeUnmount() {
    clearTimeout(this.timer);
  },
  methods: {
    tick() {
      this.now = performance.now();
      clearTimeout(this.timer);
      if (this.counting) this.timer = setTimeout(() => this.tick(), 1000 - ((this.now - this.began) % 1000));
    },
  },
  render() {
    const { texts, calls, now, began, endsAt } = this;
    const left = Math.max(0, endsAt - now) / 1000;
    const countdown = left < LAST_MINUTES ? durationText(left) : "";
    const explained = countdown ? texts.renewal.replace("{left}", countdown) : undefined;
    const text = countdown ? `↻ ${countdown}` : durationText((now - began) / 1000);
    return h("div", { role: "timer", title: explained, "aria-label": explained }, calls ? text : "");
  },
});

/** @param {number} seconds @returns {string} `mm:ss`, or `h:mm:ss` from an hour on, rounded down to a second */
function durationText(seconds) {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const padded = [minutes, rest].map((part) => String(part).padStart(2, "0")).join(":");
  return hours ? `${hours}:${padded}` : padded;
}
