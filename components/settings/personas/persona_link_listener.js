import { defineComponent, h } from "vue";

const SHARED = "#persona=";

/** Characters passed to Python at most; it rejects even shorter links as too long. */
const MOST = 10_000;

/** Watches the page's address for a shared persona: `#persona=…`. */
export default defineComponent({
  emits: ["link"],
  setup: () => ({ removal: new AbortController() }),
  mounted() {
    this.look();
    addEventListener("hashchange", () => this.look(), { signal: this.removal.signal });
  },
  beforeUnmount() {
    this.removal.abort();
  },
  methods: {
    /**
     * Emits the persona in the address, if any, and removes it from there: a reload does not bring it back. A DOM event
     * announces it, so that the place of the note about it is there before its words, or screen readers are silent.
     */
    look() {
      if (!location.hash.startsWith(SHARED)) return;
      const shared = location.hash.slice(SHARED.length, SHARED.length + MOST);
      history.replaceState(history.state, "", location.pathname + location.search);
      this.$el.dispatchEvent(new CustomEvent("persona-shared", { bubbles: true }));
      this.$emit("link", shared);
    },
  },
  render: () => h("span", { hidden: true }),
});
