import { watchReader } from "reader";

/** Pixels: closer to the end counts as being there, which is about two lines of text. */
const NEAR = 48;

/** Pixels: closer to the start or the end, more content is asked for. */
const SOON = 1500;

/** Milliseconds that a row is highlighted after it was sought. */
const FOUND_MS = 4000;

/** Milliseconds after arriving at the end in which a scroll that began before may still run. */
const SETTLING_MS = 1_000;

/** Milliseconds within which a scroll follows from what the reader did. */
const GESTURE_MS = 500;

/** How far below the upper edge the words stand that are spoken next, as a part of the height. */
const LEAD = 1 / 3;

/** @typedef {{ text: Text, from: number }} Place in a text of the content: the words that are spoken next */
/** @typedef {{ first: number, above: boolean, below: boolean }} Part what is rendered, and whether there is more around it */

/**
 * @typedef {object} Owner
 * @property {(following: boolean) => void} onFollowing
 * @property {(where: "near-start" | "near-end" | "end") => void} onWanted another part of the content is wanted
 * @property {() => Promise<void>} rendered resolves when the page shows what was changed
 */

/**
 * Scrolls a region so that the end of its growing content stays in view, unless the reader has scrolled up. While an answer
 * is spoken, the words that are spoken next stay in view instead: its end is there long before it can be heard.
 */
export class EndFollower {
  /** @param {HTMLElement} region that scrolls @param {HTMLElement} content of it @param {Part} part @param {Owner} owner */
  constructor(region, content, part, owner) {
    this.region = region;
    this.content = content;
    this.part = part;
    this.owner = owner;
    this.following = true;
    this.atRest = false; // because the content is read from its beginning
    this.top = 0;
    this.sought = ""; // a row that is perhaps not rendered yet
    this.voice = /** @type {Place | null} */ (null);
    this.asked = false; // for another part of the content, which has not come yet
    this.arriving = false; // at the end, to which the reader asked to be led
    this.arrivedAt = Infinity;
    this.scrolledAt = -Infinity; // when the reader scrolled last
    this.removal = new AbortController();
    const { signal } = this.removal;
    region.addEventListener("scroll", () => this.onScroll(), { signal, passive: true });
    region.addEventListener("scrollend", () => this.onScrollEnd(), { signal, passive: true });
    watchReader(region, signal, () => {
      this.arriving = false;
      this.scrolledAt = performance.now();
    });
    this.observer = new ResizeObserver(() => {
      if (this.sought) this.reveal();
      else this.keepUp();
    });
    this.observer.observe(region);
    this.observer.observe(content);
  }

  remove() {
    this.removal.abort();
    this.observer.disconnect();
  }

  /**
   * Notes what is read, before other rows are rendered.
   * @param {Part | null} part what is rendered then; null if that is only a step towards what was asked for
   * @returns {() => void} brings it back to its place once they are
   */
  hold(part) {
    const isOther = part && part !== this.part;
    if (part) this.part = part;
    const place = this.following ? null : this.place();
    return () => {
      if (place?.row.isConnected) this.region.scrollTop += place.row.getBoundingClientRect().top - place.top;
      else if (isOther) this.keepUp(); // otherwise once the voice is known, in the next frame
      if (!part) return;
      this.asked = false;
      this.ask(); // a reader at the very start cannot scroll any further to ask
    };
  }

  /** Scrolls to a row as soon as it is rendered, and highlights it for a moment. @param {string} id its `data-item-id` */
  seek(id) {
    this.follow(false);
    this.sought = id;
    this.owner.rendered().then(() => this.reveal());
  }

  /** Follows the voice from word to word. @param {Place | null} voice */
  followVoice(voice) {
    this.voice = voice;
    this.keepUp(gently());
  }

  /** Scrolls on if the reader follows. It never scrolls back: they may read ahead. @param {ScrollBehavior} behavior */
  keepUp(behavior = this.voice ? gently() : "instant") {
    if (this.following && !this.atRest && this.goal() > this.region.scrollTop) this.scrollTo(behavior);
  }

