import { FormattedText } from "formatted_text";
import { localTime } from "local_time";
import { PictureView } from "picture_view";
import { TurnEditor } from "turn_editor";
import { turnEdits } from "turn_edits";
import { turnHead } from "turn_head";
import { computed, defineComponent, h, nextTick, shallowRef } from "vue";

/** @typedef {{ src: string, alt: string }} Picture */

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
 * @property {Picture[]} pictures
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

/**
 * A bubble of the chat: one turn. It renders again only when its own row changes. Several come in a frame while the reader
 * scrolls, so it has no template: what Vue makes of one in the browser renders more slowly.
 */
export const TurnBubble = defineComponent({
  props: {
    row: { type: /** @type {import("vue").PropType<TurnRow>} */ (Object), required: true },
    chat: { type: /** @type {import("vue").PropType<ChatOfTurn>} */ (Object), required: true },
  },
  setup(props) {
    const time = computed(() => (props.row.at === null ? null : localTime(props.row.at)));
    const asking = shallowRef(false); // again
    const enlarged = shallowRef(/** @type {Picture | null} */ (null));
    let startsEditing = false; // else its bubble has come back while the reader scrolls

    async function askAgain() {
      asking.value = true;
      await props.chat.revise?.(props.row.id, null);
      asking.value = false;
    }

    function startEditing() {
      startsEditing = true;
      turnEdits.set(props.row.id, props.row.said);
    }

    /** @returns {Promise<boolean>} whether it was sent */
    async function sendEdit() {
      const { id } = props.row;
      const isSent = await /** @type {NonNullable<ChatOfTurn["revise"]>} */ (props.chat.revise)(id, (turnEdits.get(id) ?? "").trim());
      if (isSent) turnEdits.delete(id);
      return isSent;
    }

    function stopEditing() {
      const { id } = props.row;
      turnEdits.delete(id);
      nextTick(() => editButton(id)?.focus());
    }

    /** @param {string} edit its text while it is being edited */
    function editor(edit) {
      return h(TurnEditor, {
        ...{ key: "editor", modelValue: edit, texts: props.chat.texts, focuses: startsEditing, send: sendEdit, onClose: stopEditing },
        "onUpdate:modelValue": (/** @type {string} */ text) => turnEdits.set(props.row.id, text),
      });
    }

    return () => {
      const { row, chat } = props;
      const edit = turnEdits.get(row.id);
      const parts = [
        turnHead(row, chat, {
          time: time.value,
          edit: chat.revise && row.editable && edit === undefined ? startEditing : null,
          again: chat.revise && chat.again === row.id ? askAgain : null,
          asking: asking.value,
        }),
        row.pictures.length > 0 && pictures(row.pictures, enlarged, chat.texts),
        edit === undefined ? words(row, chat.texts) : editor(edit),
        row.folded && h("button", { ...UNFOLD, onClick: unfold }, row.folded),
        row.waiting && h("div", { ...DOTS, "aria-label": row.waiting }, [h("span"), h("span"), h("span")]),
        row.note && h("div", { class: "turn__note", key: "note" }, row.note),
      ];
      const classes = `turn turn--${row.speaker} turn--${row.status}`;
      const data = { "data-item-id": row.id, "data-speaker": row.speaker, "data-status": row.status };
      return h("li", { class: classes, tabindex: -1, "data-testid": "turn", ...data }, parts.filter(Boolean));
    };
  },
});

const UNFOLD = { type: "button", class: "turn__unfold", key: "unfold", "data-testid": "turn-unfold" };
const DOTS = { class: "turn__dots", key: "dots", role: "img" };
const TEXT = { key: "text", "data-testid": "turn-text", dir: "auto" };

/** @param {Picture[]} shown @param {import("vue").ShallowRef<Picture | null>} enlarged @param {Texts} texts */
function pictures(shown, enlarged, texts) {
  const small = shown.map((picture) =>
    h("button", { type: "button", class: "turn__enlarge", title: texts.enlarge, onClick: () => (enlarged.value = picture) }, [
      h("img", { class: "turn__picture", src: picture.src, alt: picture.alt }),
    ]),
  );
  const large =
    enlarged.value && h(PictureView, { picture: enlarged.value, closing: texts.close, onClose: () => (enlarged.value = null) });
  return h("div", { class: "turn__pictures", key: "pictures" }, [...small, large]);
}

/** @param {TurnRow} row @param {Texts} texts */
function words(row, texts) {
  const { formatted } = row;
  if (formatted.length)
    return h("div", { ...TEXT, class: "turn__text turn__text--formatted" }, [h(FormattedText, { nodes: formatted, texts })]);
  const unheard = row.unheard && h("div", { class: "turn__unheard", role: "note", "aria-label": texts.not_heard }, row.unheard);
  return h("div", { ...TEXT, class: "turn__text" }, [row.said, unheard || null]); // an array keeps the text node while it grows
}

/** @param {Event} event */
function unfold({ target }) {
  const turn = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (target).closest(".turn"));
  turn.dispatchEvent(new CustomEvent("unfold-turn", { detail: turn.dataset.itemId, bubbles: true }));
}

/** @param {string} id of a turn @returns {HTMLElement | null} */
function editButton(id) {
  return document.querySelector(`[data-item-id="${CSS.escape(id)}"] [data-testid=turn-edit]`);
}
