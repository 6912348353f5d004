import { defineComponent, h, resolveComponent, useTemplateRef } from "vue";

/**
 * A drawer. Its content is rendered once it can be seen or is needed, and not before the page is connected to Python: while
 * a page settles, Quasar's drawers render their content three times.
 */
export default defineComponent({
  props: {
    side: { type: String, required: true },
    name: { type: String, required: true }, // for screen readers
    width: { type: Number, required: true },
    opensItself: Boolean, // where there is room beside the page
    neededAt: { type: /** @type {import("vue").PropType<string[]>} */ (Array), required: true }, // DOM events of the document
  },
  data: () => ({ isOpen: false, isDue: false }),
  setup: () => ({
    content: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("content")),
    waiting: new AbortController(),
  }),
  mounted() {
    this.content.closest("aside")?.setAttribute("aria-label", this.name); // Quasar passes attributes on to what is inside
    const { signal } = this.waiting;
    for (const event of this.neededAt) document.addEventListener(event, () => this.fill(), { signal });
    if (window.did_handshake) this.watch();
    else queueMicrotask(() => window.socket?.once("connect", () => this.watch())); // NiceGUI makes it after the last element
  },
  beforeUnmount() {
    this.waiting.abort();
  },
  methods: {
    toggle() {
      this.isOpen = !this.isOpen;
    },
    show() {
      this.isOpen = true;
    },
    /** Waits until the content slides into view; that of an open drawer is seen with the next frame. */
    watch() {
      const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.fill());
      observer.observe(this.content);
      this.waiting.signal.addEventListener("abort", () => observer.disconnect());
    },
    fill() {
      this.isDue = true;
      this.waiting.abort();
    },
  },
  render() {
    const { side, width, opensItself, isOpen, isDue } = this;
    const shown = { side, width, showIfAbove: opensItself, modelValue: isOpen, "onUpdate:modelValue": (/** @type {boolean} */ open) => (this.isOpen = open) };
    return h(resolveComponent("q-drawer"), shown, () =>
      h("div", { class: "drawer", ref: "content" }, isDue ? this.$slots.default?.() : []),
    );
  },
});
