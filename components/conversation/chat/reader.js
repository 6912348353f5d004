const KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab"];
const TAKES_KEYS = "input, textarea, select, audio, [contenteditable]"; // for something else than scrolling

/**
 * Watches for the reader's own scrolling: by wheel, finger, key or scroll bar, also before anything has moved.
 * @param {EventTarget} target @param {AbortSignal} signal ends it @param {() => void} onScroll
 */
export function watchReader(target, signal, onScroll) {
  for (const type of ["wheel", "touchmove"]) target.addEventListener(type, onScroll, { signal, passive: true });
  target.addEventListener("keydown", (event) => scrolls(/** @type {KeyboardEvent} */ (event)) && onScroll(), { signal });
  target.addEventListener("pointerdown", (event) => isOnScrollBar(/** @type {PointerEvent} */ (event)) && onScroll(), { signal });
}

/** @param {KeyboardEvent} event */
function scrolls({ key, target }) {
  return KEYS.includes(key) && !(target instanceof Element && target.closest(TAKES_KEYS));
}

/** @param {PointerEvent} event */
function isOnScrollBar({ target, clientX }) {
  if (!(target instanceof Element) || target.scrollHeight <= target.clientHeight) return false;
  const { left } = target.getBoundingClientRect();
  return clientX - left < target.clientLeft || clientX - left >= target.clientLeft + target.clientWidth;
}
