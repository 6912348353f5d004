/**
 * The keys of a call, in the order of the help sheet. What they do is said in assets/languages.
 * @type {{ key: string, action: "talk" | "mute" | "interrupt" | "type" | "help" }[]}
 */
export const KEYS = [
  { key: " ", action: "talk" },
  { key: "m", action: "mute" },
  { key: "Escape", action: "interrupt" },
  { key: "/", action: "type" },
  { key: "?", action: "help" },
];

const TYPING = "input, textarea, select, [contenteditable=''], [contenteditable=true], [role=textbox], [role=combobox]";
const OPEN = "dialog[open], .q-dialog, .q-menu, [role=dialog], [role=listbox]";
const PRESSED_BY_SPACE = "button, a[href], summary, [role=button], [role=switch], [role=option], [role=tab]";

/** Turns keys into actions, except where they mean something else: in a text, in a dialog, or with Ctrl, Alt or Meta. */
export class Keyboard {
  /** @param {(action: string, phase: "down" | "up", at: number) => void} onKey `at` is the event's time in milliseconds */
  constructor(onKey) {
    this.onKey = onKey;
    /** @type {Map<string, string>} actions of the keys that are down */
    this.down = new Map();
    this.listeners = {
      keydown: (event) => this.press(event),
      keyup: (event) => this.release(event.key.toLowerCase(), event.timeStamp),
      blur: ({ timeStamp }) => [...this.down.keys()].forEach((key) => this.release(key, timeStamp)),
    };
    for (const [type, listener] of Object.entries(this.listeners)) window.addEventListener(type, listener);
  }

  remove() {
    for (const [type, listener] of Object.entries(this.listeners)) window.removeEventListener(type, listener);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { action } = KEYS.find(({ key }) => key.toLowerCase() === event.key.toLowerCase()) ?? {};
    if (!action || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector(OPEN) || event.target.closest?.(TYPING)) return;
    if (event.key === " " && event.target.closest?.(PRESSED_BY_SPACE)) return; // the focused control has the first claim
    event.preventDefault(); // Space would scroll, and / search
    if (event.repeat) return;
    this.down.set(event.key.toLowerCase(), action);
    this.onKey(action, "down", event.timeStamp);
  }

  release(key, at) {
    const action = this.down.get(key);
    this.down.delete(key);
    if (action) this.onKey(action, "up", at);
  }
}
