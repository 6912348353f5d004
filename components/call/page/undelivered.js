import { inParts } from "./outbox.js";

/** Session storage: what a page of this tab had not delivered when it went. */
const UNDELIVERED = "parley.undelivered";

/**
 * @typedef {object} Undelivered
 * @property {string} conversation identifies what was talked about
 * @property {number} origin when the clock of the reports began, in Unix milliseconds
 * @property {string[]} seeded items that only told the call what was said before
 * @property {object[]} reports events, of which Python may have some
 */

/** Keeps over a reload what Python has not confirmed. @param {Undelivered} undelivered */
export function keepUndelivered(undelivered) {
  forgetUndelivered();
  if (!undelivered.conversation || !undelivered.reports.length) return;
  try {
    sessionStorage.setItem(UNDELIVERED, JSON.stringify(undelivered));
  } catch {
    // there is no room, or storage is forbidden
  }
}

/**
 * Finds the events that the page before has left of one of these conversations, in parts that are short enough for one
 * message.
 * @param {string[]} conversations
 * @returns {(Undelivered & { last: boolean })[]}
 */
export function findUndelivered(conversations) {
  /** @type {Undelivered | null} */
  const undelivered = JSON.parse(sessionStorage.getItem(UNDELIVERED) ?? "null");
  if (!undelivered || !conversations.includes(undelivered.conversation)) return [];
  const parts = inParts(undelivered.reports);
  return parts.map((reports, n) => ({ ...undelivered, reports, last: n === parts.length - 1 }));
}

export function forgetUndelivered() {
  sessionStorage.removeItem(UNDELIVERED);
}
