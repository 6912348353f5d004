import { copyText } from "clipboard";
import { defineComponent, useTemplateRef } from "vue";

/** @typedef {"received" | "sent"} Direction */
/** @typedef {{ seconds: number, direction: Direction, type: string, event: object }} EventRow */
/** @typedef {{ row: EventRow, element: HTMLElement }} Entry */

const CAPACITY = 500;
const ARROWS = { received: "↓", sent: "↑" };

/**
 * The event log. Its rows are plain DOM, appended once per animation frame, because a call brings hundreds of events and
 * none of them ever changes; a hidden tab does no work for them at all.
 */
export default defineComponent({
  template: `
    <section class="event-log" :aria-label="texts.label">
      <div class="event-log__tools">
        <input class="event-log__filter" type="search" v-model="filter" :placeholder="texts.filter"
          :aria-label="texts.filter" autocomplete="off" spellcheck="false" data-testid="event-filter">
        <button type="button" :aria-pressed="String(received)" @click="received = !received">↓ {{ texts.received }}</button>
        <button type="button" :aria-pressed="String(sent)" @click="sent = !sent">↑ {{ texts.sent }}</button>
        <button type="button" @click="paused = !paused">{{ pauseText }}</button>
        <button type="button" @click="copyShown" :title="texts.copy_all_hint">{{ texts.copy_all }}</button>
        <button type="button" @click="clear">{{ texts.clear }}</button>
      </div>
      <p v-if="!total" class="event-log__empty">{{ texts.empty }}</p>
      <ol v-once ref="list" class="event-log__rows" tabindex="0" :aria-label="texts.rows"></ol>
      <p class="event-log__count">{{ countText }} <span role="status">{{ notice }}</span></p>
    </section>`,

  props: { texts: { type: Object, required: true } },

  data: () => ({ filter: "", received: true, sent: true, paused: false, waiting: 0, shown: 0, total: 0, notice: "" }),

  computed: {
    pauseText() {
      if (!this.paused) return this.texts.pause;
      return this.waiting ? filled(this.texts.follow_new, { count: this.waiting }) : this.texts.follow;
    },
    /** @returns {string} */
    countText() {
      const total = this.eventCount(this.total);
      return this.shown === this.total ? total : filled(this.texts.shown, { shown: this.shown, total });
    },
  },

  setup: () => ({
    list: /** @type {TemplateRef<HTMLElement>} */ (useTemplateRef("list")),
    /** Oldest first. Not in data(), since they never change. @type {Entry[]} */
    entries: [],
    /** Not shown yet: the frame has not come, or the log is paused. @type {EventRow[]} */
    pending: [],
    frame: 0,
  }),

  mounted() {
    // the toggle event of a details element does not bubble, but it can be captured
    this.list.addEventListener("toggle", ({ target }) => target instanceof HTMLDetailsElement && this.toggle(target), true);
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
  },

  watch: {
    filter: "applyFilter",
    received: "applyFilter",
    sent: "applyFilter",
    paused: "schedule",
  },

  methods: {
    /** @param {EventRow[]} rows Oldest first. */
    add(rows) {
      this.pending = this.pending.concat(rows).slice(-CAPACITY);
      this.schedule();
    },

    clear() {
      this.pending = [];
      this.entries = [];
      this.notice = "";
      this.list.replaceChildren();
      this.schedule();
      this.count();
    },

    schedule() {
      this.waiting = this.paused ? this.pending.length : 0;
      if (!this.frame) this.frame = requestAnimationFrame(this.flush);
    },

    flush() {
      this.frame = 0;
      if (this.paused) return;
      const { list } = this;
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      const entries = this.pending.splice(0).map((row) => ({ row, element: rowElement(row, this.texts) }));
      for (const { row, element } of entries) element.hidden = !this.matches(row);
      list.append(...entries.map(({ element }) => element));
      this.entries.push(...entries);
      for (const { element } of this.entries.splice(0, this.entries.length - CAPACITY)) element.remove();
      if (atEnd) list.scrollTop = list.scrollHeight;
      this.count();
    },

    applyFilter() {
      for (const { row, element } of this.entries) element.hidden = !this.matches(row);
      this.notice = "";
      this.count();
    },

    /** @param {EventRow} row */
    matches(row) {
      return this[row.direction] && row.type.toLowerCase().includes(this.filter.trim().toLowerCase());
    },

    count() {
      this.total = this.entries.length;
      this.shown = this.entries.filter(({ element }) => !element.hidden).length;
    },

    /** Shows the JSON, which exists only while its row is open. @param {HTMLDetailsElement} details */
    toggle(details) {
      const { row } = this.entries.find(({ element }) => element.contains(details)) ?? {};
      details.querySelector(".event-row__body")?.remove();
      if (details.open && row) details.append(bodyElement(row, this.texts.copy, () => this.copy([row])));
    },

    copyShown() {
      return this.copy(this.entries.filter(({ element }) => !element.hidden).map(({ row }) => row));
    },

    /** @param {EventRow[]} rows */
    async copy(rows) {
      const copied = await copyText(rows.map(({ event }) => JSON.stringify(event)).join("\n"));
      const events = this.eventCount(rows.length);
      this.notice = copied ? filled(this.texts.copied, { events }) : this.texts.not_copied;
    },

    /** @param {number} count */
    eventCount(count) {
      return count === 1 ? this.texts.one : filled(this.texts.many, { count });
    },
  },
});

/** @param {EventRow} row @param {Texts} texts @returns {HTMLElement} */
function rowElement(row, texts) {
  const arrow = make("span", "event-row__arrow", ARROWS[row.direction]);
  arrow.setAttribute("role", "img");
  arrow.setAttribute("aria-label", texts[row.direction]);
  const summary = make("summary", "event-row__summary");
  const time = make("span", "event-row__time", `${row.seconds.toFixed(3)} s`);
  summary.append(time, " ", arrow, " ", make("span", "event-row__type", row.type));
  const details = make("details", "event-row__details");
  details.append(summary);
  const item = make("li", "event-row");
  item.dataset.testid = "event-row";
  item.dataset.type = row.type;
  item.dataset.direction = row.direction;
  item.append(details);
  return item;
}

/**
 * @param {EventRow} row
 * @param {string} label of the button that copies the event
 * @param {() => void} onCopy
 */
function bodyElement(row, label, onCopy) {
  const button = make("button", "event-row__copy", label);
  button.type = "button";
  button.addEventListener("click", onCopy);
  const body = make("div", "event-row__body");
  const json = make("pre", "event-row__json", JSON.stringify(row.event, null, 2));
  json.tabIndex = 0; // it scrolls
  body.append(button, json);
  return body;
}

/**
 * @param {string} text such as "{count} events"
 * @param {Record<string, string | number>} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * Makes an element. The text may come from outside, so it is never parsed as HTML.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
