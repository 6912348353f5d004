import { defineComponent, useTemplateRef } from "vue";

/** A link to share a persona, to be selected or copied. */
export default defineComponent({
  template: `
    <div class="persona-link">
      <input ref="field" class="field__control" readonly :value="link" :aria-label="texts.link" @focus="field.select()">
      <button type="button" class="pill" @click="copy">{{ texts.copy_link }}</button>
      <p role="status">{{ outcome }}</p>
    </div>
  `,
  props: { fragment: String, address: String, texts: { type: Object, required: true } },
  data: () => ({ outcome: "" }),
  setup: () => ({ field: /** @type {TemplateRef<HTMLInputElement>} */ (useTemplateRef("field")) }),
  computed: {
    /** @returns {string} */
    link() {
      return `${this.address || location.origin + (window.path_prefix ?? "") + "/"}#persona=${this.fragment}`;
    },
  },
  methods: {
    async copy() {
      this.outcome = (await this.tryToCopy()) ? this.texts.link_copied : this.texts.link_not_copied;
    },
    /** Insecure pages have no clipboard; there the older API may work. @returns {Promise<boolean>} whether it was copied */
    async tryToCopy() {
      try {
        await navigator.clipboard.writeText(this.link);
        return true;
      } catch {
        this.field.select();
        return document.execCommand("copy");
      }
    },
  },
});
