import { approach } from "approach";
import { ChatRows, Rows } from "chat_rows";
import { EndFollower } from "end_follower";
import { defineComponent, h, nextTick, shallowReactive, shallowRef, useTemplateRef } from "vue";

const NEWS = 3; // announcements that stay, as in chat.py

/** @typedef {import("end_follower").Part} Part */
/** @typedef {import("chat_rows").Row} Row */
/** @typedef {{ version: number, rows: Record<string, Row>, order: string[], part: Part, news: string[], again: string, sought: string }} Shown */
/** @typedef {Partial<Omit<Shown, "rows"> & { rows: Record<string, Record<string, any>> }> & { version: number }} Message what changed */

/** The browser half of the chat: rows in a scrolling region. Python calls `apply` with what changed, see chat.py. */
export default defineComponent({
  props: {
    texts: { type: Object, required: true },
    canCopy: Boolean,
    call: Number, // id of the VoiceCall in which turns can be revised
    shown: { type: /** @type {import("vue").PropType<Shown>} */ (Object), required: true }, // at first
  },
  emits: ["ready", "near-start", "near-end", "end", "revise", "unfold"],
  data: () => ({ following: true }),
  setup({ shown, texts, canCopy }) {
    const turns = new Rows(shown.rows, shown.order);
    return {
      region: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("region")),
      content: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("content")),
      turns,
      isEmpty: shallowRef(!shown.order.length),
      surroundings: shallowReactive(
        /** @type {import("turn_bubble").ChatOfTurn} */ ({ texts, canCopy, again: shown.again, last: shown.order.at(-1) ?? "" }),
      ),
      news: shallowRef(/** @type {{ id: number, text: string }[]} */ ([])),
      version: { shown: shown.version },
      wanted: { order: shown.order, part: shown.part, frame: 0 },
      follower: /** @type {EndFollower} */ (/** @type {unknown} */ (null)), // until it is mounted
    };
  },
  created() {
    if (this.call !== undefined) this.surroundings.revise = (id, text) => this.revise(id, text);
  },
  mounted() {
    this.follower = new EndFollower(this.region, this.content, this.shown.part, {
      onFollowing: (following) => (this.following = following),
      onWanted: (where) => this.$emit(where),
      rendered: () => nextTick(),
    });
    this.follower.atRest = this.isEmpty;
    document.addEventListener("spoken-to", (event) => this.follower.followVoice(/** @type {CustomEvent} */ (event).detail), {
      signal: this.follower.removal.signal,
    });
    this.region.addEventListener("unfold-turn", (event) => this.$emit("unfold", /** @type {CustomEvent} */ (event).detail));
    if (this.shown.sought) this.follower.seek(this.shown.sought);
    this.$emit("ready", this.version.shown);
  },
  beforeUnmount() {
    cancelAnimationFrame(this.wanted.frame);
    this.follower.remove();
  },
  methods: {
    /** @param {Message} message */
    apply({ version, rows, order, part, news, again, sought }) {
      if (version <= this.version.shown) return;
      this.version.shown = version;
      if (rows) this.turns.update(rows);
      if (order || part) {
        Object.assign(this.wanted, order && { order }, part && { part });
        if (this.follower.following || sought) this.arrange({ atOnce: true });
        else this.arrangeSoon();
      }
      if (again !== undefined) this.surroundings.again = again;
      for (const text of news ?? []) this.news = [...this.news, { id: (this.news.at(-1)?.id ?? 0) + 1, text }].slice(-NEWS);
      if (sought) this.follower.seek(sought);
    },
    /** Renders the rows that are wanted: at once, or by a few in a frame while the reader scrolls. @param {{ atOnce: boolean }} how */
    arrange({ atOnce }) {
      const { order, part, frame } = this.wanted;
      cancelAnimationFrame(frame);
      const next = atOnce ? order : approach(this.turns.order, order);
      const settle = this.follower.hold(next === order ? part : null);
      this.turns.arrange(next, order);
      this.surroundings.last = order.at(-1) ?? "";
      this.isEmpty = this.follower.atRest = !order.length;
      this.$nextTick(settle);
      if (next !== order) this.arrangeSoon();
    },
    /** In the next frame, so that what the message or the last step costs does not add to it. */
    arrangeSoon() {
      cancelAnimationFrame(this.wanted.frame);
      this.wanted.frame = requestAnimationFrame(() => this.arrange({ atOnce: this.follower.following }));
    },
    /**
     * Replaces a turn and what followed it; places a call first if there is none.
     * @param {string} id @param {string | null} text null asks for another answer
     * @returns {Promise<boolean>} false if the call could not be placed; the status line says why
     */
    async revise(id, text) {
      const call = await getElement(/** @type {number} */ (this.call)).ready();
      if (call) this.$emit("revise", { id, text });
      return Boolean(call);
    },
  },
  render() {
    const { texts, isEmpty, turns, surroundings, news } = this;
    const jump = { type: "button", class: "chat__jump", "data-testid": "jump-to-latest", onClick: () => this.follower.toEnd() };
    return h("div", [
      h("div", { ref: "region", class: "chat__region", "data-testid": "chat", role: "region", tabindex: 0, "aria-label": texts.label }, [
        h("div", { ref: "content", class: "chat__content" }, [
          h("div", { class: "chat__empty", style: { display: isEmpty ? null : "none" } }, this.$slots.default?.()),
          h(ChatRows, { turns, chat: surroundings }),
        ]),
      ]),
      !this.following && !isEmpty && h("button", jump, texts.to_end),
      h(
        "div",
        { class: "visually-hidden", role: "log", "aria-live": "polite" },
        news.map(({ id, text }) => h("div", { key: id }, text)),
      ),
    ]);
  },
});
