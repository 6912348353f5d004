import { defineComponent } from "vue";

/**
 * Says that the page has no connection to Parley. NiceGUI knows it first: this follows the box that it would show, which
 * the styles hide.
 */
export default defineComponent({
  template: `
    <div class="lost-connection" role="status">
      <p v-if="lost" class="lost-connection__text" data-testid="lost-connection">
        <span class="lost-connection__sentence">{{ texts.sentence }}</span> {{ texts.next_step }}
      </p>
    </div>`,
  props: {
    texts: { type: Object, required: true },
  },
  data: () => ({ lost: false }),
  setup: () => ({ observer: /** @type {MutationObserver | undefined} */ (undefined) }),
  mounted() {
    const box = document.getElementById("popup");
    if (!box) return;
    this.observer = new MutationObserver(() => (this.lost = box.ariaHidden === "false"));
    this.observer.observe(box, { attributeFilter: ["aria-hidden"] });
  },
  unmounted() {
    this.observer?.disconnect();
  },
});
