/** How long the microphone stays open after the end of a turn: its last sound is still on the way when the word is. */
const TAIL_MS = 200;

/**
 * Turns that people take by hand.
 * Without turn detection the service keeps all that it hears, silence too, until it is told `clear` or `commit`.
 *
 * A turn may begin, and end, before anybody listens. Then its sound is given late (see FirstWords), but events are never
 * late: a `commit` sent at once would overtake the sound that it is about. So it waits until all has been given.
 */
export class Turns {
  /**
   * @param {object} options
   * @param {(event: object) => void} options.send
   * @param {import("./responses.js").Responses} options.responses
   * @param {(open: boolean) => void} options.onOpen whether the microphone must be open for a turn
   */
  constructor({ send, responses, onOpen }) {
    Object.assign(this, { send, responses, onOpen });
    this.open = false;
    this.ended = false; // by the user; the service has not been told yet
    this.listened = false; // whether somebody listens
    this.late = true; // whether what is heard is given later
  }

  /** Begins a turn: who talks interrupts. As long as the turn before was not sent, that one goes on. */
  begin() {
    clearTimeout(this.tail);
    const goesOn = this.open || this.ended;
    this.ended = false;
    if (!goesOn && this.listened) {
      this.responses.interrupt();
      this.send({ type: "input_audio_buffer.clear" });
    }
    if (!this.open) this.set(true);
  }

  /** Ends the turn, and has it answered. */
  end() {
    if (!this.open) return;
    this.ended = true;
    this.wait(() => {
      this.set(false);
      if (this.listened && !this.late) this.commit();
    });
  }

  /** Leaves the turn unsaid. */
  drop() {
    clearTimeout(this.tail);
    this.ended = false;
    if (this.open) this.set(false);
  }

  /** Somebody listens from now on: to silence so far, then to what was said before. */
  listen() {
    this.listened = true;
    if (this.ended && !this.late) this.drop(); // nothing of it was kept
    if (this.open || this.ended) this.send({ type: "input_audio_buffer.clear" });
  }

  /** What is heard is given at once from now on. @param {boolean} given whether anything was given before */
  catchUp(given) {
    this.late = false;
    if (!this.ended || !this.listened) return;
    if (!given) this.drop();
    else if (!this.open) this.wait(() => this.commit());
  }

  commit() {
    this.ended = false;
    this.send({ type: "input_audio_buffer.commit" });
    this.responses.ask();
  }

  wait(then) {
    clearTimeout(this.tail);
    this.tail = setTimeout(then, TAIL_MS);
  }

  set(open) {
    this.open = open;
    this.onOpen(open);
  }
}
