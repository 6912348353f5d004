import CallSheet from "call_sheet";
import { KEYS } from "keys";

/** The help sheet: every key of a call, and what it does. */
export default {
  components: { CallSheet },
  template: `
    <call-sheet ref="sheet" :title="texts.title" :closing="closing" data-testid="help-sheet">
      <dl class="keys">
        <div v-for="{ key, action } in keys" :key="key" class="keys__row">
          <dt><kbd>{{ texts.names[key] ?? key.toUpperCase() }}</kbd></dt>
          <dd>{{ texts.actions[action] }}</dd>
        </div>
      </dl>
      <p class="sheet__note">{{ texts.note }}</p>
    </call-sheet>`,
  props: { texts: Object, closing: String },
  created() {
    this.keys = KEYS;
  },
  methods: {
    open() {
      this.$refs.sheet.open();
    },
  },
};
