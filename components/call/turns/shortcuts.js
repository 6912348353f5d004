import { Keyboard } from "./keys.js";
import { TAP_MS } from "./talk.js";

/**
 * @typedef {object} ShortcutTargets What the keys control.
 * @property {() => boolean} isCalling
 * @property {() => void} call
 * @property {() => Pick<import("./talk.js").TalkButton, "press" | "release"> | null} talkButton null without push to talk
 * @property {() => void} toggleMute
 * @property {() => void} interrupt
 * @property {() => void} help
 */

/** The keyboard shortcuts of a call, see KEYS. */
export class Shortcuts {
  /** @param {ShortcutTargets} targets */
  constructor(targets) {
    this.targets = targets;
    /** @type {number | undefined} */
    this.holding = undefined;
    this.keyboard = new Keyboard((action, phase, at) => this.act(action, phase, at));
  }

  remove() {
    this.keyboard.remove();
    clearTimeout(this.holding);
  }

  /** @param {import("./keys.js").Action} action @param {import("./keys.js").Phase} phase @param {number} at milliseconds */
  act(action, phase, at) {
    if (action === "talk") this.pressSpace(phase, at);
    else if (phase === "up") return;
    else if (action === "mute") this.targets.toggleMute();
    else if (action === "interrupt") this.targets.interrupt();
    else if (action === "help") this.targets.help();
    else if (action === "type") find("message-box")?.focus();
    else if (action === "new") find("new-conversation")?.click();
    else if (action === "conversations") find("conversations")?.click();
  }

  /** A tap only places a call; holding the key longer also begins a turn. @param {import("./keys.js").Phase} phase @param {number} at */
  pressSpace(phase, at) {
    const { targets } = this;
    clearTimeout(this.holding);
    if (targets.isCalling() && phase === "down") targets.talkButton()?.press(at);
    else if (targets.isCalling()) targets.talkButton()?.release(at);
    else if (phase === "down") {
      targets.call();
      this.holding = setTimeout(() => targets.talkButton()?.press(at), TAP_MS);
    }
  }
}

/** Finds an element of the page around the call, if the page has it. @param {string} testId @returns {HTMLElement | null} */
function find(testId) {
  return document.querySelector(`[data-testid=${testId}]`);
}
