import { playableTurns } from "playable_turns";
import { watchReader } from "reader";
import { defineComponent, h, useTemplateRef } from "vue";

const READING_MS = 6_000; // after the reader has scrolled, the view stays where it is
const FAR = 1e9; // seconds: a place behind the end of any recording

/** @typedef {{ url: string, download: string, at: number, seconds: number }} Recording `at`: Unix seconds */
/** @typedef {{ id: string, at: number }} Turn `at`: Unix seconds, when it began to be heard */

/**
 * Plays the recordings of a conversation, marks the turn that is heard, and goes to a turn whose time is pressed.
 * Browsers write no duration into what they record. They learn it by going to its end once. Few conversations are
 * recorded, so there is no template, which each page would compile.
 */
export default defineComponent({
  props: {
    texts: { type: Object, required: true },
    recordings: { type: /** @type {import("vue").PropType<Recording[]>} */ (Array), required: true },
    turns: { type: /** @type {import("vue").PropType<Turn[]>} */ (Array), required: true },
  },
  emits: ["seek"],
  data: () => ({ chosen: 0 }),
  setup: () => ({
    audio: /** @type {TemplateRef<HTMLAudioElement>} */ (useTemplateRef("audio")),
    removal: new AbortController(),
    measuring: false,
    wanted: /** @type {number | null} */ (null), // the place to play from once the duration is known
    scrolled: -Infinity, // when the reader scrolled last
    marked: /** @type {string | null} */ (null), // the id of the turn that is heard
  }),
  computed: {
    /** @returns {Recording | undefined} */
    recording() {
      return this.recordings[this.chosen];
    },
    /** @returns {Set<string>} the ids of the turns that were recorded */
    playable() {
      return new Set(this.turns.filter((turn) => this.recordingOf(turn) >= 0).map(({ id }) => id));
    },
  },
  watch: {
    recordings() {
      this.chosen = Math.min(this.chosen, Math.max(0, this.recordings.length - 1));
    },
    playable: {
      immediate: true,
      handler(playable) {
        playableTurns.value = playable;
      },
    },
  },
  mounted() {
    const { signal } = this.removal;
    watchReader(window, signal, () => (this.scrolled = performance.now()));
    document.addEventListener("play-turn", (event) => this.playFrom(/** @type {CustomEvent<string>} */ (event).detail), { signal });
  },
  beforeUnmount() {
    this.removal.abort();
    this.mark(null);
    playableTurns.value = new Set();
  },
  methods: {
    measure() {
      if (Number.isFinite(this.audio.duration)) return this.arrive();
      this.measuring = true;
      this.audio.currentTime = FAR;
    },
    measured() {
      if (!this.measuring || !Number.isFinite(this.audio.duration)) return;
      this.measuring = false;
      this.arrive();
    },
    /** Goes where the listener wanted to before the duration was known, and plays: measuring has ended that. */
    arrive() {
      this.audio.currentTime = this.wanted ?? 0;
      if (this.wanted !== null) this.audio.play().catch(() => {});
      this.wanted = null;
    },
    follow() {
      const { audio, recording } = this;
      if (this.measuring || !recording || (audio.paused && !audio.currentTime)) return;
      const now = recording.at + audio.currentTime;
      let heard = null;
      for (const turn of this.turns) if (turn.at <= now && turn.at >= recording.at - 1) heard = turn.id;
      this.mark(heard);
    },
    /** @param {string | null} id of the turn that is heard now */
    mark(id) {
      const row = id ? find(id) : null;
      if (id !== this.marked || (row && !row.hasAttribute("data-playing")))
        for (const other of document.querySelectorAll("[data-playing]")) other.removeAttribute("data-playing");
      if (row) row.setAttribute("data-playing", "");
      if (id && id !== this.marked && performance.now() - this.scrolled > READING_MS) this.show(id, row);
      this.marked = id;
    },
    /** @param {string} id @param {Element | null} row */
    show(id, row) {
      if (!row) return this.$emit("seek", id);
      const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
      row.scrollIntoView({ block: "nearest", behavior: reduced ? "instant" : "smooth" });
    },
    /** @param {Turn} turn @returns {number} the index of its recording, -1 without one */
    recordingOf(turn) {
      return this.recordings.findIndex(({ at, seconds }) => turn.at >= at - 1 && turn.at < at + seconds);
    },
    /** @param {string} id of a turn */
    playFrom(id) {
      const turn = this.turns.find((each) => each.id === id);
      const index = turn ? this.recordingOf(turn) : -1;
      if (!turn || index < 0) return;
      const place = Math.max(0, turn.at - this.recordings[index].at);
      const isOther = index !== this.chosen;
      this.chosen = index;
      if (isOther) this.$nextTick(() => this.play(place));
      else this.play(place);
    },
    /** @param {number} place in seconds */
    play(place) {
      if (Number.isFinite(this.audio.duration) && !this.measuring) this.audio.currentTime = place;
      else this.wanted = place;
      this.audio.play().catch(() => {}); // the browser wants a press on the player itself
    },
    /** @param {Recording} recording */
    name({ at, seconds }) {
      const began = new Date(at * 1000).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
      const whole = Math.round(seconds);
      return `${began} (${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")})`;
    },
  },
  render() {
    const { recording, recordings, texts } = this;
    if (!recording) return null;
    return h("section", { class: "player", "data-testid": "recording-player", "aria-label": texts.player }, [
      recordings.length > 1 &&
        h(
          "select",
          {
            class: "pill",
            "aria-label": texts.choose,
            value: this.chosen,
            onChange: (/** @type {Event & { target: HTMLSelectElement }} */ { target }) => (this.chosen = target.selectedIndex),
          },
          recordings.map((each, index) => h("option", { key: each.url, value: index }, this.name(each))),
        ),
      h("audio", {
        ref: "audio",
        key: recording.url,
        class: "player__audio",
        controls: true,
        preload: "metadata",
        src: recording.url,
        onLoadedmetadata: this.measure,
        onDurationchange: this.measured,
        onTimeupdate: this.follow,
        onPlay: this.follow,
        onEnded: () => this.mark(null),
      }),
      h(
        "a",
        { class: "player__download", "data-testid": "recording-download", href: recording.download, download: "" },
        texts.download,
      ),
    ]);
  },
});

/** @param {string} id */
function find(id) {
  return document.querySelector(`[data-testid="turn"][data-item-id="${CSS.escape(id)}"]`);
}
