import { watchReader } from "reader";

/** Pixels: closer to the end counts as being there, which is about two lines of text. */
const NEAR = 48;

/** Pixels: closer to the start or the end, more content is asked for. */
const SOON = 1500;

/** Milliseconds that a row is highlighted after it was sought. */
const FOUND_MS = 4000;

/** @typedef {{ first: number, above: boolean, below: boolean }} Part what is rendered, and whether there is more around it */

/**
 * @typedef {object} Owner
 * @property {(following: boolean) => void} onFollowing
 * @property {(where: "near-start" | "near-end" | "end") => void} onWanted another part of the content is wanted
 * @property {() => Promise<void>} rendered resolves when the page shows what was changed
 */

/** Scrolls a region so that the end of its growing content stays in view, unless the reader has scrolled up. */
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
    this.asked = false; // for another part of the content, which has not come yet
    this.arriving = false; // at the end, to which the reader asked to be led
    this.removal = new AbortController();
    const { signal } = this.removal;
    region.addEventListener("scroll", () => this.onScroll(), { signal, passive: true });
    watchReader(region, signal, () => (this.arriving = false));
    this.observer = new ResizeObserver(() => {
      if (this.sought) this.reveal();
      else if (this.following && !this.atRest) this.scrollToEnd("instant");
    });
    this.observer.observe(region);
    this.observer.observe(content);
  }

  remove() {
    this.removal.abort();
    this.observer.disconnect();
  }

  /**
   * Notes what is read, before other rows or another part of the content are rendered.
   * @param {Part} [part] @returns {() => void} brings it back to its place once they are
   */
  hold(part = this.part) {
    this.part = part;
    const place = this.following ? null : this.place();
    return () => {
      this.asked = false;
      if (place?.row.isConnected) this.region.scrollTop += place.row.getBoundingClientRect().top - place.top;
      else if (this.following) this.scrollToEnd("instant");
      this.ask(); // a reader at the very start cannot scroll any further to ask
    };
  }

  /** Scrolls to a row as soon as it is rendered, and highlights it for a moment. @param {string} id its `data-item-id` */
  seek(id) {
    this.follow(false);
    this.sought = id;
    this.owner.rendered().then(() => this.reveal());
  }

  /** Leads back to the end. The button that did it disappears, so the region takes over the focus. */
  toEnd() {
    this.follow(true);
    this.arriving = true;
    this.region.focus({ preventScroll: true });
    if (this.part.below) this.owner.onWanted("end");
    else this.scrollToEnd(matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  }

  /** Growth and our own scrolling never move the view upwards: only a reader does, or a scroll that ran when they left. */
  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.region;
    if (scrollHeight - clientHeight - scrollTop < NEAR && !this.part.below) {
      this.follow(true);
      this.arriving = false;
    } else if (scrollTop < this.top) {
      if (!this.arriving) this.follow(false);
      else if (!this.part.below) this.scrollToEnd("instant"); // which ends the other scroll
    }
    this.top = scrollTop;
    this.ask();
  }

  /** @returns {{ row: Element, top: number } | null} what one reads, to keep it in its place while other rows come and go */
  place() {
    const { top } = this.region.getBoundingClientRect();
    const row = [...this.content.querySelectorAll("li")].find((each) => each.getBoundingClientRect().bottom > top);
    return row ? { row, top: row.getBoundingClientRect().top } : null;
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
  scrollToEnd(behavior) {
    this.region.scrollTo({ top: this.region.scrollHeight, behavior });
  }

  /** @param {boolean} following */
  follow(following) {
    if (following === this.following) return;
    this.following = following;
    this.owner.onFollowing(following);
  }
}
