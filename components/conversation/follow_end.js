// A scrolling region that keeps its end in sight while it grows, unless the reader has scrolled up.

/** Closer to the end than this many pixels counts as being there: about two lines of text. */
const NEAR = 48;

export default {
  template: `
    <div>
      <div ref="region" class="follow-end__region" role="region" tabindex="0" :aria-label="label" @scroll.passive="onScroll">
        <div ref="content" class="follow-end__content"><slot></slot></div>
      </div>
      <button v-if="!following && !atRest" type="button" class="follow-end__button" @click="toEnd">{{ button }}</button>
    </div>
  `,
  props: { label: String, button: String, atRest: Boolean },
  data: () => ({ following: true }),
  mounted() {
    this.top = 0;
    this.observer = new ResizeObserver(() => this.following && !this.atRest && this.jump("instant"));
    this.observer.observe(this.$refs.region);
    this.observer.observe(this.$refs.content);
  },
  beforeUnmount() {
    this.observer.disconnect();
  },
  methods: {
    /** Only a reader moves the view upwards; growth and jumps never do. */
    onScroll() {
      const { scrollTop, scrollHeight, clientHeight } = this.$refs.region;
      if (scrollHeight - clientHeight - scrollTop < NEAR) this.following = true;
      else if (scrollTop < this.top) this.following = false;
      this.top = scrollTop;
    },
    /** Jump to the end. The button disappears, so the region takes the focus. */
    toEnd() {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.following = true;
      this.$refs.region.focus({ preventScroll: true });
      this.jump(still ? "instant" : "smooth");
    },
    /** @param {ScrollBehavior} behavior */
    jump(behavior) {
      this.$refs.region.scrollTo({ top: this.$refs.region.scrollHeight, behavior });
    },
  },
};
