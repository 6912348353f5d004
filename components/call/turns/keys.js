/** @typedef {"talk" | "mute" | "interrupt" | "type" | "new" | "conversations" | "help"} Action */
/** @typedef {"down" | "up"} Phase */

/** The keys of a call, in the order of the help sheet. @type {{ key: string, action: Action }[]} */
export const KEYS = [
  { key: " ", action: "talk" },
  { key: "m", action: "mute" },
  { key: "Escape", action: "interrupt" },
  { key: "/", action: "type" },
  { key: "n", action: "new" },
  { key: "l", action: "conversations" },
  { key: "?", action: "help" },
];

const TEXT_FIELD = "input, textarea, select, [contenteditable=''], [contenteditable=true], [role=textbox], [role=combobox]";
const MESSAGE_BOX = "[data-testid=message-box]";
const OPEN_DIALOG = "dialog[open], .q-dialog, .q-menu, [role=dialog], [role=listbox]";
const USES_SPACE = "button, a[href], summary, [role=button], [role=switch], [role=option], [role=tab]";

/** Turns keys into actions, except in text fields, while a dialog is open, and together with Ctrl, Alt or Meta. */
export class Keyboard {
  /** @param {(action: Action, phase: Phase, at: number) => void} onKey `at` is the event's time in milliseconds */
  constructor(onKey) {
    this.onKey = onKey;
    /** @type {Map<string, Action>} actions of the keys that are down */
    this.down = new Map();
    this.removal = new AbortController();
    const { signal } = this.removal;
    window.addEventListener("keydown", (event) => this.press(event), { signal });
    window.addEventListener("keyup", (event) => this.release(event.key.toLowerCase(), event.timeStamp), { signal });
    window.addEventListener("blur", (event) => this.releaseAll(event.timeStamp), { signal });
  }

  remove() {
    this.removal.abort();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { action } = KEYS.find(({ key }) => key.toLowerCase() === event.key.toLowerCase()) ?? {};
    if (!action || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (document.querySelector(OPEN_DIALOG)) return;
    if (target?.closest(TEXT_FIELD) && !(action === "interrupt" && isEmptyBox(target))) return;
    if (event.key === " " && target?.closest(USES_SPACE)) return;
    event.preventDefault(); // Space would scroll, and / would search
    if (event.repeat) return;
    this.down.set(event.key.toLowerCase(), action);
    this.onKey(action, "down", event.timeStamp);
  }

  /** @param {string} key @param {number} at */
  release(key, at) {
    const action = this.down.get(key);
    this.down.delete(key);
    if (action) this.onKey(action, "up", at);
  }

  /** @param {number} at */
  releaseAll(at) {
    for (const key of [...this.down.keys()]) this.release(key, at);
  }
}

/** Whether nothing is written in a box for messages, so that Esc has nothing else to do there. @param {Element} target */
function isEmptyBox(target) {
  return target instanceof HTMLTextAreaElement && target.matches(MESSAGE_BOX) && !target.value;
}

/** @typedef {"keys" | "touch"} Controls what the user controls the page with; hints name keys only where there are some */

/** Watches whether the user has a mouse or trackpad, and so presumably a keyboard, or only a touch screen. */
export class ControlsWatch {
  /** @param {(controls: Controls) => void} onChange called at once, and on changes: a tablet may get a keyboard */
  constructor(onChange) {
    const touch = matchMedia("(pointer: coarse)");
    const report = () => onChange(touch.matches ? "touch" : "keys");
    this.removal = new AbortController();
    touch.addEventListener("change", report, { signal: this.removal.signal });
    report();
  }

  remove() {
    this.removal.abort();
  }
}
