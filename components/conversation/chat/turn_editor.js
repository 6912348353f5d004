import { defineComponent, useTemplateRef } from "vue";

const LONGEST_TEXT = 20_000; // characters

/** The box in which users edit what they wrote. It stays until the new text was sent. */
export const TurnEditor = defineComponent({
  template: `
    <form class="turn__editor" @submit.prevent="submit" @keydown.esc.stop.prevent="$emit('close')">
      <textarea ref="input" class="turn__input" data-testid="turn-editor" v-model="edited" :maxlength="longest" :readonly="sending"
        :aria-label="texts.edit" @keydown.enter="enter" @input="fit"></textarea>
      <p class="turn__note" role="status">{{ problem || texts.edited }}</p>
      <div class="turn__buttons">
        <button type="button" class="pill" @click="$emit('close')">{{ texts.cancel }}</button>
        <button type="submit" class="pill" data-testid="turn-send" :disabled="sending || !edited.trim()">{{ texts.send }}</button>
      </div>
    </form>`,
  props: {
    text: { type: String, required: true },
    texts: { type: Object, required: true },
    send: { type: /** @type {import("vue").PropType<(text: string) => Promise<boolean>>} */ (Function), required: true },
  },
  emits: ["close"],
  data() {
    return { edited: this.text, sending: false, problem: "" };
  },
  setup: () => ({
    longest: LONGEST_TEXT,
    input: /** @type {TemplateRef<HTMLTextAreaElement>} */ (useTemplateRef("input")),
  }),
  mounted() {
    this.fit();
    this.input.focus();
  },
  methods: {
    /** @param {KeyboardEvent} event */
    enter(event) {
      if (event.shiftKey || event.isComposing) return; // in an input method, Enter selects a candidate
      event.preventDefault();
      this.submit();
    },
    async submit() {
      if (this.sending || !this.edited.trim()) return;
      this.sending = true;
      this.problem = "";
      const isSent = await this.send(this.edited.trim()).catch(() => false);
      this.sending = false;
      if (isSent) this.$emit("close");
      else this.problem = this.texts.unsent;
    },
    fit() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    },
  },
});
