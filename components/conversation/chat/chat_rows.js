import { RowGroup, divide } from "row_group";
import { defineComponent, shallowReactive } from "vue";

/** @typedef {import("row_group").Row} Row */

/** The list of rows. It renders again when rows come or go, and not when one of them changes. */
export const ChatRows = defineComponent({
  components: { RowGroup },
  template: `
    <ol class="chat__turns">
      <row-group v-for="group in groups" :key="group.id" :group="group" :turns="turns" :chat="chat" />
    </ol>`,
  props: {
    groups: { type: /** @type {import("vue").PropType<import("row_group").Group[]>} */ (Array), required: true },
    turns: { type: /** @type {import("vue").PropType<Map<string, Row>>} */ (Map), required: true },
    chat: { type: /** @type {import("vue").PropType<import("turn_bubble").ChatOfTurn>} */ (Object), required: true },
  },
});

/** The rows by their keys. Each is reactive on its own, so that a word renders nothing but its bubble. */
export class Rows {
  /** @param {Record<string, Row>} rows @param {string[]} keys of those to render, from top to bottom */
  constructor(rows, keys) {
    /** @type {Map<string, Row>} */
    this.rows = new Map(Object.entries(rows).map(([key, row]) => [key, shallowReactive(row)]));
    this.groups = divide(keys, []);
  }

  /** Renders these rows, and forgets all others. @param {string[]} keys from top to bottom */
  arrange(keys) {
    const kept = new Set(keys);
    for (const key of [...this.rows.keys()]) if (!kept.has(key)) this.rows.delete(key);
    const known = keys.filter((key) => this.rows.has(key));
    return (this.groups = divide(known, this.groups));
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
}
