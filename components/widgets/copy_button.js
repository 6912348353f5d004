import { copyText } from "clipboard";
import { defineComponent } from "vue";

/** Milliseconds that the note stays. */
const NOTE_MS = 2500;

/** A button that copies a text, or one that it fetches, and says so. */
export const CopyButton = defineComponent({
  template: `
    <button type="button" class="copy" :aria-label="label" :title="label" @click="copy">
      <q-icon :name="note === texts.copied ? 'done' : 'content_copy'" />
      <span v-if="note || shown" class="copy__note" :role="note ? 'status' : undefined">{{ note || label }}</span>
    </button>
  `,
  props: {
    label: String,
    texts: { type: Object, required: true },
    shown: Boolean, // the label, beside the icon
    text: { type: String, default: "" },
    url: { type: String, default: "" }, // where the text is fetched instead
  },
  data: () => ({ note: "" }),
  setup: () => ({ timer: /** @type {number | undefined} */ (undefined) }),
  unmounted() {
    clearTimeout(this.timer);
  },
  methods: {
    async copy() {
      const text = this.url ? this.fetched() : Promise.resolve(this.text);
      const copied = await text.then(copyText).catch(() => false);
      this.note = copied ? this.texts.copied : this.texts.not_copied;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.note = ""), NOTE_MS);
    },
    /** @returns {Promise<string>} */
    async fetched() {
      const response = await fetch(this.url);
      if (!response.ok) throw new Error(response.statusText);
      return response.text();
    },
  },
});

export default CopyButton;
