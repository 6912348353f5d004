import { ChatDivider } from "chat_divider";
import { TurnBubble } from "turn_bubble";
import { defineComponent, shallowReactive } from "vue";

/** @typedef {import("turn_bubble").TurnRow | import("chat_divider").DividerRow} Row */

/** The list of rows. It renders again when rows come or go, and not when one of them changes. */
export const ChatRows = defineComponent({
  components: { ChatDivider, TurnBubble },
  template: `
    <ol class="chat__turns">
      <template v-for="[key, row] in rows" :key="key">
        <turn-bubble v-if="row.kind === 'turn'" :row="row" :texts="texts" :can-copy="canCopy" :is-tab-stop="key === last"
          :revise="revise" :can-ask-again="key === again" />
        <chat-divider v-else :row="row" />
      </template>
    </ol>`,
  props: {
    rows: { type: /** @type {import("vue").PropType<[string, Row][]>} */ (Array), required: true },
    texts: { type: Object, required: true },
    canCopy: Boolean,
    again: String, // the key of the answer that can be asked for again
    revise: Function, // replaces a turn, see chat.js
  },
  computed: {
    /** @returns {string | undefined} the key of the last row */
    last() {
      return this.rows.at(-1)?.[0];
    },
  },
});

/** The rows by their keys. Each is reactive on its own, so that a word renders nothing but its bubble. */
export class Rows {
  /** @param {Record<string, Row>} rows from top to bottom */
  constructor(rows) {
    /** @type {Map<string, Row>} */
    this.rows = new Map(Object.entries(rows).map(([key, row]) => [key, shallowReactive(row)]));
  }

  /** @returns {[string, Row][]} */
  list() {
    return [...this.rows];
  }

  /** @param {Record<string, Record<string, any>>} updates new rows, or what changed: `more` is added to what was said */
  update(updates) {
    for (const [key, { more = "", ...fields }] of Object.entries(updates)) {
      const row = this.rows.get(key);
      if (!row) this.rows.set(key, shallowReactive(/** @type {Row} */ (fields)));
      else {
        Object.assign(row, fields);
        if (more && row.kind === "turn") row.said += more;
      }
    }
  }

  /** Forgets all rows but these. @param {string[]} keys from top to bottom */
  arrange(keys) {
    const { rows } = this;
    this.rows = new Map(keys.flatMap((key) => (rows.has(key) ? [[key, /** @type {Row} */ (rows.get(key))]] : [])));
  }
}
