import { CopyButton } from "copy_button";
import { FormattedText } from "formatted_text";
import { LocalTime } from "local_time";
import { PictureView } from "picture_view";
import { TurnEditor } from "turn_editor";
import { playableTurns } from "playable_turns";
import { turnEdits } from "turn_edits";
import { defineComponent } from "vue";

/**
 * @typedef {object} TurnRow a turn as turn_row.py describes it
 * @property {string} id
 * @property {"user" | "assistant" | "system" | "tool"} speaker
 * @property {string} name
 * @property {"open" | "done" | "interrupted" | "failed"} status
 * @property {number | null} at
 * @property {string} said
 * @property {import("formatted_text").FormattedNode[]} formatted
 * @property {string} unheard
 * @property {string} waiting
 * @property {string} note
 * @property {{ src: string, alt: string }[]} pictures
 * @property {boolean} editable
 * @property {string} folded
 * @property {"turn"} kind
 */

/** A bubble of the chat: one turn. It renders again only when its own row changes. */
export const TurnBubble = defineComponent({
  components: { CopyButton, FormattedText, LocalTime, PictureView, TurnEditor },
  template: `
    <li :class="['turn', 'turn--' + row.speaker, 'turn--' + row.status]" data-testid="turn" tabindex="-1"
      :data-item-id="row.id" :data-speaker="row.speaker" :data-status="row.status">
      <div class="turn__head" @keydown.up.stop.prevent="move($event, -1)" @keydown.down.stop.prevent="move($event, 1)">
        <div class="turn__speaker">{{ row.name }}</div>
        <button v-if="isPlayable" type="button" class="turn__time turn__play" data-testid="turn-time" :title="texts.play"
          :tabindex="isTabStop ? 0 : -1" @click="play">
          <local-time :at="row.at" />
        </button>
        <local-time v-else-if="row.at !== null" class="turn__time" data-testid="turn-time" :at="row.at" />
        <copy-button v-if="canCopy && !row.folded" class="turn__copy" data-testid="turn-copy" :tabindex="isTabStop ? 0 : -1"
          :text="row.said + row.unheard" :label="texts.turn" :texts="texts" />
        <button v-if="revise && row.editable && edit === undefined" type="button" class="copy turn__copy" data-testid="turn-edit"
          :tabindex="isTabStop ? 0 : -1" :aria-label="texts.edit" :title="texts.edit" @click="startEditing"><q-icon name="edit" /></button>
        <button v-if="revise && canAskAgain" type="button" class="copy turn__copy" data-testid="turn-again" :disabled="asking"
          :tabindex="isTabStop ? 0 : -1" :aria-label="texts.again" :title="texts.again" @click="askAgain"><q-icon name="refresh" /></button>
      </div>
      <div v-if="row.pictures.length" class="turn__pictures">
        <button v-for="picture in row.pictures" type="button" class="turn__enlarge" :title="texts.enlarge" @click="enlarged = picture">
          <img class="turn__picture" :src="picture.src" :alt="picture.alt" />
        </button>
        <picture-view v-if="enlarged" :picture="enlarged" :closing="texts.close" @close="enlarged = null" />
      </div>
      <turn-editor v-if="edit !== undefined" v-model="edit" :texts="texts" :focuses="startsEditing" :send="sendEdit" @close="stopEditing" />
      <div v-else-if="row.formatted.length" class="turn__text turn__text--formatted" data-testid="turn-text" dir="auto">
        <formatted-text :nodes="row.formatted" :texts="texts" />
      </div>
      <div v-else class="turn__text" data-testid="turn-text" dir="auto">{{ row.said
        }}<div v-if="row.unheard" class="turn__unheard" role="note" :aria-label="texts.not_heard">{{ row.unheard }}</div></div>
      <button v-if="row.folded" type="button" class="turn__unfold" data-testid="turn-unfold" @click="unfold">{{ row.folded }}</button>
      <div v-if="row.waiting" class="turn__dots" role="img" :aria-label="row.waiting"><span></span><span></span><span></span></div>
      <div v-if="row.note" class="turn__note">{{ row.note }}</div>
    </li>`,
  props: {
    row: { type: /** @type {import("vue").PropType<TurnRow>} */ (Object), required: true },
    texts: { type: Object, required: true },
    canCopy: Boolean,
    canAskAgain: Boolean,
    revise: { type: /** @type {import("vue").PropType<(id: string, text: string | null) => Promise<boolean>>} */ (Function) }, // see chat.js
    isTabStop: Boolean, // whether the Tab key leads to its buttons; from one turn to the next lead the arrow keys
  },
  data: () => ({
    enlarged: /** @type {TurnRow["pictures"][number] | null} */ (null),
    startsEditing: false, // else its bubble has come back while the reader scrolls
    asking: false, // again
  }),
  computed: {
    edit: {
      /** @returns {string | undefined} its text while it is being edited */
      get() {
        return turnEdits.get(this.row.id);
      },
      /** @param {string} text */
      set(text) {
        turnEdits.set(this.row.id, text);
      },
    },
    /** @returns {boolean} whether its sound can be played */
    isPlayable() {
      return this.row.at !== null && playableTurns.value.has(this.row.id);
    },
  },
  methods: {
    async askAgain() {
      this.asking = true;
      await this.revise?.(this.row.id, null);
      this.asking = false;
    },
    startEditing() {
      this.startsEditing = true;
      this.edit = this.row.said;
    },
    /** @returns {Promise<boolean>} whether it was sent */
    async sendEdit() {
      const { id } = this.row;
      const isSent = await /** @type {NonNullable<typeof this.revise>} */ (this.revise)(id, (turnEdits.get(id) ?? "").trim());
      if (isSent) turnEdits.delete(id);
      return isSent;
    },
    stopEditing() {
      turnEdits.delete(this.row.id);
      this.$nextTick(() => this.$el.querySelector("[data-testid=turn-edit]")?.focus());
    },
    unfold() {
      this.$el.dispatchEvent(new CustomEvent("unfold-turn", { detail: this.row.id, bubbles: true }));
    },
    play() {
      this.$el.dispatchEvent(new CustomEvent("play-turn", { detail: this.row.id, bubbles: true }));
    },
    /** Leads from a button to the same one of a neighbour. @param {KeyboardEvent} event @param {number} by */
    move({ target }, by) {
      const button = /** @type {HTMLElement} */ (target);
      const turns = [...this.$el.parentElement.querySelectorAll(".turn")];
      turns[turns.indexOf(this.$el) + by]?.querySelector(`button[data-testid=${button.dataset.testid}]`)?.focus();
    },
  },
});
