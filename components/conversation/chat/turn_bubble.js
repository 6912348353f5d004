import { CopyButton } from "copy_button";
import { FormattedText } from "formatted_text";
import { localTime } from "local_time";
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

/**
 * @typedef {object} ChatOfTurn what all bubbles of a chat share; it is reactive
 * @property {Record<string, any>} texts
 * @property {boolean} canCopy
 * @property {string} again the id of the answer that can be asked for again
 * @property {string} last the id of the last turn, whose buttons the Tab key leads to; from one turn to the next lead the arrow keys
 * @property {(id: string, text: string | null) => Promise<boolean>} [revise] replaces a turn, see chat.js
 */

/** A bubble of the chat: one turn. It renders again only when its own row changes. */
export const TurnBubble = defineComponent({
  components: { CopyButton, FormattedText, PictureView, TurnEditor },
  template: `
    <li :class="['turn', 'turn--' + row.speaker, 'turn--' + row.status]" data-testid="turn" tabindex="-1"
      :data-item-id="row.id" :data-speaker="row.speaker" :data-status="row.status">
      <div class="turn__head" @keydown.up.stop.prevent="move($event, -1)" @keydown.down.stop.prevent="move($event, 1)">
        <div class="turn__speaker">{{ row.name }}</div>
        <button v-if="isPlayable" type="button" class="turn__time turn__play" data-testid="turn-time" :title="chat.texts.play"
          :tabindex="tabindex" @click="play">
          <time :datetime="time.datetime">{{ time.text }}</time>
        </button>
        <time v-else-if="time" class="turn__time" data-testid="turn-time" :datetime="time.datetime" :title="time.title">{{ time.text }}</time>
        <copy-button v-if="chat.canCopy && !row.folded" class="turn__copy" data-testid="turn-copy" :tabindex="tabindex"
          :text="row.said + row.unheard" :label="chat.texts.turn" :texts="chat.texts" />
        <button v-if="chat.revise && row.editable && edit === undefined" type="button" class="copy turn__copy" data-testid="turn-edit"
          :tabindex="tabindex" :aria-label="chat.texts.edit" :title="chat.texts.edit" @click="startEditing"><i class="q-icon notranslate material-icons" aria-hidden="true" role="presentation">edit</i></button>
        <button v-if="canAskAgain" type="button" class="copy turn__copy" data-testid="turn-again" :disabled="asking"
          :tabindex="tabindex" :aria-label="chat.texts.again" :title="chat.texts.again" @click="askAgain"><i class="q-icon notranslate material-icons" aria-hidden="true" role="presentation">refresh</i></button>
      </div>
      <div v-if="row.pictures.length" class="turn__pictures">
        <button v-for="picture in row.pictures" type="button" class="turn__enlarge" :title="chat.texts.enlarge" @click="enlarged = picture">
          <img class="turn__picture" :src="picture.src" :alt="picture.alt" />
        </button>
        <picture-view v-if="enlarged" :picture="enlarged" :closing="chat.texts.close" @close="enlarged = null" />
      </div>
      <turn-editor v-if="edit !== undefined" v-model="edit" :texts="chat.texts" :focuses="startsEditing" :send="sendEdit" @close="stopEditing" />
      <div v-else-if="row.formatted.length" class="turn__text turn__text--formatted" data-testid="turn-text" dir="auto">
        <formatted-text :nodes="row.formatted" :texts="chat.texts" />
      </div>
      <div v-else class="turn__text" data-testid="turn-text" dir="auto">{{ row.said
        }}<div v-if="row.unheard" class="turn__unheard" role="note" :aria-label="chat.texts.not_heard">{{ row.unheard }}</div></div>
      <button v-if="row.folded" type="button" class="turn__unfold" data-testid="turn-unfold" @click="unfold">{{ row.folded }}</button>
      <div v-if="row.waiting" class="turn__dots" role="img" :aria-label="row.waiting"><span></span><span></span><span></span></div>
      <div v-if="row.note" class="turn__note">{{ row.note }}</div>
    </li>`,
  props: {
    row: { type: /** @type {import("vue").PropType<TurnRow>} */ (Object), required: true },
    chat: { type: /** @type {import("vue").PropType<ChatOfTurn>} */ (Object), required: true },
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
    time() {
      return this.row.at === null ? null : localTime(this.row.at);
    },
    tabindex() {
      return this.chat.last === this.row.id ? 0 : -1;
    },
    canAskAgain() {
      return Boolean(this.chat.revise) && this.chat.again === this.row.id;
    },
    /** @returns {boolean} whether its sound can be played */
    isPlayable() {
      return this.row.at !== null && playableTurns.value.has(this.row.id);
    },
  },
  methods: {
    async askAgain() {
      this.asking = true;
      await this.chat.revise?.(this.row.id, null);
      this.asking = false;
    },
    startEditing() {
      this.startsEditing = true;
      this.edit = this.row.said;
    },
    /** @returns {Promise<boolean>} whether it was sent */
    async sendEdit() {
      const { id } = this.row;
      const isSent = await /** @type {NonNullable<ChatOfTurn["revise"]>} */ (this.chat.revise)(id, (turnEdits.get(id) ?? "").trim());
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
