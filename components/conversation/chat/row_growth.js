/** Milliseconds of a frame that rendering more rows may take, on any processor. */
const BUDGET_MS = 6;

/** Rows that are rendered in the first frame, when it is not known how long one takes. */
const FIRST = 3;

/**
 * Brings the rows that are rendered to those that are wanted: a few in each frame, so that scrolling goes on meanwhile.
 * Those next to what is rendered come first.
 */
export class RowGrowth {
  /**
   * @param {string[]} shown keys of the rows that are rendered
   * @param {(shown: string[], isDone: boolean) => Promise<void>} render resolves when these rows are rendered
   */
  constructor(shown, render) {
    this.shown = shown;
    this.wanted = shown;
    this.render = render;
    this.most = FIRST;
    this.frame = 0;
  }

  /** @param {string[]} wanted keys of the rows from top to bottom @param {boolean} atOnce */
  grow(wanted, atOnce) {
    this.wanted = wanted;
    this.step(atOnce ? Infinity : this.most);
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }

  /** @param {number} most rows that come, and that go */
  async step(most) {
    this.stop();
    this.shown = nextRows(this.shown, this.wanted, most);
    const isDone = this.shown === this.wanted;
    const began = performance.now();
    const rendered = this.render(this.shown, isDone);
    if (!isDone) this.frame = requestAnimationFrame(() => this.step(this.most));
    await rendered;
    if (!isDone) this.most = Math.max(1, Math.min(2 * most, Math.floor((most * BUDGET_MS) / (performance.now() - began))));
  }
}

/**
 * Returns the rows that are rendered next. The same array as `wanted` means that no more have to follow.
 * @param {string[]} shown @param {string[]} wanted @param {number} most rows that come, and that go
 */
export function nextRows(shown, wanted, most) {
  const [has, wants] = [new Set(shown), new Set(wanted)];
  const first = wanted.findIndex((key) => has.has(key));
  const last = wanted.findLastIndex((key) => has.has(key));
  if (first < 0) return wanted;
  const [above, below] = [first, wanted.length - 1 - last]; // how many are to come
  const goneAbove = above ? [] : shown.slice(0, shown.findIndex((key) => wants.has(key)));
  const goneBelow = below ? [] : shown.slice(shown.findLastIndex((key) => wants.has(key)) + 1);
  if (Math.max(above, below, goneAbove.length, goneBelow.length) <= most) return wanted;
  const next = wanted.slice(Math.max(0, first - most), last + 1 + most);
  return [...goneAbove.slice(most), ...next, ...goneBelow.slice(0, Math.max(0, goneBelow.length - most))];
}
