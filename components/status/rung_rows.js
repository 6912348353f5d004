import { defineComponent } from "vue";

/** @typedef {{ rung: string, name: string, meaning: string, state: string, icon: string, word: string, time: string, span: string, bar: [number, number] | null, sentence: string, next_step: string, code: string }} RungRow as in ladder.py */

/** The rungs of a call, and how long all took. */
export default defineComponent({
  template: `
    <div>
      <ol class="ladder__rungs">
        <li v-for="row in rows" :key="row.rung" class="rung" data-testid="ladder-rung" :data-rung="row.rung"
          :data-state="row.state" :title="row.meaning">
          <q-icon :name="row.icon" class="rung__icon" aria-hidden="true" />
          <div class="rung__name">{{ row.name }}</div>
          <div class="rung__word">{{ row.word }}</div>
          <div class="rung__time" :title="row.span || null">{{ row.time }}</div>
          <div v-if="row.bar" class="rung__bar" aria-hidden="true" data-testid="rung-bar"
            :style="{ '--begin': row.bar[0], '--end': row.bar[1] }"></div>
          <template v-if="row.code">
            <div class="rung__sentence" data-testid="notice" :data-code="row.code">{{ row.sentence }}</div>
            <div class="rung__next">{{ row.next_step }}</div>
          </template>
        </li>
      </ol>
      <div class="ladder__total" data-testid="ladder-total">{{ total }}</div>
    </div>`,
  props: {
    rows: { type: /** @type {import("vue").PropType<RungRow[]>} */ (Array), required: true },
    total: { type: String, required: true },
  },
});
