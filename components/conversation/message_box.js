// Where one writes instead of speaking. Nothing written is lost: it stays in the box until the call has it.

export default {
  template: `
    <form class="message-box" @submit.prevent="send">
      <div class="message-box__row">
        <textarea ref="input" class="message-box__input" data-testid="message-box" rows="1" enterkeyhint="send"
          v-model="text" :readonly="sending" :aria-label="texts.label" :placeholder="texts.placeholder"
          @keydown.enter="enter"></textarea>
        <button class="message-box__button" data-testid="send-message" type="submit" :disabled="sending || empty"
          :aria-label="texts.send" :title="texts.send">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" /></svg>
        </button>
      </div>
      <p class="message-box__note" data-testid="message-note" role="status">{{ note }}</p>
    </form>`,
  props: { call: Number, texts: Object },
  data: () => ({ text: "", sending: false, problem: "" }),
  computed: {
    empty() {
      return !this.text.trim();
    },
    note() {
      return this.sending ? this.texts.waiting : this.problem;
    },
  },
  watch: {
    text() {
      this.problem = "";
      this.$nextTick(this.fit);
    },
  },
  methods: {
    /** @param {KeyboardEvent} event */
    enter(event) {
      if (event.shiftKey || event.isComposing) return; // Enter also chooses among the characters of an input method
      event.preventDefault();
      this.send();
    },
    async send() {
      if (this.sending || this.empty) return;
      this.sending = true;
      const said = await getElement(this.call)
        .say({ text: this.text.trim() })
        .catch(() => false);
      this.sending = false;
      if (said) this.text = "";
      else this.problem = this.texts.unsent;
    },
    /** Grow with the text; the style sheet says how far. */
    fit() {
      const { input } = this.$refs;
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight}px`;
    },
  },
};
