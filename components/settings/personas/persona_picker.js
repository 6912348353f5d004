import { defineComponent, h, resolveComponent, useTemplateRef } from "vue";

/** @typedef {{ id: string, name: string, tagline: string, picture: string }} Card */

/** A dropdown of personas: closed, the card of the chosen one; open, the cards of all. */
export default defineComponent({
  props: {
    label: String,
    personas: { type: /** @type {import("vue").PropType<Card[]>} */ (Array), default: () => [] },
    chosen: String, // the id of a persona
  },
  emits: ["choose"],
  setup: () => ({ select: /** @type {TemplateRef<{ focus(): void }>} */ (useTemplateRef("select")) }),
  methods: {
    /** Lets only options take the focus in their list; Quasar's wrapper could, too. */
    onOpen() {
      requestAnimationFrame(() => document.querySelector(".persona-cards > [tabindex]")?.removeAttribute("tabindex"));
    },
    focus() {
      this.select.focus();
    },
  },
  render() {
    return h(
      resolveComponent("q-select"),
      {
        ref: "select",
        class: "persona-picker",
        outlined: true,
        "aria-label": this.label,
        modelValue: this.chosen,
        options: this.personas,
        optionValue: "id",
        optionLabel: "name",
        emitValue: true,
        mapOptions: true,
        menuOffset: [0, 6],
        popupContentClass: "settings-menu persona-cards",
        onPopupShow: this.onOpen,
        "onUpdate:modelValue": (/** @type {string} */ id) => this.$emit("choose", id),
      },
      {
        "selected-item": (/** @type {{ opt: Card }} */ { opt }) => h("div", { class: "persona persona--chosen", ...hooks(opt) }, content(opt)),
        option: (/** @type {{ opt: Card, itemProps: object }} */ { opt, itemProps }) =>
          h(resolveComponent("q-item"), { ...itemProps, class: "persona", ...hooks(opt) }, () => content(opt)),
      },
    );
  },
});

/** @param {Card} card */
function hooks({ id }) {
  return { "data-testid": "persona-card", "data-persona": id };
}

/** @param {Card} card */
function content({ picture, name, tagline }) {
  return [
    h("img", { class: "persona__picture", alt: "", src: picture }),
    h("div", [h("div", { class: "persona__name", dir: "auto" }, name), h("div", { class: "persona__tagline", dir: "auto" }, tagline)]),
  ];
}
