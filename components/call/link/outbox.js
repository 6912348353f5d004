/** NiceGUI drops messages of more than a million bytes; a character takes up to four of them. */
const LONGEST_MESSAGE = 240_000; // characters

/**
 * Hands reports to Python in order and exactly once, in few messages: the first at once, then one per interval.
 *
 * A websocket may die unnoticed with messages in it, so reports are numbered and kept until Python has counted them;
 * after a reconnection Python says how many it has, and the rest is delivered again.
 */
export class Outbox {
  /**
   * @param {(message: { first: number, reports: object[] }) => void} deliver
   * @param {number} interval milliseconds between two messages
   */
  constructor(deliver, interval) {
    this.deliver = deliver;
    this.interval = interval;
    /** @type {object[]} reports that Python has not yet confirmed */
    this.kept = [];
    this.first = 0; // the number of kept[0]
    this.sent = 0; // the number of the first report not yet sent
    this.last = -Infinity;
    this.timer = null;
  }

  /** @param {object} report */
  add(report) {
    this.kept.push(report);
    const wait = this.last + this.interval - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait); // animation frames would stop in a hidden tab
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    const reports = this.kept.slice(this.sent - this.first);
    if (!reports.length) return;
    this.last = performance.now();
    for (const part of inParts(reports)) {
      this.deliver({ first: this.sent, reports: part });
      this.sent += part.length;
    }
  }

  /** @param {number} count how many reports Python has, counted from the first ever */
  confirm(count) {
    this.kept.splice(0, count - this.first);
    this.first = Math.max(this.first, count);
    this.sent = Math.max(this.sent, count);
  }

  /** @param {number} count deliver everything after the first `count` reports again */
  resume(count) {
    this.confirm(count);
    this.sent = this.first;
    this.flush();
  }
}

/** @param {object[]} reports @returns {object[][]} the same in parts, each of them short enough for one message */
function inParts(reports) {
  const parts = [];
  let room = 0;
  for (const report of reports) {
    const { length } = JSON.stringify(report);
    if (length > room) {
      parts.push([]);
      room = LONGEST_MESSAGE;
    }
    parts.at(-1).push(report);
    room -= length;
  }
  return parts;
}
