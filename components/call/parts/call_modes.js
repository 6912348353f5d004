import { defineComponent } from "vue";

/** The switch between the two ways of taking turns. */
export const CallModes = defineComponent({
  template: `
    <div class="modes" role="group" :aria-label="texts.label">
      <button v-for="byHand in [false, true]" :key="byHand" class="modes__mode" type="button"
        :data-testid="byHand ? 'push-to-talk' : 'hands-free'" :aria-pressed="String(byHand === pushToTalk)"
        @mousedown.prevent @click="$emit('choose', byHand)">{{ byHand ? texts.push_to_talk : texts.hands_free }}</button>
    </div>`,
  props: { texts: Object, pushToTalk: Boolean },
  emits: ["choose"],
});
