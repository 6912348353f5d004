import { copyText } from "clipboard";
import { defineComponent } from "vue";

/** Milliseconds that the note stays. */
const NOTE_MS = 2500;

/** A button that copies a text that it fetches. */
export default defineComponent({
  template: `
    <button type="button" class="copy" :aria-label="label" :title="label" @click.stop="copy">
      <q-icon :name="note === texts.copied ? 'done' : 'content_copy'" />
      <span class="copy__note" :role="note ? 'status' : undefined">{{ note || label }}</span>
    </button>
  `,
  props: {
    label: String,
    texts: { type: Object, required: true },
    url: { type: String, required: true }, // where the text is fetched
  },
  data: () => ({ note: "" }),
  setup: () => ({ timer: /** @type {number | undefined} */ (undefined) }),
  unmounted() {
    clearTimeout(this.timer);
  },
  methods: {
    async copy() {
      const copied = await copyText(await this.text()).catch(() => false);
      this.note = copied ? this.texts.copied : this.texts.not_copied;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.note = ""), NOTE_MS);
    },
    /** @returns {Promise<string>} */
    async text() {
      const response = await fetch(this.url);
      if (!response.ok) throw new Error(response.statusText);
      return response.text();
    },
  },
});
