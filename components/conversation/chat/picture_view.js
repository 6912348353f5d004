import { defineComponent } from "vue";

/** A picture in its full size, above the page. A press anywhere closes it, and so does Esc. */
export const PictureView = defineComponent({
  template: `
    <dialog class="picture-view" data-testid="picture-view" :aria-label="picture.alt" @click="$el.close()" @close="$emit('close')">
      <img :src="picture.src" :alt="picture.alt" />
      <button type="button" class="picture-view__close" :aria-label="closing" :title="closing" autofocus>×</button>
    </dialog>`,
  props: {
    picture: { type: /** @type {import("vue").PropType<{ src: string, alt: string }>} */ (Object), required: true },
    closing: String,
  },
  emits: ["close"],
  mounted() {
    this.$el.showModal();
  },
});
