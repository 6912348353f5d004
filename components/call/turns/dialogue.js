import { Activity } from "./activity.js";
import { Messages } from "./messages.js";
import { Responses } from "./responses.js";
import { Turns } from "./turns.js";

/** Bytes of the event that adds a message, besides its text and pictures. */
const MESSAGE_ENVELOPE = 512;

/**
 * @typedef {object} DialogueOptions
 * @property {(event: RealtimeEvent) => boolean} send sends an event to the service; false if it was refused
 * @property {() => number} longestEvent bytes of JSON that the service takes in one event
 * @property {boolean} transcribesFirst whether the service answers speech only after its transcript
 * @property {(activity: Activity) => void} onActivity who is speaking may have changed
 * @property {() => void} onOpen the microphone must be open for a turn, or no longer
 */

/** The talk of user and AI in one call, in events of the protocol, by whichever connection they travel. */
export class Dialogue {
  /** @param {DialogueOptions} options */
  constructor(options) {
    this.options = options;
    this.userCame = false; // whether the user has said anything in this call
    this.transcribes = false; // whether the service sends transcripts of the user's speech
    this.messages = new Messages();
    this.activity = new Activity();
    this.responses = new Responses((event) => this.transmit(event), this.activity);
    this.turns = new Turns({
      send: (event) => this.transmit(event),
      responses: this.responses,
      awaitsWords: () => options.transcribesFirst && this.transcribes,
      onOpen: options.onOpen,
    });
  }

  /** Whether nobody speaks or is about to. */
  get isPaused() {
    return !this.turns.open && this.activity.name === "listening";
  }

  /** Whether an answer is due of which nothing sounds yet. */
  get isAnswerDue() {
    return this.activity.isAnswering && !this.activity.isSpeaking;
  }

  /** How many bytes of JSON a message may have. */
  get room() {
    return this.options.longestEvent() - MESSAGE_ENVELOPE;
  }

  /**
   * Sends a client event of the Realtime protocol; one that requests a response waits until none is being generated.
   * @param {RealtimeEvent} event
   */
  send(event) {
    const isRequest = event.type === "response.create" && event.response?.conversation !== "none";
    if (isRequest) this.responses.create(event);
    else this.transmit(event);
  }

  /** Lets the AI speak first, unless the user was quicker. @param {RealtimeEvent} event a `response.create` */
  greet(event) {
    if (!this.userCame) this.send(event);
  }

  /** Adds a turn in writing: like speech, it interrupts the AI and is answered. @param {import("./messages.js").Message} message */
  say(message) {
    this.userCame = true;
    this.responses.interrupt();
    this.transmitMessage(this.messages.add(message));
    this.responses.create();
  }

  /**
   * Deletes items from the conversation, and says something else, or asks for another answer.
   * @param {string[]} itemIds @param {import("./messages.js").Message | null} message
   */
  revise(itemIds, message) {
    this.userCame = true;
    this.interrupt();
    for (const item_id of itemIds) this.transmit({ type: "conversation.item.delete", item_id });
    if (message) this.say(message);
    else this.responses.create();
  }

  /** Stops the answer that is being generated or heard. */
  interrupt() {
    this.responses.interrupt();
    this.options.onActivity(this.activity);
  }

  /** Begins a turn by hand. */
  beginTurn() {
    this.userCame = true;
    this.turns.begin();
  }

  /**
   * Goes on by another connection: adds the messages that got lost with the one before, or requests the answer that did.
   * @param {RealtimeEvent[]} seeds tell it what was said before @param {boolean} isAnswerDue whether the user waits for one
   */
  goOn(seeds, isAnswerDue) {
    const lost = [...this.messages.unconfirmed.values()];
    for (const event of lost) this.transmitMessage(event);
    if (lost.length || (isAnswerDue && seeds.at(-1)?.item?.role === "user")) this.responses.create();
  }

  /** Forgets what was about to be said: the connection has ended. */
  reset() {
    this.activity.reset();
    this.responses.reset();
  }

  /** @param {RealtimeEvent} event of the service @param {() => void} pass hands it on once who is speaking is known */
  receive(event, pass) {
    this.activity.receive(event);
    pass();
    this.responses.receive(event);
    this.options.onActivity(this.activity);
    this.messages.receive(event);
    if (event.session) this.transcribes = Boolean(event.session.audio?.input?.transcription);
    if (event.type === "input_audio_buffer.speech_started") this.userCame = true;
  }

  /** Sends a message; one that is too long for this connection is not tried again. @param {RealtimeEvent} event */
  transmitMessage(event) {
    if (!this.transmit(event)) this.messages.unconfirmed.delete(event.item.id);
  }

  /** @param {RealtimeEvent} event @returns {boolean} whether it was sent; if not, an error was received instead */
  transmit(event) {
    const isSent = this.options.send(event);
    this.options.onActivity(this.activity);
    return isSent;
  }
}
