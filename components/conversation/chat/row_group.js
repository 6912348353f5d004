import { ChatDivider } from "chat_divider";
import { TurnBubble } from "turn_bubble";
import { Fragment, defineComponent, h } from "vue";

/** @typedef {import("turn_bubble").TurnRow | import("chat_divider").DividerRow} Row */
/** @typedef {{ id: number, keys: string[] }} Group neighbouring rows */

/** Rows that a group may grow to at the end of the list. */
const LARGEST = 8;

/** Neighbouring rows, without an element around them. They render again when one of them comes or goes, the others do not. */
export const RowGroup = defineComponent({
  props: {
    group: { type: /** @type {import("vue").PropType<Group>} */ (Object), required: true },
    turns: { type: /** @type {import("vue").PropType<Map<string, Row>>} */ (Map), required: true },
    chat: { type: /** @type {import("vue").PropType<import("turn_bubble").ChatOfTurn>} */ (Object), required: true },
  },
  computed: {
    /** @returns {[string, Row][]} */
    rows() {
      return this.group.keys.map((key) => [key, /** @type {Row} */ (this.turns.get(key))]);
    },
  },
  render() {
    const { rows, chat } = this;
    return h(
      Fragment,
      rows.map(([key, row]) => (row.kind === "turn" ? h(TurnBubble, { key, row, chat }) : h(ChatDivider, { key, row }))),
    );
  },
});

let groups = 0;

/**
 * Divides rows into groups. A group whose rows stay stays the same object, so that it needn't be rendered again.
 * @param {string[]} keys of the rows from top to bottom @param {Group[]} before the groups of those that are rendered
 * @returns {Group[]}
 */
export function divide(keys, before) {
  const places = new Map(keys.map((key, place) => [key, place]));
  const kept = before.map((group) => without(group, places)).filter(({ keys }) => keys.length);
  /** @type {Group[]} */
  const divided = [];
  let place = 0;
  for (const group of kept) {
    const start = places.get(group.keys[0]) ?? 0;
    const isMoved = start < place || group.keys.some((key, n) => keys[start + n] !== key);
    if (isMoved) return divide(keys, []);
    add(divided, keys.slice(place, start));
    divided.push(group);
    place = start + group.keys.length;
  }
  add(divided, keys.slice(place));
  return divided;
}

/** @param {Group} group @param {Map<string, number>} kept */
function without(group, kept) {
  const keys = group.keys.filter((key) => kept.has(key));
  return keys.length === group.keys.length ? group : { id: group.id, keys };
}

/** Adds rows behind the last group, or to it. @param {Group[]} divided @param {string[]} keys */
function add(divided, keys) {
  const last = divided.at(-1);
  if (!keys.length) return;
  if (last && last.keys.length + keys.length <= LARGEST) divided[divided.length - 1] = { ...last, keys: [...last.keys, ...keys] };
  else divided.push({ id: groups++, keys });
}
