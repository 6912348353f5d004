import { copyText } from "clipboard";
import { defineComponent } from "vue";

/** Milliseconds that the note stays. */
const NOTE_MS = 2500;

/** A button that copies what is on the page, or a text that it fetches. */
export default defineComponent({
  template: `
    <button type="button" class="copy" :aria-label="label" :title="label" @click.stop="copy"
      @keydown.up.stop.prevent="move(-1)" @keydown.down.stop.prevent="move(1)">
      <q-icon :name="note === texts.copied ? 'done' : 'content_copy'" />
      <span v-if="note || shown" class="copy__note" :role="note ? 'status' : undefined">{{ note || label }}</span>
    </button>
  `,
  props: {
    label: String,
    shown: Boolean, // the label, beside the icon
    texts: { type: Object, required: true },
    owner: String, // a selector of the element around the button that is copied from
    part: String, // a selector of the part of it that is copied
    url: String, // where the text is fetched instead
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
      if (!this.url) return this.$el.closest(this.owner).querySelector(this.part).innerText;
      const response = await fetch(this.url);
      if (!response.ok) throw new Error(response.statusText);
      return response.text();
    },
    /** Leads by the arrow keys to the same button of a neighbour, since only one of them is a tab stop. @param {number} by */
    move(by) {
      if (!this.owner) return;
      const owner = this.$el.closest(this.owner);
      const owners = [...owner.parentElement.querySelectorAll(this.owner)];
      owners[owners.indexOf(owner) + by]?.querySelector(".copy")?.focus();
    },
  },
});
