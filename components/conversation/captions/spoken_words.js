const IDEOGRAPH = 3.5; // letters that take as long as one character of a script without spaces, as in transcript/pace.py
const IDEOGRAPHS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u;

const PATIENCE_MS = 3_000; // words whose sound has not begun by then have no sound
const FAREWELL_MS = 1_000; // until Python has marked the unheard part of an interrupted answer

const DELTAS = ["response.output_audio_transcript.delta", "response.audio_transcript.delta"]; // the latter in the beta

/**
 * Estimates how far each answer is spoken, from the service's events and the page's clock. It counts letters, as Python
 * does for interrupted answers: over WebRTC nothing tells which word a sound belongs to.
 */
export class SpokenWords {
  constructor() {
    /** @type {Map<string, { items: Set<string>, shownAt: number, beganAt?: number, cutAt?: number, over?: boolean }>} */
    this.answers = new Map();
  }

  /** @param {object} event of the service @param {number} now milliseconds */
  receive(event, now) {
    if (DELTAS.includes(event.type)) this.answer(event.response_id, now).items.add(event.item_id);
    if (event.type === "output_audio_buffer.started") this.answer(event.response_id, now).beganAt ??= now;
    if (event.type === "output_audio_buffer.stopped") this.answer(event.response_id, now).over = true;
    if (event.type === "output_audio_buffer.cleared") this.answer(event.response_id, now).cutAt ??= now;
  }

  endCall() {
    this.answers.clear();
  }

  /**
   * The answers that still have unspoken words.
   * @param {number} now @returns {{ items: string[], ms: number }[]} each with the time for which it has sounded
   */
  sounding(now) {
    return [...this.answers.values()]
      .filter((it) => !it.over && now - (it.cutAt ?? now) < FAREWELL_MS && (it.beganAt || now - it.shownAt < PATIENCE_MS))
      .map(({ items, beganAt = now, cutAt = now }) => ({ items: [...items], ms: Math.max(0, cutAt - beganAt) }));
  }

  answer(id, now) {
    if (!this.answers.has(id)) this.answers.set(id, { items: new Set(), shownAt: now });
    return this.answers.get(id);
  }
}

/**
 * @param {string} text @param {number} letters spoken so far
 * @returns {number} the end of the word being spoken; 0 before the first one
 */
export function spokenEnd(text, letters) {
  let end = 0;
  for (const character of text) {
    const ideograph = IDEOGRAPHS.test(character);
    const starts = ideograph || !/\S/.test(text[end - 1] ?? " ") || IDEOGRAPHS.test(text[end - 1]);
    if (letters <= 0 && starts) break;
    letters -= ideograph ? IDEOGRAPH : 1;
    end += character.length;
  }
  return end;
}

/** @returns {number} the length of a text in letters of an alphabet */
export function lettersOf(text) {
  return [...text].reduce((sum, character) => sum + (IDEOGRAPHS.test(character) ? IDEOGRAPH : 1), 0);
}
