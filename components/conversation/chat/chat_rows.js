import { RowGroup, divide } from "row_group";
import { defineComponent, h, shallowReactive, shallowRef } from "vue";

/** @typedef {import("row_group").Row} Row */

/** The list of rows. It renders again when rows come or go, and not when one of them changes. */
export const ChatRows = defineComponent({
  props: {
    turns: { type: /** @type {import("vue").PropType<Rows>} */ (Object), required: true },
    chat: { type: /** @type {import("vue").PropType<import("turn_bubble").ChatOfTurn>} */ (Object), required: true },
  },
  render() {
    const { turns, chat } = this;
    const groups = turns.groups.value.map((group) => h(RowGroup, { key: group.id, group, turns: turns.rows, chat }));
    return h("ol", { class: "chat__turns" }, groups);
  },
});

/**
 * The rows by their keys. Each is reactive on its own, so that a word renders nothing but its bubble; and so are their
 * groups, so that rows that come and go render no more than the list.
 */
export class Rows {
  /** @param {Record<string, Row>} rows @param {string[]} keys of those to render, from top to bottom */
  constructor(rows, keys) {
    /** @type {Map<string, Row>} */
    this.rows = new Map(Object.entries(rows).map(([key, row]) => [key, shallowReactive(row)]));
    this.order = keys;
    this.groups = shallowRef(divide(keys, []));
  }

  /**
   * Renders these rows, and forgets those that are not wanted either.
   * @param {string[]} keys from top to bottom @param {string[]} wanted keys of those to render soon
   */
  arrange(keys, wanted) {
    const kept = new Set([...keys, ...wanted]);
    for (const key of [...this.rows.keys()]) if (!kept.has(key)) this.rows.delete(key);
    this.order = keys.filter((key) => this.rows.has(key));
    this.groups.value = divide(this.order, this.groups.value);
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
