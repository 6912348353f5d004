import { SpokenWords, lettersOf, spokenEnd } from "spoken_words";
import { defineComponent } from "vue";

const STORED = "parley.captions"; // in local storage

/** @typedef {{ text: Text, from: number, to: number }} Unspoken a text of the chat, and where its unspoken words begin and end */

/**
 * The switch for words that follow the voice, and what it switches. The words are marked with the CSS Custom Highlight
 * API: the chat stays as it is, for screen readers too. A browser without it (Firefox before 140) shows no switch.
 *
 * On or off, it tells the chat by DOM events `spoken-to` which words come next, so that these stay in view.
 */
export default defineComponent({
  template: `
    <label v-if="supported" class="field__switch captions">
      <input type="checkbox" data-testid="captions" v-model="on" />
      <span>{{ label }}</span>
    </label>`,
  props: { label: String, msPerLetter: { type: Number, required: true } },
  data: () => ({ on: recall() }),
  setup: () => ({
    supported: Boolean(window.Highlight),
    words: new SpokenWords(),
    highlight: /** @type {Highlight | null} */ (null),
    shown: /** @type {Unspoken[]} */ ([]),
    next: /** @type {Unspoken | null} */ (null), // the words that come next
    frame: 0,
    removal: new AbortController(),
  }),
  watch: {
    on(on) {
      remember(on);
      this.schedule();
    },
  },
  mounted() {
    if (this.supported) {
      this.highlight = new Highlight();
      CSS.highlights.set("unspoken", this.highlight);
    }
    const { signal } = this.removal;
    document.addEventListener("realtime", (event) => this.receive(/** @type {CustomEvent} */ (event).detail), { signal });
    document.addEventListener("realtime-ended", () => this.endCall(), { signal });
  },
  beforeUnmount() {
    this.removal.abort();
    cancelAnimationFrame(this.frame);
    this.highlight?.clear();
  },
  methods: {
    /** @param {RealtimeEvent} event from the service */
    receive(event) {
      this.words.receive(event, performance.now());
      this.schedule();
    },
    endCall() {
      this.words.endCall();
      this.schedule();
    },
    schedule() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.show(performance.now()));
    },
    /** Marks the unspoken words. Texts that the chat has replaced are looked up again each time. @param {number} now */
    show(now) {
      const answers = this.words.pending(now);
      const unspoken = answers.flatMap(({ items, ms }) => unspokenIn(items, ms / this.msPerLetter));
      const [next = null] = unspoken;
      if (next?.text !== this.next?.text || next?.from !== this.next?.from)
        document.dispatchEvent(new CustomEvent("spoken-to", { detail: next }));
      this.next = next;
      const dimmed = this.on ? unspoken : [];
      if (!isSame(dimmed, this.shown)) {
        this.highlight?.clear();
        for (const place of dimmed) this.highlight?.add(rangeOf(place));
        this.shown = dimmed;
      }
      if (answers.length) this.schedule();
    },
  },
});

/** @param {string[]} items ids of one answer @param {number} letters that were spoken @returns {Unspoken[]} */
function unspokenIn(items, letters) {
  const unspoken = [];
  for (const id of items) {
    const text = textOf(id);
    if (!text) continue;
    const from = spokenEnd(text.data, letters);
    letters -= lettersOf(text.data);
    if (from < text.length) unspoken.push({ text, from, to: text.length });
  }
  return unspoken;
}

/** @param {string} id of an item @returns {Text | undefined} the words of its turn, without those marked as not heard */
function textOf(id) {
  const words = document.querySelector(`[data-item-id="${CSS.escape(id)}"] [data-testid=turn-text]`);
  return [...(words?.childNodes ?? [])].find((node) => node instanceof Text);
}

/** @param {Unspoken} place */
function rangeOf({ text, from, to }) {
  return new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to });
}

/** @param {Unspoken[]} some @param {Unspoken[]} others */
function isSame(some, others) {
  return (
    some.length === others.length &&
    some.every(({ text, from, to }, i) => text === others[i].text && from === others[i].from && to === others[i].to)
  );
}

/** @returns {boolean} the stored choice; by default off for users who prefer reduced motion */
function recall() {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored !== null) return stored === "on";
  } catch {
    // storage is forbidden
  }
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @param {boolean} on */
function remember(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // then the choice lasts as long as the page
  }
}
