/** How long the microphone stays open after a turn: its last sound is still on the way when the user lets go. */
const TAIL_MS = 200;

/**
 * Turns taken by hand (push to talk). Without turn detection the service keeps everything it hears, silence included,
 * until it gets `clear` or `commit`.
 *
 * A turn may begin, and end, before the call is live. Its sound is then sent late (see FirstWords). Events are never
 * late, so a `commit` sent at once would overtake the sound that belongs to it: it waits until all sound was sent.
 */
export class Turns {
  /**
   * @param {object} options
   * @param {(event: RealtimeEvent) => void} options.send
   * @param {Pick<import("./responses.js").Responses, "create" | "createIfWords" | "interrupt">} options.responses
   * @param {() => boolean} options.awaitsWords whether only speech with words is answered
   * @param {(open: boolean) => void} options.onOpen whether the microphone must be open for a turn
   */
  constructor({ send, responses, awaitsWords, onOpen }) {
    this.send = send;
    this.responses = responses;
    this.awaitsWords = awaitsWords;
    this.onOpen = onOpen;
    this.open = false;
    this.ended = false; // by the user; the service does not know yet
    this.live = false; // whether the service listens
    this.late = true; // whether what the microphone hears is sent later
    /** @type {number | undefined} */
    this.tail = undefined;
  }

  /** Begins a turn and interrupts the AI. If the turn before was not sent yet, that one continues. */
  begin() {
    clearTimeout(this.tail);
    const continues = this.open || this.ended;
    this.ended = false;
    if (!continues && this.live) {
      this.responses.interrupt();
      this.send({ type: "input_audio_buffer.clear" });
    }
    if (!this.open) this.set(true);
  }

  /** Ends the turn and requests an answer. */
  end() {
    if (!this.open) return;
    this.ended = true;
    this.afterTail(() => {
      this.set(false);
      if (this.live && !this.late) this.commit();
    });
  }

  /** Discards the turn. */
  drop() {
    clearTimeout(this.tail);
    this.ended = false;
    if (this.open) this.set(false);
  }

  /** The service does not listen any more. A turn that is open goes on with the next connection. */
  goAway() {
    this.live = false;
    this.late = true;
  }

  /** The service listens from now on: to silence so far, then to what was said before. */
  goLive() {
    this.live = true;
    if (this.ended && !this.late) this.drop(); // nothing of it was kept
    if (this.open || this.ended) this.send({ type: "input_audio_buffer.clear" });
  }

  /** From now on the microphone is sent without delay. @param {boolean} sent whether anything was sent late */
  catchUp(sent) {
    this.late = false;
    if (!this.ended || !this.live) return;
    if (!sent) this.drop();
    else if (!this.open) this.afterTail(() => this.commit());
  }

  commit() {
    this.ended = false;
    this.send({ type: "input_audio_buffer.commit" });
    if (this.awaitsWords()) this.responses.createIfWords();
    else this.responses.create();
  }

  /** @param {() => void} callback */
  afterTail(callback) {
    clearTimeout(this.tail);
    this.tail = setTimeout(callback, TAIL_MS);
  }

  /** @param {boolean} open */
  set(open) {
    this.open = open;
    this.onOpen(open);
  }
}
