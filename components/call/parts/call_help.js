import { CallSheet } from "call_sheet";
import { KEYS } from "keys";
import { defineComponent, useTemplateRef } from "vue";

/** The help sheet: every key of a call and what it does, and the version of the program. */
export const CallHelp = defineComponent({
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
      <p v-if="version" class="sheet__note" data-testid="version">{{ texts.version.replace("{version}", version) }}</p>
    </call-sheet>`,
  props: { texts: Object, closing: String, version: String },
  setup: () => ({
    keys: KEYS,
    sheet: /** @type {TemplateRef<InstanceType<typeof CallSheet>>} */ (useTemplateRef("sheet")),
  }),
  methods: {
    open() {
      this.sheet.open();
    },
  },
});
