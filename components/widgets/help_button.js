import { defineComponent } from "vue";

/** A question mark, and the help that it shows and hides. */
export default defineComponent({
  template: `
    <div>
      <button type="button" class="help__button" data-testid="help-button" :aria-label="label" :title="label"
        :aria-expanded="isOpen" :aria-controls="$attrs.id + '-text'" @click="isOpen = !isOpen" @keydown.esc="close">?</button>
      <p v-show="isOpen" :id="$attrs.id + '-text'" class="help__text">{{ text }}</p>
    </div>`,
  props: { label: String, text: String },
  data: () => ({ isOpen: false }),
  methods: {
    /** @param {KeyboardEvent} event */
    close(event) {
      if (!this.isOpen) return;
      this.isOpen = false;
      event.stopPropagation(); // Esc does nothing else then
    },
  },
});
