import { CopyButton } from "copy_button";
import { playableTurns } from "playable_turns";
import { h } from "vue";

/** @typedef {import("turn_bubble").TurnRow} TurnRow */
/** @typedef {import("turn_bubble").ChatOfTurn} ChatOfTurn */
/** @typedef {ReturnType<import("local_time").localTime>} Time */

/**
 * The line above a bubble: the speaker, the time, and the buttons of the turn.
 * @param {TurnRow} row @param {ChatOfTurn} chat
 * @param {{ time: Time | null, edit: (() => void) | null, again: (() => void) | null, asking: boolean }} more what the
 *   buttons do, null where there is no such button; `asking` while an answer is asked for again
 */
export function turnHead(row, chat, { time, edit, again, asking }) {
  const { texts } = chat;
  const tabindex = chat.last === row.id ? 0 : -1;
  const parts = [
    h("div", { class: "turn__speaker", key: "speaker" }, row.name),
    time && turnTime(row.id, time, texts, tabindex),
    chat.canCopy && !row.folded && h(CopyButton, { ...COPY, tabindex, text: row.said + row.unheard, label: texts.turn, texts }),
    edit && h("button", { ...EDIT, tabindex, "aria-label": texts.edit, title: texts.edit, onClick: edit }, icon("edit")),
    again &&
      h("button", { ...AGAIN, tabindex, "aria-label": texts.again, title: texts.again, disabled: asking, onClick: again }, icon("refresh")),
  ];
  return h("div", { class: "turn__head", key: "head", onKeydown: move }, parts.filter(Boolean));
}

const COPY = { class: "turn__copy", key: "copy", "data-testid": "turn-copy" };
const EDIT = { type: "button", class: "copy turn__copy", key: "edit", "data-testid": "turn-edit" };
const AGAIN = { type: "button", class: "copy turn__copy", key: "again", "data-testid": "turn-again" };
const PLAY = { type: "button", class: "turn__time turn__play", key: "play", "data-testid": "turn-time" };
const TIME = { class: "turn__time", key: "time", "data-testid": "turn-time" };

/**
 * When a turn began; a button if its sound can be played.
 * @param {string} id @param {Time} time @param {Texts} texts @param {number} tabindex
 */
function turnTime(id, { text, title, datetime }, texts, tabindex) {
  if (!playableTurns.value.has(id)) return h("time", { ...TIME, datetime, title }, text);
  const play = (/** @type {Event} */ { target }) =>
    target?.dispatchEvent(new CustomEvent("play-turn", { detail: id, bubbles: true }));
  return h("button", { ...PLAY, title: texts.play, tabindex, onClick: play }, [h("time", { datetime }, text)]);
}

/** @param {string} name of Material Icons */
function icon(name) {
  return [h("i", { class: "q-icon notranslate material-icons", "aria-hidden": "true", role: "presentation" }, name)];
}

/** Leads by the arrow keys from a button to the same one of a neighbour. @param {KeyboardEvent} event */
function move(event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by) return;
  event.stopPropagation();
  event.preventDefault();
  const button = /** @type {HTMLElement} */ (event.target);
  const turn = /** @type {HTMLElement} */ (button.closest(".turn"));
  const turns = [.../** @type {HTMLElement} */ (turn.parentElement).querySelectorAll(".turn")];
  const same = turns[turns.indexOf(turn) + by]?.querySelector(`button[data-testid=${button.dataset.testid}]`);
  /** @type {HTMLElement | null | undefined} */ (same)?.focus();
}
