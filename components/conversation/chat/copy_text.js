import { copyText } from "clipboard";
import { defineComponent } from "vue";

/** Milliseconds that the note stays. */
const NOTE_MS = 2500;

/** A button that copies a text, and says so. */
export default defineComponent({
  template: `
    <button type="button" class="copy" :aria-label="label" :title="label" @click="copy">
      <q-icon :name="note === texts.copied ? 'done' : 'content_copy'" />
      <span v-if="note" class="copy__note" role="status">{{ note }}</span>
    </button>`,
  props: { text: { type: String, required: true }, label: String, texts: { type: Object, required: true } },
  data: () => ({ note: "" }),
  setup: () => ({ timer: /** @type {number | undefined} */ (undefined) }),
  unmounted() {
    clearTimeout(this.timer);
  },
  methods: {
    async copy() {
      const copied = await copyText(this.text).catch(() => false);
      this.note = copied ? this.texts.copied : this.texts.not_copied;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.note = ""), NOTE_MS);
    },
  },
});
