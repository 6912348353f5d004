// A link to share, which can be selected and copied. It leads to this very page.

export default {
  template: `
    <div class="persona-link">
      <input ref="link" class="field__control" readonly :value="link" :aria-label="texts.link" @focus="$refs.link.select()">
      <button type="button" class="pill" @click="copy">{{ texts.copy_link }}</button>
      <p role="status">{{ outcome }}</p>
    </div>
  `,
  props: { fragment: String, texts: Object },
  data: () => ({ outcome: "" }),
  computed: {
    link() {
      return `${location.origin}${location.pathname}#persona=${this.fragment}`;
    },
  },
  methods: {
    async copy() {
      this.outcome = (await this.copied()) ? this.texts.link_copied : this.texts.link_not_copied;
    },
    /** Pages without HTTPS have no clipboard API; there the older command may work. */
    async copied() {
      try {
        await navigator.clipboard.writeText(this.link);
        return true;
      } catch {
        this.$refs.link.select();
        return document.execCommand("copy");
      }
    },
  },
};
