/** NiceGUI drops messages of more than a million bytes; a character takes up to four of them. */
const LONGEST_MESSAGE = 240_000; // characters

/** How often a report that did not arrive with others is sent by itself. */
const MOST_TRIES = 2;
/** Python may ask for the same report several times at once; that is one try. */
const TRY_MS = 2_000;

/** @typedef {{ first: number, reports: object[] }} Message `first` is the number of the first report in it */

/**
 * Delivers reports to Python in order, exactly once, and in few messages: the first at once, then one per interval.
 *
 * A websocket may die unnoticed with messages in flight. Reports are therefore numbered and kept until Python confirms
 * them; after a reconnection Python says how many it has, and the rest is delivered again.
 *
 * Reports may be held for a moment in which Python has more urgent things to do.
 */
export class Outbox {
  /**
   * @param {(message: Message) => void} deliver
   * @param {number} interval milliseconds between two messages
   */
  constructor(deliver, interval) {
    this.deliver = deliver;
    this.interval = interval;
    /** @type {object[]} reports that Python has not confirmed yet */
    this.kept = [];
    this.first = 0; // the number of kept[0]
    this.sent = 0; // the number of the first report not sent yet
    this.last = -Infinity; // when the last message was sent
    this.tries = 0; // of kept[0] in a message of its own
    this.triedAt = -Infinity; // when the last of them began
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {number | null} the number of the first report that is held */
    this.heldFrom = null;
  }

  /** How many reports Python gets without delay. */
  get due() {
    return this.heldFrom ?? this.count;
  }

  /** How many reports there have been. */
  get count() {
    return this.first + this.kept.length;
  }

  /** The latest report, which may be exchanged for another, unless it is on its way already. */
  get latest() {
    return this.count > this.sent ? this.kept[this.kept.length - 1] : undefined;
  }

  set latest(report) {
    if (report && this.count > this.sent) this.kept[this.kept.length - 1] = report;
  }

  /** @param {object} report */
  add(report) {
    this.kept.push(report);
    if (this.heldFrom !== null) return;
    const wait = this.last + this.interval - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait); // animation frames would stop in a hidden tab
  }

  /** Holds all further reports. @param {number} ms for so long, or until the next `flush` */
  hold(ms) {
    this.flush();
    this.heldFrom = this.count;
    this.timer = setTimeout(() => this.flush(), ms);
  }

  /** Delivers everything that is held or waits for the end of the interval. */
  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.heldFrom = null;
    const reports = this.kept.slice(this.sent - this.first);
    if (!reports.length) return;
    this.last = performance.now();
    for (const part of inParts(reports)) {
      this.deliver({ first: this.sent, reports: part });
      this.sent += part.length;
    }
  }

  /**
   * @param {number} count how many reports Python has, counted from the first ever
   * @param {number} [interval] milliseconds between two messages from now on
   */
  confirm(count, interval = this.interval) {
    this.interval = interval;
    if (count > this.first) this.tries = 0;
    this.kept.splice(0, count - this.first);
    this.first = Math.max(this.first, count);
    this.sent = Math.max(this.sent, count);
  }

  /**
   * Delivers everything after the first `count` reports again. One that does not arrive by itself either, twice, is
   * given up: it may be what breaks the connection.
   * @param {number} count
   */
  resume(count) {
    this.confirm(count);
    const wasSent = this.sent > this.first;
    this.sent = this.first;
    if (wasSent) this.tryAlone();
    this.flush();
  }

  /** Sends the first report by itself, or gives it up. */
  tryAlone() {
    const now = performance.now();
    if (now - this.triedAt > TRY_MS) {
      this.triedAt = now;
      this.tries++;
    }
    if (this.tries > MOST_TRIES) {
      this.kept[0] = { kind: "lost" };
      this.tries = 0;
    }
    this.deliver({ first: this.sent++, reports: [this.kept[0]] });
  }
}

/** @param {object[]} reports @returns {object[][]} the same reports in parts, each short enough for one message */
export function inParts(reports) {
  /** @type {object[][]} */
  const parts = [];
  let room = 0;
  for (const report of reports) {
    const { length } = JSON.stringify(report);
    if (length > room) {
      parts.push([]);
      room = LONGEST_MESSAGE;
    }
    parts[parts.length - 1].push(report);
    room -= length;
  }
  return parts;
}
