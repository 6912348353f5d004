/** Deeper than any event of the protocol; Python's JSON breaks at 254 levels. */
const DEEPEST = 64;
const TOO_DEEP = "… (too deep)";
const HALVES = /\p{Surrogate}/gu; // of characters beyond U+FFFF; whole ones do not match

/** An event as it was read. One that breaks the protocol is not usable: it is only logged. @typedef {{ event: RealtimeEvent, isUsable: boolean }} ReadEvent */

/**
 * The border: what a service sends is read once, here. Text is made well-formed (a character may come in halves, in two
 * deltas), nesting is bounded, and the types of all fields are checked that this half of the call relies on.
 */
export class EventReader {
  constructor() {
    /** @type {Map<string, string>} the half character at the end of a delta, by what it belongs to */
    this.halves = new Map();
  }

  /** @param {string} json @returns {ReadEvent | null} null if it is no event at all */
  read(json) {
    let event;
    try {
      event = JSON.parse(json);
    } catch {
      return null;
    }
    return typeof event?.type === "string" ? this.take(event) : null;
  }

  /** @param {RealtimeEvent} event as it came @returns {ReadEvent} */
  take(event) {
    const whole = tidy(this.joined(event), 0);
    for (const [owner, field] of LISTS) if (whole[owner]?.[field] === null) delete whole[owner][field];
    return { event: whole, isUsable: isUsable(whole) };
  }

  /** Keeps half a character back until the next delta has the other half. @param {RealtimeEvent} event */
  joined(event) {
    if (typeof event.delta !== "string" || !event.delta) return event;
    const place = `${event.type} ${event.item_id} ${event.content_index}`;
    const delta = (this.halves.get(place) ?? "") + event.delta;
    this.halves.delete(place);
    if (!/[\uD800-\uDBFF]$/.test(delta)) return { ...event, delta };
    this.halves.set(place, delta.slice(-1));
    return { ...event, delta: delta.slice(0, -1) };
  }
}

/** Lists of objects that may be left out. */
const LISTS = [
  ["item", "content"],
  ["response", "output"],
];
/** Fields that are text, if they are there at all. */
const TEXTS = ["item_id", "response_id", "delta", "transcript"];

/** @param {RealtimeEvent} event */
function isUsable(event) {
  if (TEXTS.some((name) => !["string", "undefined"].includes(typeof (event[name] ?? undefined)))) return false;
  for (const [owner, field] of LISTS) {
    if (!(owner in event)) continue;
    const list = event[owner]?.[field] ?? [];
    if (!isObject(event[owner]) || !Array.isArray(list) || !list.every(isObject)) return false;
  }
  if (event.response && typeof event.response.id !== "string") return false;
  return !(event.response?.output ?? []).some((/** @type {any} */ { content }) => content && !(Array.isArray(content) && content.every(isObject)));
}

/** @param {any} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {any} value @param {number} depth @returns {any} */
function tidy(value, depth) {
  if (typeof value === "string") return value.replace(HALVES, "\uFFFD");
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((each) => tidy(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [tidy(name, 0), tidy(each, depth + 1)]));
}
