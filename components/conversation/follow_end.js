import { defineComponent, useTemplateRef } from "vue";

/** Pixels: closer to the end counts as being there, which is about two lines of text. */
const NEAR = 48;

/** A scrolling region that keeps its end in view while it grows, unless the reader has scrolled up. */
export default defineComponent({
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
  setup: () => ({
    region: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("region")),
    content: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("content")),
    observer: /** @type {ResizeObserver | null} */ (null),
    top: 0,
  }),
  mounted() {
    this.observer = new ResizeObserver(() => this.following && !this.atRest && this.scrollToEnd("instant"));
    this.observer.observe(this.region);
    this.observer.observe(this.content);
  },
  beforeUnmount() {
    this.observer?.disconnect();
  },
  methods: {
    /** Growth and our own scrolling never move the view upwards: only a reader does. */
    onScroll() {
      const { scrollTop, scrollHeight, clientHeight } = this.region;
      if (scrollHeight - clientHeight - scrollTop < NEAR) this.following = true;
      else if (scrollTop < this.top) this.following = false;
      this.top = scrollTop;
    },
    /** Leads back to the end. The button disappears, so the region takes over the focus. */
    toEnd() {
      const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.following = true;
      this.region.focus({ preventScroll: true });
      this.scrollToEnd(reducedMotion ? "instant" : "smooth");
    },
    /** @param {ScrollBehavior} behavior */
    scrollToEnd(behavior) {
      this.region.scrollTo({ top: this.region.scrollHeight, behavior });
    },
  },
});
