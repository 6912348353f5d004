import { defineComponent, useTemplateRef } from "vue";

/** Pixels: closer to the end counts as being there, which is about two lines of text. */
const NEAR = 48;

/** Pixels: closer to the start or the end, more content is asked for. */
const SOON = 1500;

/** Milliseconds that a row is highlighted after it was sought. */
const FOUND_MS = 4000;

/** @typedef {{ first: number, above: boolean, below: boolean }} Part what is rendered, and whether there is more around it */

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
  props: { label: String, button: String, atRest: Boolean, part: /** @type {import("vue").PropType<Part>} */ (Object), sought: Object },
  emits: ["near-start", "near-end", "end"],
  data: () => ({ following: true }),
  setup: () => ({
    region: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("region")),
    content: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("content")),
    observer: /** @type {ResizeObserver | null} */ (null),
    top: 0,
    seeking: false, // a row that is perhaps not rendered yet
    asked: false, // for another part of the content, which has not come yet
  }),
  watch: {
    part() {
      if (this.following) this.$nextTick(() => this.scrollToEnd("instant"));
      else this.keepPlace();
    },
    sought() {
      this.seek();
    },
  },
  mounted() {
    if (this.sought) this.seek();
    this.observer = new ResizeObserver(() => {
      if (this.seeking) this.reveal();
      else if (this.following && !this.atRest) this.scrollToEnd("instant");
    });
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
      if (scrollHeight - clientHeight - scrollTop < NEAR && !this.part?.below) this.following = true;
      else if (scrollTop < this.top) this.following = false;
      this.top = scrollTop;
      this.ask();
    },
    /** Keeps in its place what one reads while another part of the content is rendered around it. */
    keepPlace() {
      const { top } = this.region.getBoundingClientRect();
      const read = [...this.content.querySelectorAll("li")].find((row) => row.getBoundingClientRect().bottom > top);
      const before = read?.getBoundingClientRect().top ?? 0;
      this.$nextTick(() => {
        if (read?.isConnected) this.region.scrollTop += read.getBoundingClientRect().top - before;
        this.asked = false;
      });
    },
    seek() {
      this.following = false;
      this.seeking = true;
      this.$nextTick(() => this.reveal());
    },
    /** Scrolls the row that is sought to the middle, if it is there yet. */
    reveal() {
      const row = /** @type {HTMLElement | null} */ (this.content.querySelector(`[data-item-id="${CSS.escape(this.sought?.id)}"]`));
      if (!row) return;
      this.seeking = false;
      const [frame, place] = [this.region.getBoundingClientRect(), row.getBoundingClientRect()];
      const above = Math.max(24, (frame.height - place.height) / 2); // the beginning of a long turn is at the top
      this.region.scrollTop += place.top - frame.top - above;
      row.focus({ preventScroll: true });
      row.classList.add("turn--found");
      setTimeout(() => row.classList.remove("turn--found"), FOUND_MS);
    },
    /** Asks for more content once the reader comes near an end of it. */
    ask() {
      const { scrollTop, scrollHeight, clientHeight } = this.region;
      if (this.asked) return;
      const nearStart = scrollTop < SOON && this.part?.above && !this.following;
      const nearEnd = scrollHeight - clientHeight - scrollTop < SOON && this.part?.below;
      if (!nearStart && !nearEnd) return;
      this.asked = true;
      this.$emit(nearStart ? "near-start" : "near-end");
    },
    /** Leads back to the end. The button disappears, so the region takes over the focus. */
    toEnd() {
      this.following = true;
      this.region.focus({ preventScroll: true });
      if (this.part?.below) {
        this.top = 0; // the end comes with another part, which may be shorter
        this.$emit("end");
      } else {
        const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.scrollToEnd(reducedMotion ? "instant" : "smooth");
      }
    },
    /** @param {ScrollBehavior} behavior */
    scrollToEnd(behavior) {
      this.region.scrollTo({ top: this.region.scrollHeight, behavior });
    },
  },
});
