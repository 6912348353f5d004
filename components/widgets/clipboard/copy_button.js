import { copyText } from "clipboard";
import { defineComponent, h, onUnmounted, ref } from "vue";

/** Milliseconds that the note stays. */
const NOTE_MS = 2500;

/**
 * A button that copies a text, or one that it fetches, and says so. Each turn of a conversation has one, so it is made
 * without a template and without Quasar's icon, which take several times as long.
 */
export const CopyButton = defineComponent({
  props: {
    label: String,
    texts: { type: Object, required: true },
    shown: Boolean, // the label, beside the icon
    text: { type: String, default: "" },
    url: { type: String, default: "" }, // where the text is fetched instead
  },
  setup(props) {
    const note = ref("");
    /** @type {number | undefined} */
    let timer;
    onUnmounted(() => clearTimeout(timer));

    async function copy() {
      const text = props.url ? fetched(props.url) : Promise.resolve(props.text);
      const copied = await text.then(copyText).catch(() => false);
      note.value = copied ? props.texts.copied : props.texts.not_copied;
      clearTimeout(timer);
      timer = setTimeout(() => (note.value = ""), NOTE_MS);
    }

    return () => {
      const { label, texts, shown } = props;
      const icon = note.value === texts.copied ? "done" : "content_copy";
      return h("button", { type: "button", class: "copy", "aria-label": label, title: label, onClick: copy }, [
        h("i", { class: "q-icon notranslate material-icons", "aria-hidden": "true", role: "presentation" }, icon),
        (note.value || shown) && h("span", { class: "copy__note", role: note.value ? "status" : undefined }, note.value || label),
      ]);
    };
  },
});

export default CopyButton;

/** @param {string} url @returns {Promise<string>} */
async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}
