import { defineComponent, useTemplateRef } from "vue";

/**
 * Takes a provider's key and hands it to Python once. It is only in the field, never in the data of the page, and the
 * field is emptied as soon as the key works.
 */
export default defineComponent({
  template: `
    <div class="key-entry">
      <p v-if="present && !open" class="key-entry__state">
        {{ texts.present }}
        <button type="button" class="pill" data-testid="key-change" @click="show">{{ texts.change }}</button>
      </p>
      <form v-else class="key-entry__form" @submit.prevent="save">
        <label class="field">
          <span class="field__label">{{ texts.label.replace("{provider}", provider) }}</span>
          <input ref="field" class="field__control" data-testid="key-entry" type="password" name="provider-key" maxlength="1000"
            autocomplete="off" autocapitalize="off" spellcheck="false" :aria-describedby="id" :disabled="trying">
        </label>
        <label class="field__switch">
          <input type="checkbox" v-model="keep" :disabled="trying">
          {{ texts.keep }}
        </label>
        <p :id="id" class="key-entry__help">{{ texts.help }}</p>
        <button class="pill key-entry__save" data-testid="key-save" :disabled="trying">{{ trying ? texts.trying : texts.save }}</button>
      </form>
      <p class="key-entry__outcome" role="status" data-testid="key-outcome">{{ sentence }}</p>
    </div>`,
  props: {
    texts: { type: Object, required: true }, // `key` of assets/languages
    provider: { type: String, required: true }, // its name
    present: Boolean, // whether the provider has a key
    outcome: { type: Object, required: true }, // of the key that was tried last
  },
  emits: ["save"],
  data: () => ({ keep: true, open: false, sentence: "", tried: 0, trying: false }),
  setup: () => ({
    id: `key-help-${Math.random().toString(36).slice(2)}`,
    field: /** @type {TemplateRef<HTMLInputElement | null>} */ (useTemplateRef("field")),
  }),
  watch: {
    outcome({ works, sentence, count }) {
      if (count !== this.tried) return; // of a former page, shown again
      this.trying = false;
      this.sentence = sentence;
      if (!works) return this.$nextTick(() => this.field?.select());
      if (this.field) this.field.value = "";
      this.open = false;
    },
  },
  methods: {
    async show() {
      this.open = true;
      this.sentence = "";
      await this.$nextTick();
      this.field?.focus();
    },
    save() {
      const key = this.field?.value.trim();
      this.sentence = key ? "" : this.texts.empty;
      if (!key) return this.field?.focus();
      this.trying = true;
      this.$emit("save", { key, keep: this.keep, count: ++this.tried });
    },
  },
});
