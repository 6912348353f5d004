import { defineComponent, h } from "vue";

/** The icons of a call, drawn in the colour of the surrounding text. */
export const CallIcon = defineComponent({
  props: { name: { type: String, required: true } }, // of `SHAPES`
  render() {
    return h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, SHAPES[this.name]());
  },
});

/** The shapes of each icon. @type {Record<string, () => import("vue").VNode[]>} */
const SHAPES = {
  microphone: () => [
    h("rect", { x: 9, y: 3, width: 6, height: 11, rx: 3, class: "filled" }),
    line("M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"),
  ],
  muted: () => [...SHAPES.microphone(), h("path", { d: "M4 3 20 21", class: "slash" })],
  hang_up: () => [
    h("path", {
      class: "filled",
      d:
        "M3 14.6c-1-1-1-2.3 0-3.2C5.3 9.3 8.5 8.2 12 8.200s6.7 1.1 9 3.200c1 .9 1 2.2 0 3.200l-1 1c-.5.5-1.2.6-1.8.2" +
        "l-2.1-1.300c-.5-.3-.7-.8-.7-1.300v-1.500c-1.1-.3-2.2-.4-3.4-.4s-2.3.1-3.4.4v1.500c0 .5-.2 1-.7 1.300l-2.1 1.300" +
        "c-.6.4-1.3.3-1.8-.2z",
    }),
  ],
  voices: () => [h("circle", { cx: 9, cy: 12, r: 5.5 }), h("circle", { cx: 15, cy: 12, r: 5.5 })],
  headphones: () => [
    line("M4 14v-2a8 8 0 0 1 16 0v2"),
    h("rect", { x: 3, y: 14, width: 5, height: 6, rx: 2, class: "filled" }),
    h("rect", { x: 16, y: 14, width: 5, height: 6, rx: 2, class: "filled" }),
  ],
  cross: () => [line("M6 6 18 18M18 6 6 18")],
};

/** @param {string} d what to draw */
function line(d) {
  return h("path", { d });
}
