import { LocalTime } from "local_time";
import { defineComponent } from "vue";

/**
 * @typedef {object} DividerRow a break of the conversation as divider.py describes it
 * @property {string} reason
 * @property {string} name
 * @property {number} at
 * @property {string} form
 * @property {string} told
 * @property {string} summary
 * @property {"divider"} kind
 */

/** Says what happened between two turns, and when; and how a call was told the older part of the conversation. */
export const ChatDivider = defineComponent({
  components: { LocalTime },
  template: `
    <li class="divider" :data-testid="row.reason === 'day' ? 'day-divider' : 'call-divider'" :data-reason="row.reason">
      <div class="divider__line">
        <div v-if="row.name">{{ row.name }}</div>
        <local-time :at="row.at" :form="row.form" />
      </div>
      <details v-if="row.summary" class="divider__told" data-testid="older-told">
        <summary>{{ row.told }}</summary>
        <div class="divider__summary" dir="auto">{{ row.summary }}</div>
      </details>
      <div v-else-if="row.told" class="divider__told" data-testid="older-told">{{ row.told }}</div>
    </li>`,
  props: { row: { type: /** @type {import("vue").PropType<DividerRow>} */ (Object), required: true } },
});
