// Keeps in the tab, over a reload, the text that was typed and not sent: one draft for each conversation's page.

let keptAt = "";

/** @returns {string} the draft of this page, or "" */
export function keptDraft() {
  keptAt = key();
  return sessionStorage.getItem(keptAt) ?? "";
}

/** Keeps a draft for this page, also if its address has changed meanwhile. "" forgets it. @param {string} text */
export function keepDraft(text) {
  if (keptAt) sessionStorage.removeItem(keptAt);
  keptAt = key();
  if (!text) return;
  try {
    sessionStorage.setItem(keptAt, text);
  } catch {
    // It is larger than what the tab may keep, and too long to be sent as well.
  }
}

function key() {
  return `draft ${location.pathname}`;
}
