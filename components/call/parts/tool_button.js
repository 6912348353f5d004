import { h } from "vue";

/**
 * A small button beside or below the call button. A click leaves the focus, and with it the space bar, where it is.
 * @param {string} hook its `data-testid`
 * @param {string} label
 * @param {() => void} onClick
 * @param {import("vue").VNode | string} content
 * @param {Record<string, any>} [more] attributes
 */
export function toolButton(hook, label, onClick, content, more) {
  const own = { type: "button", "data-testid": hook, "aria-label": label, title: label, onClick, onMousedown: keepFocus };
  return h("button", { ...own, ...more, class: ["tool", more?.class] }, [content]);
}

/** @param {Event} event */
export function keepFocus(event) {
  event.preventDefault();
}
