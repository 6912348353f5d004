import { shallowRef } from "vue";

/** The ids of the turns whose sound can be played: their times are buttons. The player of recordings says which. */
export const playableTurns = shallowRef(/** @type {ReadonlySet<string>} */ (new Set()));
