/** How long the microphone stays open after the end of a turn: its last sound is still on the way when the word is. */
const TAIL_MS = 200;

/**
 * Turns that people take by hand.
 * Without turn detection the service keeps all that it hears, silence too, until it is told `clear` or `commit`.
 */
export class Turns {
  /**
   * @param {object} options
   * @param {(event: object) => void} options.send
   * @param {import("./realtime_responses.js").Responses} options.responses
   * @param {(open: boolean) => void} options.onOpen whether the microphone must be open for a turn
   */
  constructor({ send, responses, onOpen }) {
    Object.assign(this, { send, responses, onOpen });
    this.open = false;
  }

  /** Begins a turn: who talks interrupts. Within the tail of the turn before, that one goes on. */
  begin() {
    if (this.open) return clearTimeout(this.tail);
    this.responses.interrupt();
    this.send({ type: "input_audio_buffer.clear" });
    this.set(true);
  }

  /** Ends the turn, and has it answered. */
  end() {
    if (!this.open) return;
    clearTimeout(this.tail);
    this.tail = setTimeout(() => {
      this.set(false);
      this.send({ type: "input_audio_buffer.commit" });
      this.responses.ask();
    }, TAIL_MS);
  }

  /** Leaves the turn unsaid. */
  drop() {
    clearTimeout(this.tail);
    if (this.open) this.set(false);
  }

  set(open) {
    this.open = open;
    this.onOpen(open);
  }
}