  /** @returns {number} the place of the view in pixels at which it follows */
  goal() {
    const { scrollTop, scrollHeight, clientHeight } = this.region;
    const end = scrollHeight - clientHeight;
    if (!this.voice?.text.isConnected) return end;
    const word = document.createRange();
    word.setStart(this.voice.text, Math.min(this.voice.from, this.voice.text.length));
    const below = word.getBoundingClientRect().top - this.region.getBoundingClientRect().top;
    return Math.max(0, Math.min(end, scrollTop + below - clientHeight * LEAD));
  }

  /** Leads back to the end, or to the voice. The button that did it disappears, so the region takes over the focus. */
  toEnd() {
    this.follow(true);
    this.arriving = true;
    this.arrivedAt = Infinity;
    this.region.focus({ preventScroll: true });
    if (this.part.below) this.owner.onWanted("end");
    else this.scrollTo(gently());
  }

  /** Whether another scroll, such as that of a key before, may still be running against ours. */
  get isArriving() {
    return this.arriving && performance.now() - this.arrivedAt < SETTLING_MS;
  }

  /** Growth and our own scrolling never move the view upwards: only a reader does, or a scroll that ran when they left. */
  onScroll() {
    const { scrollTop } = this.region;
    const isBack = scrollTop < this.top;
    const isThere = this.goal() - scrollTop < NEAR && !this.part.below;
    const leavesVoice = this.voice && isBack && performance.now() - this.scrolledAt < GESTURE_MS;
    if (leavesVoice || (isBack && !isThere && !this.isArriving)) {
      this.follow(false);
    } else if (isThere) {
      this.follow(true);
      this.arrivedAt = Math.min(this.arrivedAt, performance.now());
    }
    if (isBack && this.isArriving && !this.part.below) this.scrollTo("instant"); // which ends the other scroll
    this.top = scrollTop;
    this.ask();
  }

  /** Another scroll that ran against ours may have ended a few pixels before the end. */
  onScrollEnd() {
    if (this.isArriving && this.arrivedAt < Infinity) this.keepUp("instant");
  }

  /** @returns {{ row: Element, top: number } | null} what one reads, to keep it in its place while other rows come and go */
  place() {
    const { top } = this.region.getBoundingClientRect();
    const rows = this.content.querySelectorAll(".chat__turns > li");
    let [first, end] = [0, rows.length]; // of those among which it is; there are many, so they are halved
    while (first < end) {
      const middle = (first + end) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > top) end = middle;
      else first = middle + 1;
    }
    return first < rows.length ? { row: rows[first], top: rows[first].getBoundingClientRect().top } : null;
  }

  /** Scrolls the row that is sought to the middle, if it is there yet. */
  reveal() {
    const row = /** @type {HTMLElement | null} */ (this.content.querySelector(`[data-item-id="${CSS.escape(this.sought)}"]`));
    if (!row) return;
    this.sought = "";
    const [frame, place] = [this.region.getBoundingClientRect(), row.getBoundingClientRect()];
    const above = Math.max(24, (frame.height - place.height) / 2); // the beginning of a long turn is at the top
    this.region.scrollTop += place.top - frame.top - above;
    row.focus({ preventScroll: true });
    row.classList.add("turn--found");
    setTimeout(() => row.classList.remove("turn--found"), FOUND_MS);
  }

  /** Asks for more content once the reader comes near an end of it. */
  ask() {
    const { scrollTop, scrollHeight, clientHeight } = this.region;
    if (this.asked) return;
    const nearStart = scrollTop < SOON && this.part.above && !this.following;
    const nearEnd = scrollHeight - clientHeight - scrollTop < SOON && this.part.below;
    if (!nearStart && !nearEnd) return;
    this.asked = true;
    this.owner.onWanted(nearStart ? "near-start" : "near-end");
  }

  /** @param {ScrollBehavior} behavior */
  scrollTo(behavior) {
    this.region.scrollTo({ top: Math.ceil(this.goal()), behavior });
  }

  /** @param {boolean} following */
  follow(following) {
    if (following === this.following) return;
    this.following = following;
    this.owner.onFollowing(following);
  }
}

/** @returns {ScrollBehavior} */
function gently() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}
