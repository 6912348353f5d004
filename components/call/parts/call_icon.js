import { defineComponent } from "vue";

/** The icons of a call, drawn in the colour of the surrounding text. */
export default defineComponent({
  template: `
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <template v-if="name === 'microphone' || name === 'muted'">
        <rect x="9" y="3" width="6" height="11" rx="3" class="filled" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
        <path v-if="name === 'muted'" d="M4 3 20 21" class="slash" /></template>
      <rect v-else-if="name === 'stop'" x="6" y="6" width="12" height="12" rx="2.5" class="filled" />
      <template v-else-if="name === 'headphones'">
        <path d="M4 14v-2a8 8 0 0 1 16 0v2" /><rect x="3" y="14" width="5" height="6" rx="2" class="filled" />
        <rect x="16" y="14" width="5" height="6" rx="2" class="filled" /></template>
      <path v-else d="M6 6 18 18M18 6 6 18" />
    </svg>`,
  props: { name: String }, // "microphone", "muted", "stop", "headphones" or "cross"
});
