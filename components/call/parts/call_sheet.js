import CallIcon from "call_icon";

/** A sheet over the page with a title and a way out; the browser's own dialog, so that Esc and the focus work. */
export default {
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
  methods: {
    open() {
      if (!this.$refs.dialog.open) this.$refs.dialog.showModal();
    },
    close() {
      this.$refs.dialog.close();
    },
  },
};
