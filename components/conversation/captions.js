import { SpokenWords, lettersOf, spokenEnd } from "spoken_words";

const KEPT = "parley.captions"; // in local storage

/**
 * The switch for captions, and the captions themselves. The CSS Custom Highlight API marks the words that are not spoken
 * yet, so the chat stays unchanged, for screen readers too. Browsers without it (Firefox before 140) show no switch.
 */
export default {
  template: `
    <label v-if="able" class="field__switch captions">
      <input type="checkbox" data-testid="captions" v-model="on" />
      <span>{{ label }}</span>
    </label>`,
  props: { label: String, msPerLetter: Number },
  data: () => ({ able: Boolean(window.Highlight), on: recall() }),
  watch: {
    on(on) {
      remember(on);
      this.follow();
    },
  },
  mounted() {
    if (!this.able) return;
    this.words = new SpokenWords();
    this.highlight = new Highlight();
    CSS.highlights.set("unspoken", this.highlight);
    document.addEventListener("realtime", this.receive);
    document.addEventListener("realtime-ended", this.endCall);
  },
  beforeUnmount() {
    document.removeEventListener("realtime", this.receive);
    document.removeEventListener("realtime-ended", this.endCall);
    cancelAnimationFrame(this.frame);
    this.highlight?.clear();
  },
  methods: {
    receive({ detail }) {
      this.words.receive(detail, performance.now());
      this.follow();
    },
    endCall() {
      this.words.endCall();
      this.follow();
    },
    follow() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.show(performance.now()));
    },
    /** The chat replaces its texts as they grow, so look them up each time. */
    show(now) {
      const answers = this.on ? this.words.sounding(now) : [];
      const unspoken = answers.flatMap((answer) => this.unspoken(answer));
      const key = unspoken.map(([text, from]) => `${from}/${text.length}`).join();
      if (key !== this.key || unspoken.some(([text]) => !this.shown?.has(text))) {
        this.highlight.clear();
        for (const [text, from] of unspoken) this.highlight.add(new StaticRange(rangeOf(text, from)));
        this.key = key;
        this.shown = new Set(unspoken.map(([text]) => text));
      }
      if (answers.length) this.follow();
    },
    /** @returns {[Text, number][]} texts of the chat, each with the index of its first unspoken character */
    unspoken({ items, ms }) {
      let letters = ms / this.msPerLetter;
      return items.map(textOf).filter(Boolean).map((text) => {
        const from = spokenEnd(text.data, letters);
        letters -= lettersOf(text.data);
        return [text, from];
      }).filter(([text, from]) => from < text.length);
    },
  },
};

/** @returns {Text | undefined} the words of a turn, without those marked as not heard */
function textOf(id) {
  const words = document.querySelector(`[data-item-id="${CSS.escape(id)}"] [data-testid=turn-text]`);
  return [...(words?.childNodes ?? [])].find((node) => node.nodeType === Node.TEXT_NODE);
}

function rangeOf(text, from) {
  return { startContainer: text, startOffset: from, endContainer: text, endOffset: text.length };
}

/** Off by default for users who prefer reduced motion. */
function recall() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept !== null) return kept === "on";
  } catch {
    // the browser may forbid storage
  }
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // the choice then lasts until the page is closed
  }
}
