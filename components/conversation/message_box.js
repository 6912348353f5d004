import { MessageCamera } from "message_camera";
import { keepDraft, keptDraft } from "message_draft";
import { Unusable, encode, readPicture } from "message_pictures";
import { defineComponent, h, useTemplateRef, vModelText, withDirectives } from "vue";

const LARGEST_MESSAGE = 180_000; // bytes of JSON; larger events have silently closed data channels
const LONGEST_TEXT = 60_000; // bytes of JSON
const MOST_PICTURES = 4;

/** @typedef {import("message_pictures").Picture} Picture */

/**
 * The box for typing a message and adding pictures. Nothing is lost: a message stays in the box until it was sent, its
 * text also over a reload.
 */
export default defineComponent({
  props: { call: { type: Number, required: true }, texts: { type: Object, required: true } }, // call: id of the VoiceCall
  data: () => ({
    text: "",
    pictures: /** @type {Picture[]} */ ([]),
    sending: false,
    dragging: false,
    photographs: false, // whether the camera was asked for: most visitors never do
    problem: "",
  }),
  setup: () => ({
    input: /** @type {TemplateRef<HTMLTextAreaElement>} */ (useTemplateRef("input")),
    file: /** @type {TemplateRef<HTMLInputElement>} */ (useTemplateRef("file")),
    camera: /** @type {TemplateRef<InstanceType<typeof MessageCamera>>} */ (useTemplateRef("camera")),
    removal: new AbortController(),
  }),
  computed: {
    empty() {
      return !this.text.trim() && !this.pictures.length;
    },
    note() {
      return this.sending ? this.texts.waiting : this.problem;
    },
  },
  watch: {
    text() {
      keepDraft(this.text);
      this.problem = "";
      this.$nextTick(this.fit);
    },
  },
  mounted() {
    this.text = keptDraft();
    // on the whole window: a file dropped beside the box would replace the page and end the call
    const { signal } = this.removal;
    addEventListener("pagehide", () => keepDraft(this.text), { signal }); // the address may be another one since
    addEventListener("parley:say", (event) => this.say(/** @type {CustomEvent<string>} */ (event).detail), { signal });
    addEventListener("dragover", (event) => this.drag(event, true), { signal });
    addEventListener("dragleave", (event) => event.relatedTarget || this.drag(event, false), { signal });
    addEventListener("drop", (event) => this.drag(event, false) && this.addFiles(event.dataTransfer?.files), { signal });
  },
  beforeUnmount() {
    this.removal.abort();
  },
  methods: {
    /** @param {Event} event */
    submit(event) {
      event.preventDefault();
      this.send();
    },
    /** @param {KeyboardEvent} event */
    press(event) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // in an input method, Enter selects a candidate
      event.preventDefault();
      this.send();
    },
    /** Says a text that stands elsewhere on the page. The draft stays. @param {string} text */
    async say(text) {
      if (this.sending) return;
      this.sending = true;
      await getElement(this.call).say(() => ({ text, images: [] })).finally(() => (this.sending = false));
    },
    async send() {
      if (this.sending || this.empty) return;
      this.problem = "";
      this.sending = true;
      try {
        const isSent = await getElement(this.call).say((/** @type {number} */ room) => this.message(room));
        if (isSent) this.clear();
        else this.problem = this.texts.unsent;
      } catch (error) {
        this.problem = error instanceof Unusable ? this.texts[error.message] : this.texts.unsent;
      } finally {
        this.sending = false;
      }
    },
    /** @param {number} room bytes of JSON @returns {import("messages").Message} */
    message(room) {
      const text = this.text.trim();
      const size = new Blob([JSON.stringify(text)]).size;
      if (size > Math.min(LONGEST_TEXT, room)) throw new Unusable("too_long");
      return { text, images: encode(this.pictures, Math.min(LARGEST_MESSAGE, room) - size) };
    },
    clear() {
      this.text = "";
      this.pictures = [];
    },

    // pictures
    /** @param {ClipboardEvent} event */
    paste(event) {
      const files = event.clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      this.addFiles(files);
    },
    /** @param {DragEvent} event @param {boolean} dragging @returns {boolean} whether files are dragged */
    drag(event, dragging) {
      if (!event.dataTransfer?.types.includes("Files")) return false;
      event.preventDefault();
      this.dragging = dragging;
      return true;
    },
    choose() {
      this.addFiles(this.file.files);
      this.file.value = ""; // so that the same file can be chosen again
    },
    /** @param {Iterable<File> | null} [files] */
    async addFiles(files) {
      this.problem = "";
      for (const file of [...(files ?? [])]) {
        try {
          this.add(await readPicture(file));
        } catch (error) {
          const key = error instanceof Unusable ? error.message : "unreadable";
          this.problem = this.texts[key].replace("{name}", file.name);
        }
      }
    },
    async openCamera() {
      this.photographs = true;
      await this.$nextTick();
      this.camera.open();
    },
    /** @param {Picture} picture */
    add(picture) {
      if (this.sending) return;
      if (this.pictures.length < MOST_PICTURES) this.pictures.push(picture);
      else this.problem = this.texts.too_many.replace("{most}", MOST_PICTURES);
      this.input.focus();
    },
    /** @param {number} index */
    remove(index) {
      this.pictures.splice(index, 1);
      this.input.focus();
    },

    /** Grows the box with its text; the style sheet limits it. */
    fit() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    },

    // what is shown
    pictureList() {
      const { texts, sending } = this;
      const shown = this.pictures.map(({ url }, index) => {
        const removal = texts.remove.replace("{number}", index + 1);
        return h("li", { key: index, class: "message-box__picture" }, [
          h("img", { src: url, alt: texts.picture.replace("{number}", index + 1), "data-testid": "message-picture" }),
          h("button", { type: "button", disabled: sending, "aria-label": removal, title: removal, onClick: () => this.remove(index) }, "×"),
        ]);
      });
      return h("ul", { class: "message-box__pictures" }, shown);
    },
    /** Nothing is written to the text while an input method composes a word. */
    textBox() {
      const { texts, text, sending } = this;
      const box = h("textarea", {
        ref: "input",
        class: "message-box__input",
        "data-testid": "message-box",
        rows: 1,
        enterkeyhint: "send",
        readonly: sending,
        "aria-label": texts.label,
        placeholder: texts.placeholder,
        "onUpdate:modelValue": (/** @type {string} */ text) => (this.text = text),
        onKeydown: this.press,
      });
      return withDirectives(box, [[vModelText, text]]);
    },
  },
  render() {
    const { texts, sending } = this;
    const targeted = { "message-box--target": this.dragging };
    return h("form", { class: ["message-box", targeted], onSubmit: this.submit, onPaste: this.paste }, [
      this.pictures.length > 0 && this.pictureList(),
      h("div", { class: "message-box__row" }, [
        button("add-picture", texts.add, icon(PICTURE), { disabled: sending, onClick: () => this.file.click() }),
        button("camera", texts.camera, icon(CAMERA), { disabled: sending, onClick: this.openCamera }),
        this.textBox(),
        button("send-message", texts.send, icon(ARROW), { type: "submit", disabled: sending || this.empty }),
      ]),
      h("p", { class: "message-box__note", "data-testid": "message-note", role: "status" }, this.note),
      h("input", { ref: "file", type: "file", accept: "image/*", multiple: true, hidden: true, "data-testid": "picture-file", onChange: this.choose }),
      this.photographs && h(MessageCamera, { ref: "camera", texts, onPicture: this.add }),
    ]);
  },
});

const PICTURE = () => [
  h("rect", { x: 3.5, y: 5, width: 17, height: 14, rx: 3 }),
  h("circle", { cx: 9, cy: 10, r: 1.6 }),
  h("path", { d: "m5 17 4.5-4 3 2.5L16 12l4 4" }),
];
const CAMERA = () => [h("path", { d: "M4 8.5h3.5L9 6h6l1.5 2.5H20v10H4z" }), h("circle", { cx: 12, cy: 13, r: 3.2 })];
const ARROW = () => [h("path", { d: "M12 19V5M5.5 11.5 12 5l6.5 6.5" })];

/** @param {() => import("vue").VNode[]} shapes */
function icon(shapes) {
  return h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, shapes());
}

/** @param {string} hook @param {string} label @param {import("vue").VNode} icon @param {object} more attributes */
function button(hook, label, icon, more) {
  return h("button", { class: "message-box__button", "data-testid": hook, type: "button", "aria-label": label, title: label, ...more }, icon);
}
