const IDEOGRAPH = 3.5; // letters of an alphabet that take as long as one Chinese or Japanese character, as in pace.py
const DIGIT = 5; // letters that a digit takes as long as: voices say numbers in words
const SILENT = /[*_#`~|\p{So}]/u; // Markdown's marks, and emoji
const CODE_BLOCK = /^[ \t>]*(`{3,}|~{3,})[^\n]*\n[^]*?(?:^[ \t>]*\1[^\n]*$|(?![^]))/gm;
const IDEOGRAPHS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u;

const PATIENCE_MS = 3_000; // words whose sound has not begun by then have none
const CUT_MS = 1_000; // how long Python may take to mark what was not heard of an interrupted answer

const DELTAS = ["response.output_audio_transcript.delta", "response.audio_transcript.delta"]; // the latter in the beta

/**
 * @typedef {object} Answer
 * @property {Set<string>} items ids
 * @property {number} shownAt milliseconds
 * @property {number} [startedAt] when its sound started
 * @property {number} [cutAt] when it was interrupted
 * @property {boolean} [over] whether it was played to its end
 */

/**
 * Estimates how far each answer is spoken, from the service's events and the page's clock. It counts letters, as Python
 * does for interrupted answers: over WebRTC nothing tells which word a sound belongs to.
 */
export class SpokenWords {
  constructor() {
    /** @type {Map<string, Answer>} by response id */
    this.answers = new Map();
  }

  /** @param {RealtimeEvent} event from the service @param {number} now milliseconds */
  receive(event, now) {
    if (DELTAS.includes(event.type)) this.answer(event.response_id, now).items.add(event.item_id);
    if (event.type === "output_audio_buffer.started") this.answer(event.response_id, now).startedAt ??= now;
    if (event.type === "output_audio_buffer.stopped") this.answer(event.response_id, now).over = true;
    if (event.type === "output_audio_buffer.cleared") this.answer(event.response_id, now).cutAt ??= now;
  }

  endCall() {
    this.answers.clear();
  }

  /**
   * Lists the answers with words that are not spoken yet.
   * @param {number} now milliseconds
   * @returns {{ items: string[], ms: number }[]} each with the time for which it has been heard
   */
  pending(now) {
    return [...this.answers.values()]
      .filter((it) => !it.over && now - (it.cutAt ?? now) < CUT_MS && (it.startedAt || now - it.shownAt < PATIENCE_MS))
      .map(({ items, startedAt = now, cutAt = now }) => ({ items: [...items], ms: Math.max(0, cutAt - startedAt) }));
  }

  /** @param {string} id @param {number} now @returns {Answer} */
  answer(id, now) {
    const answer = this.answers.get(id) ?? { items: new Set(), shownAt: now };
    this.answers.set(id, answer);
    return answer;
  }
}

/**
 * @param {string} text
 * @param {number} letters that were spoken
 * @returns {number} where the word that is being spoken ends; 0 before the first one
 */
export function spokenEnd(text, letters) {
  let end = 0;
  for (const [character, length] of lengthsOf(text)) {
    const ideograph = IDEOGRAPHS.test(character);
    const starts = ideograph || !/\S/.test(text[end - 1] ?? " ") || IDEOGRAPHS.test(text[end - 1]);
    if (letters <= 0 && starts) break;
    letters -= length;
    end += character.length;
  }
  return end;
}

/** @param {string} text @returns {number} its length in letters of an alphabet */
export function lettersOf(text) {
  return lengthsOf(text).reduce((sum, [, length]) => sum + length, 0);
}

/** @param {string} text @returns {[string, number][]} its characters, each with its length in letters; code is not spoken */
function lengthsOf(text) {
  const code = [...text.matchAll(CODE_BLOCK)].map((block) => [block.index, block.index + block[0].length]);
  let at = 0;
  return [...text].map((character) => {
    const silent = SILENT.test(character) || code.some(([start, end]) => start <= at && at < end);
    at += character.length;
    return [character, silent ? 0 : /[0-9]/.test(character) ? DIGIT : IDEOGRAPHS.test(character) ? IDEOGRAPH : 1];
  });
}
