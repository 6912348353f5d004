import { defineComponent, useTemplateRef } from "vue";

/** @typedef {{ id: string, name: string, tagline: string, picture: string }} Card */

/** A dropdown of personas: closed, the card of the chosen one; open, the cards of all. */
export default defineComponent({
  template: `
    <q-select ref="select" class="persona-picker" outlined :aria-label="label" :model-value="chosen" :options="personas"
      option-value="id" option-label="name" emit-value map-options :menu-offset="[0, 6]"
      popup-content-class="settings-menu persona-cards" @popup-show="onOpen"
      @update:model-value="(id) => $emit('choose', id)">
      <template #selected-item="{ opt }">
        <div class="persona persona--chosen" data-testid="persona-card" :data-persona="opt.id">
          <img class="persona__picture" alt="" :src="opt.picture" />
          <div><div class="persona__name" dir="auto">{{ opt.name }}</div><div class="persona__tagline" dir="auto">{{ opt.tagline }}</div></div>
        </div>
      </template>
      <template #option="{ opt, itemProps }">
        <q-item v-bind="itemProps" class="persona" data-testid="persona-card" :data-persona="opt.id">
          <img class="persona__picture" alt="" :src="opt.picture" />
          <div><div class="persona__name" dir="auto">{{ opt.name }}</div><div class="persona__tagline" dir="auto">{{ opt.tagline }}</div></div>
        </q-item>
      </template>
    </q-select>`,
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
});
