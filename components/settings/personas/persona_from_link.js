// Watches the address of the page for a persona that somebody has shared: `#persona=…`.

const SHARED = "#persona=";

/** Characters that are passed on at most; a link that is longer is too long, whatever follows. */
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
    /** Tell of a persona in the address, once: a reload does not bring it back. */
    look() {
      if (!location.hash.startsWith(SHARED)) return;
      const shared = location.hash.slice(SHARED.length, SHARED.length + MOST);
      history.replaceState(history.state, "", location.pathname + location.search);
      this.$emit("link", shared);
    },
  },
};
