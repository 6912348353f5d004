/** Insecure pages have no clipboard; there the older API may work. @param {string} text @returns {Promise<boolean>} whether it was copied */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.className = "visually-hidden";
    area.value = text;
    (focused?.closest("[role=dialog]") ?? document.body).append(area); // a dialog keeps the focus inside
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return copied;
  }
}
