import { defineComponent, h } from "vue";

/** Asks, as a cancelable event of the window, whether the page may be loaded again; see `mayReload`. */
const MAY_RELOAD = "may-reload";
const ASK_MS = 500;
/** How NiceGUI refuses a page that it has forgotten. */
const REFUSED = "Implicit handshake failed";
/** Part of the code by which NiceGUI reloads a page that has missed more messages than it keeps. */
const MISSED = "reloading because outbox rewind failed";
/** Session storage: the page before was loaded again without being asked. */
const RELOADED = "parley.reloaded";
const NOTE_MS = 10_000;

/**
 * Says that the page has no connection to Parley. NiceGUI knows it first: this follows the box that it would show, which
 * the styles hide. If Parley has forgotten the page, because it was away for too long or was restarted, or the page has
 * missed too much, NiceGUI would reload it at once. Here it waits until nothing is lost by that, and is said.
 */
export default defineComponent({
  props: {
    texts: { type: Object, required: true },
  },
  data: () => ({
    lost: /** @type {"" | "server_lost" | "page_forgotten"} */ (""),
    wasReloaded: false,
  }),
  setup: () => ({
    observer: /** @type {MutationObserver | undefined} */ (undefined),
    asking: /** @type {number | undefined} */ (undefined),
  }),
  computed: {
    /** @returns {Texts | null} */
    text() {
      if (this.lost) return this.texts[this.lost];
      return this.wasReloaded ? this.texts.reloaded : null;
    },
  },
  mounted() {
    this.wasReloaded = sessionStorage.getItem(RELOADED) !== null;
    sessionStorage.removeItem(RELOADED);
    setTimeout(() => (this.wasReloaded = false), NOTE_MS);
    const box = document.getElementById("popup");
    if (!box) return;
    this.observer = new MutationObserver(() => this.follow(box.ariaHidden === "false"));
    this.observer.observe(box, { attributeFilter: ["aria-hidden"] });
    queueMicrotask(() => this.replaceReloads()); // NiceGUI makes its socket after the last element
  },
  unmounted() {
    this.observer?.disconnect();
    clearInterval(this.asking);
  },
  methods: {
    /** @param {boolean} lost */
    follow(lost) {
      if (this.lost !== "page_forgotten") this.lost = lost ? "server_lost" : "";
    },
    /** Takes the place of all that reloads the page in NiceGUI, whatever is lost by that. */
    replaceReloads() {
      const { socket } = window;
      if (!socket) return;
      this.replaceOnError(socket);
      this.replaceInHandshake(socket);
      this.replaceAfterMisses(socket);
    },
    /** It would reload also while the network is only slow. @param {NonNullable<Window["socket"]>} socket */
    replaceOnError(socket) {
      const [reload] = socket.listeners("connect_error");
      if (!reload) return;
      let wasConnected = false;
      socket.once("connect", () => (wasConnected = true));
      socket.off("connect_error", reload);
      socket.on("connect_error", (error) => {
        if (error.message === REFUSED) this.forgotten();
        else if (!wasConnected) reload(error); // it may try another transport
      });
    },
    /** A page that was loaded ahead shakes hands after it has connected. @param {NonNullable<Window["socket"]>} socket */
    replaceInHandshake(socket) {
      const emit = socket.emit.bind(socket);
      socket.emit = (name, ...parameters) => {
        if (name !== "handshake") return emit(name, ...parameters);
        const finish = parameters.pop();
        return emit(name, ...parameters, (/** @type {boolean} */ ok) => (ok ? finish(ok) : this.forgotten()));
      };
    },
    /** @param {NonNullable<Window["socket"]>} socket */
    replaceAfterMisses(socket) {
      const [run] = socket.listeners("run_javascript");
      if (!run) return;
      socket.off("run_javascript", run);
      socket.on("run_javascript", (message) => (message.code.includes(MISSED) ? this.forgotten() : run(message)));
    },
    forgotten() {
      if (this.lost === "page_forgotten") return;
      this.lost = "page_forgotten";
      this.asking = setInterval(() => mayReload() && this.reload(), ASK_MS);
      if (mayReload()) this.reload();
    },
    /** @param {Texts} text */
    words({ sentence, next_step, button }) {
      const isForgotten = this.lost === "page_forgotten";
      const again = { class: "lost-connection__button", type: "button", "data-testid": "load-again", onClick: this.reload };
      return h("p", { class: "lost-connection__text", "data-testid": "lost-connection", "data-code": this.lost || null }, [
        h("span", { class: "lost-connection__sentence" }, sentence),
        ` ${next_step} `,
        isForgotten && h("button", again, button),
      ]);
    },
    reload() {
      clearInterval(this.asking);
      sessionStorage.setItem(RELOADED, "");
      location.reload();
    },
  },
  render() {
    return h("div", { class: "lost-connection", role: "status" }, this.text ? this.words(this.text) : []);
  },
});

/** Whether no part of the page would lose something by a reload. */
function mayReload() {
  return window.dispatchEvent(new CustomEvent(MAY_RELOAD, { cancelable: true }));
}
