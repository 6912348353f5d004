import { copyText } from "clipboard";
import { defineComponent, useTemplateRef } from "vue";

/** @typedef {"received" | "sent"} Direction */
/** @typedef {{ at: number, direction: Direction, event: RealtimeEvent }} EventRecord `at` in milliseconds */

/**
 * @typedef {object} EventRow One event, or all deltas of an item.
 * @property {number} seconds since the first event of the call
 * @property {Direction} direction
 * @property {string} type
 * @property {string} key by which further deltas find it; "" for a single event
 * @property {object[]} events the newest, oldest first
 * @property {number} total how many there were
 * @property {HTMLElement} [element] once it is shown
 */

const CAPACITY = 500; // rows, and events of one row
const ARROWS = { received: "↓", sent: "↑" };

/**
 * The event log. It takes the events from the call on the same page, so that they do not travel to Python and back. Its
 * rows are plain DOM, appended once per animation frame, because a call brings hundreds of events; a hidden tab does no
 * work for them at all, and a closed drawer lays none of them out. All deltas of an item are one row.
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
        <button type="button" @click="save" :title="texts.save_hint" data-testid="event-save">{{ texts.save }}</button>
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
    // not in data(): Vue need not watch them
    /** Oldest first. @type {EventRow[]} */
    rows: [],
    /** New ones, and ones that grew, not shown so yet: the frame has not come, or the log is paused. @type {Set<EventRow>} */
    pending: new Set(),
    /** The rows that take further deltas, by key. @type {Map<string, EventRow>} */
    growing: new Map(),
    /** When the first event of this call came, in milliseconds. @type {number | undefined} */
    start: undefined,
    isSeen: true,
    atEnd: true, // so it follows new rows
    frame: 0,
    removal: new AbortController(),
    /** Notices whether the list can be seen. @type {IntersectionObserver | null} */
    watcher: null,
  }),

  mounted() {
    const { signal } = this.removal;
    document.addEventListener("realtime-started", () => (this.start = undefined), { signal });
    document.addEventListener("realtime-record", (event) => this.add(/** @type {CustomEvent} */ (event).detail), { signal });
    // the toggle event of a details element does not bubble, but it can be captured
    this.list.addEventListener("toggle", ({ target }) => target instanceof HTMLDetailsElement && this.toggle(target), true);
    this.watcher = new IntersectionObserver((entries) => this.see(entries[entries.length - 1].isIntersecting));
    this.watcher.observe(this.list);
  },

  beforeUnmount() {
    this.removal.abort();
    this.watcher?.disconnect();
    cancelAnimationFrame(this.frame);
  },

  watch: {
    filter: "applyFilter",
    received: "applyFilter",
    sent: "applyFilter",
    paused: "schedule",
  },

  methods: {
    /** @param {EventRecord} record */
    add({ at, direction, event }) {
      this.start ??= at;
      const type = typeof event.type === "string" ? event.type : this.texts.untyped;
      const key = type.endsWith(".delta") ? [type, event.item_id, event.content_index].join(" ") : "";
      let row = this.growing.get(key);
      if (!row) {
        row = { seconds: (at - this.start) / 1000, direction, type, key, events: [], total: 0 };
        this.rows.push(row);
        if (key) this.growing.set(key, row);
        this.forget(this.rows.length - CAPACITY);
      }
      row.total++;
      row.events.push(event);
      row.events.splice(0, row.events.length - CAPACITY);
      this.pending.add(row);
      this.schedule();
    },

    /** Drops the oldest rows. @param {number} count */
    forget(count) {
      for (const row of this.rows.splice(0, count)) {
        row.element?.remove();
        this.pending.delete(row);
        if (this.growing.get(row.key) === row) this.growing.delete(row.key);
      }
    },

    clear() {
      this.forget(this.rows.length);
      this.notice = "";
      this.schedule();
      this.count();
    },

    schedule() {
      this.waiting = this.paused ? [...this.pending].filter(({ element }) => !element).length : 0;
      if (!this.frame) this.frame = requestAnimationFrame(this.flush);
    },

    flush() {
      this.frame = 0;
      if (this.paused) return;
      this.noteEnd();
      for (const row of this.pending) {
        if (row.element) showTotal(row);
        else this.show(row);
      }
      this.pending.clear();
      this.catchUp();
    },

    /** Lays out the rows only while they can be seen: each costs time with each word of the conversation. @param {boolean} isSeen */
    see(isSeen) {
      this.noteEnd();
      this.isSeen = isSeen;
      this.list.style.contentVisibility = isSeen ? "" : "hidden";
      this.catchUp();
    },

    /** Notes whether new rows are followed. A list that nobody sees has no height. */
    noteEnd() {
      if (!this.isSeen) return;
      const { scrollHeight, scrollTop, clientHeight } = this.list;
      this.atEnd = scrollHeight - scrollTop - clientHeight < 40;
    },

    /** Scrolls to the new rows, and counts them, unless nobody sees that. */
    catchUp() {
      if (!this.isSeen) return;
      if (this.atEnd) this.list.scrollTop = this.list.scrollHeight;
      this.count();
    },

    /** @param {EventRow} row */
    show(row) {
      row.element = rowElement(row, this.texts);
      row.element.hidden = !this.matches(row);
      this.list.append(row.element);
    },

    applyFilter() {
      for (const row of this.rows) if (row.element) row.element.hidden = !this.matches(row);
      this.notice = "";
      this.count();
    },

    /** @param {EventRow} row */
    matches(row) {
      return this[row.direction] && row.type.toLowerCase().includes(this.filter.trim().toLowerCase());
    },

    count() {
      this.total = sum(this.rows.filter(({ element }) => element));
      this.shown = sum(this.shownRows());
    },

    shownRows() {
      return this.rows.filter(({ element }) => element && !element.hidden);
    },

    /** Shows the JSON, which exists only while its row is open. @param {HTMLDetailsElement} details */
    toggle(details) {
      const row = this.rows.find(({ element }) => element?.contains(details));
      details.querySelector(".event-row__body")?.remove();
      if (details.open && row) details.append(bodyElement(row, this.texts.copy, () => this.copy([row])));
    },

    copyShown() {
      return this.copy(this.shownRows());
    },

    /** @param {EventRow[]} rows */
    async copy(rows) {
      const lines = rows.flatMap(({ events }) => events.map((event) => JSON.stringify(event)));
      const copied = await copyText(lines.join("\n"));
      const events = this.eventCount(lines.length);
      this.notice = copied ? filled(this.texts.copied, { events }) : this.texts.not_copied;
    },

    /** Saves all rows that are shown as a file, one row per line: when, which way, and the events. */
    save() {
      const lines = this.shownRows().map(({ seconds, direction, events }) => JSON.stringify({ seconds, direction, events }));
      const url = URL.createObjectURL(new Blob([lines.join("\n")], { type: "application/jsonl" }));
      Object.assign(document.createElement("a"), { href: url, download: "parley-events.jsonl" }).click();
      URL.revokeObjectURL(url);
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
  summary.append(time, " ", arrow, " ", make("span", "event-row__type", row.type), make("span", "event-row__total"));
  const details = make("details", "event-row__details");
  details.append(summary);
  const item = make("li", "event-row");
  item.dataset.testid = "event-row";
  item.dataset.type = row.type;
  item.dataset.direction = row.direction;
  item.append(details);
  showTotal({ ...row, element: item });
  return item;
}

/** Says how many deltas a row has. @param {EventRow} row that is shown */
function showTotal({ total, element }) {
  const place = element?.querySelector(".event-row__total");
  if (place && total > 1) place.textContent = `×${total}`;
  if (element) element.dataset.count = String(total);
}

/** @param {EventRow[]} rows @returns {number} how many events they have */
function sum(rows) {
  return rows.reduce((total, row) => total + row.total, 0);
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
  const json = make("pre", "event-row__json", row.events.map((event) => JSON.stringify(event, null, 2)).join("\n"));
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
