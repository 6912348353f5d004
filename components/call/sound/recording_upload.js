const MOST_WAITING = 16 * 1024 * 1024; // bytes, some 20 minutes of sound
const RETRY_MS = [1_000, 2_000, 5_000]; // between attempts; the last one again and again
const PATIENCE_MS = 15_000; // for one answer
const MOST_UNKNOWN = 12; // attempts for a conversation that Python does not know, or not yet

/** Answers that may be others later. The conversation itself may be stored a moment after its sound has come. */
const TEMPORARY = [404, 408, 429, 500, 502, 503, 504];

/** @typedef {"disk_full" | "behind" | "unsupported" | "failed"} Refusal why a recording ends before its call */
/** @typedef {{ data: Blob, seconds: number, last: boolean }} Piece `seconds`: from the beginning of the recording to the end of the piece */

/** Sends the pieces of one recording to Python, in order. Pieces that cannot be delivered wait, up to a limit. */
export class RecordingUpload {
  /** @param {string} url of all recordings @param {string} type @param {(refusal: Refusal) => void} onRefused */
  constructor(url, type, onRefused) {
    this.url = `${url}/${randomId()}`;
    this.type = type.split(";")[0];
    this.onRefused = onRefused;
    this.begun = performance.now();
    /** @type {Piece[]} */
    this.waiting = [];
    this.size = this.number = this.attempts = 0;
    this.isOpen = this.isSending = this.isOver = false;
  }

  /** The recording begins now. */
  begin() {
    this.begun = performance.now();
  }

  /** Sends what waits, and what follows. */
  open() {
    this.isOpen = true;
    this.send();
  }

  /** @param {Blob} data @param {boolean} last */
  add(data, last) {
    if (this.isOver) return;
    this.waiting.push({ data, seconds: (performance.now() - this.begun) / 1000, last });
    this.size += data.size;
    if (this.size > MOST_WAITING) this.refuse("behind");
    else this.send();
  }

  discard() {
    this.isOver = true;
    this.waiting = [];
  }

  async send() {
    if (!this.isOpen || this.isSending) return;
    this.isSending = true;
    while (!this.isOver && this.waiting.length) {
      const status = await this.post(this.waiting[0]);
      if (this.isOver) break;
      if (status >= 200 && status < 300) this.advance();
      else if (status && !TEMPORARY.includes(status)) this.refuse(status === 507 ? "disk_full" : "failed");
      else if (status === 404 && this.attempts >= MOST_UNKNOWN) this.refuse("failed");
      else await pause(RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)]);
    }
    this.isSending = false;
  }

  advance() {
    const sent = this.waiting.shift();
    this.size -= sent?.data.size ?? 0;
    this.number++;
    this.attempts = 0;
  }

  /** @param {Piece} piece @returns {Promise<number>} HTTP status; 0 without an answer */
  async post({ data, seconds, last }) {
    const age = (performance.now() - this.begun) / 1000;
    const query = `age=${age.toFixed(3)}&seconds=${seconds.toFixed(3)}${last ? "&last" : ""}`;
    try {
      const response = await fetch(`${this.url}/${this.number}?${query}`, {
        method: "POST",
        headers: { "Content-Type": this.type },
        body: data,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return response.status;
    } catch {
      return 0;
    }
  }

  /** @param {Refusal} refusal */
  refuse(refusal) {
    this.discard();
    this.onRefused(refusal);
  }
}

/** @returns {string} 32 hex digits */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
