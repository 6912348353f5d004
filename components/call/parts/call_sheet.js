import { CallIcon } from "call_icon";
import { defineComponent, useTemplateRef } from "vue";

/** A sheet over the page with a title and a close button. It is the browser's own dialog, for Esc and the focus. */
export const CallSheet = defineComponent({
  components: { CallIcon },
  template: `
    <dialog ref="dialog" class="sheet" :aria-label="title" @click.self="close" @close="$emit('closed')">
      <div class="sheet__body">
        <header class="sheet__head">
          <h2 class="sheet__title" tabindex="-1" autofocus>{{ title }}</h2>
          <button class="tool" type="button" :aria-label="closing" :title="closing" @click="close">
            <call-icon name="cross" />
          </button>
        </header>
        <slot />
      </div>
    </dialog>`,
  props: { title: String, closing: String },
  emits: ["closed"],
  setup: () => ({
    dialog: /** @type {TemplateRef<HTMLDialogElement>} */ (useTemplateRef("dialog")),
  }),
  methods: {
    open() {
      if (!this.dialog.open) this.dialog.showModal();
    },
    close() {
      this.dialog.close();
    },
  },
});
