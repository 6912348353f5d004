import { defineComponent, useTemplateRef } from "vue";

const LONGEST_TEXT = 20_000; // characters

/** The box in which users edit what they wrote. It stays until the new text was sent. */
export const TurnEditor = defineComponent({
  template: `
    <form class="turn__editor" @submit.prevent="submit" @keydown.esc.stop.prevent="$emit('close')">
      <textarea ref="input" class="turn__input" data-testid="turn-editor" :value="modelValue" :maxlength="longest" :readonly="sending"
        :aria-label="texts.edit" @keydown.enter="enter" @input="onInput"></textarea>
      <p class="turn__note" role="status">{{ problem || texts.edited }}</p>
      <div class="turn__buttons">
        <button type="button" class="pill" @click="$emit('close')">{{ texts.cancel }}</button>
        <button type="submit" class="pill" data-testid="turn-send" :disabled="sending || !modelValue.trim()">{{ texts.send }}</button>
      </div>
    </form>`,
  props: {
    modelValue: { type: String, required: true }, // the edited text
    texts: { type: Object, required: true },
    send: { type: /** @type {import("vue").PropType<() => Promise<boolean>>} */ (Function), required: true },
    focuses: Boolean, // at first
  },
  emits: ["close", "update:modelValue"],
  data: () => ({ sending: false, problem: "" }),
  setup: () => ({
    longest: LONGEST_TEXT,
    input: /** @type {TemplateRef<HTMLTextAreaElement>} */ (useTemplateRef("input")),
  }),
  mounted() {
    this.fit();
    if (this.focuses) this.input.focus();
  },
  methods: {
    /** @param {KeyboardEvent} event */
    enter(event) {
      if (event.shiftKey || event.isComposing) return; // in an input method, Enter selects a candidate
      event.preventDefault();
      this.submit();
    },
    async submit() {
      if (this.sending || !this.modelValue.trim()) return;
      this.sending = true;
      this.problem = "";
      const isSent = await this.send().catch(() => false);
      this.sending = false;
      if (isSent) this.$emit("close");
      else this.problem = this.texts.unsent;
    },
    onInput() {
      this.$emit("update:modelValue", this.input.value);
      this.fit();
    },
    fit() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    },
  },
});
