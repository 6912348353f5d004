// Watches the page's address for a shared persona: `#persona=…`.

const SHARED = "#persona=";

/** Characters passed to Python at most. Python rejects shorter links than this as too long. */
const MOST = 10_000;

export default {
  template: "<span hidden></span>",
  emits: ["link"],
  mounted() {
    addEventListener("hashchange", this.look);
  },
  beforeUnmount() {
    removeEventListener("hashchange", this.look);
  },
  methods: {
    /** Report a persona in the address, once: it is removed, so a reload does not report it again. */
    look() {
      if (!location.hash.startsWith(SHARED)) return;
      const shared = location.hash.slice(SHARED.length, SHARED.length + MOST);
      history.replaceState(history.state, "", location.pathname + location.search);
      this.$emit("link", shared);
    },
  },
};
