import { shallowReactive } from "vue";

/** The texts of turns that are being edited, by their item ids. They outlive the bubbles, which scrolling takes away. */
export const turnEdits = shallowReactive(/** @type {Map<string, string>} */ (new Map()));
