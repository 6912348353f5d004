import { defineComponent, h, ref } from "vue";

/**
 * A question mark, and the help that it shows and hides. Each setting has one, so it is made without a template, which takes
 * several times as long.
 */
export default defineComponent({
  props: { label: String, text: String },
  setup(props, { attrs }) {
    const isOpen = ref(false);

    /** @param {KeyboardEvent} event */
    function close(event) {
      if (event.key !== "Escape" || !isOpen.value) return;
      isOpen.value = false;
      event.stopPropagation(); // Esc does nothing else then
    }

    return () => {
      const id = `${attrs.id}-text`;
      return h("div", [
        h(
          "button",
          {
            type: "button",
            class: "help__button",
            "data-testid": "help-button",
            "aria-label": props.label,
            title: props.label,
            "aria-expanded": isOpen.value,
            "aria-controls": id,
            onClick: () => (isOpen.value = !isOpen.value),
            onKeydown: close,
          },
          "?",
        ),
        h("p", { id, class: "help__text", hidden: !isOpen.value }, props.text),
      ]);
    };
  },
});
