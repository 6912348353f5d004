/** How the service refuses a second response while one is being made. */
const ALREADY_ACTIVE = "conversation_already_has_active_response";
const SOUND_ENDS = ["output_audio_buffer.stopped", "output_audio_buffer.cleared"];

/** @typedef {{ options: object, repeated: boolean }} Question what to send, and whether it was refused before */

/**
 * The only one who asks for answers: a conversation can make just one response at a time, and the service refuses
 * another one instead of letting it wait. The service may begin responses by itself, too, when somebody has spoken.
 *
 * Pure: it takes what the service sends, and calls `send` with what the service shall get.
 */
export class Responses {
  /** @param {(event: object) => void} send */
  constructor(send) {
    this.send = send;
    /** @type {"idle" | "asked" | "active"} what the conversation is doing, as far as we were told */
    this.state = "idle";
    /** @type {Question | null} what to ask as soon as the conversation is idle */
    this.wanted = null;
    /** @type {Question & { id: string } | null} what was asked last, unless it was refused */
    this.question = null;
    this.questions = 0;
    this.interrupted = false; // whether the response that is active or asked for was given up
    /** @type {Map<string, boolean>} responses that may be heard, and whether their sound has started */
    this.audible = new Map();
  }

  /**
   * Asks for an answer: now, or as soon as the one that is being made is done.
   * @param {object} [options] other fields of `response.create`
   */
  ask(options = {}) {
    this.wanted = { options, repeated: false };
    this.proceed();
  }

  /** Stops the answer that is being made or heard, and whatever was to follow it. */
  interrupt() {
    this.wanted = null;
    if (this.state === "active" && !this.interrupted) this.send({ type: "response.cancel" });
    this.interrupted = this.state !== "idle"; // one that was only asked for is cancelled when it begins
    if (!this.audible.size) return;
    this.send({ type: "output_audio_buffer.clear" });
    this.audible.clear();
  }

  /** @param {{ type: string, response?: any, response_id?: string, error?: any }} event an event of the service */
  receive({ type, response, response_id, error }) {
    if (type === "response.created" && response) this.begin(response);
    else if (type === "response.done" && response) this.end(response);
    else if (type === "output_audio_buffer.started") this.audible.set(response_id, true);
    else if (SOUND_ENDS.includes(type)) this.audible.delete(response_id);
    else if (type === "error" && error) this.refuse(error);
  }

  begin(response) {
    if (response.output_modalities?.includes("audio") ?? true) this.audible.set(response.id, false);
    if (isAside(response)) return;
    this.state = "active";
    if (!this.interrupted) return;
    const { wanted } = this;
    this.interrupted = false;
    this.interrupt();
    this.wanted = wanted; // what was asked for since
  }

  end(response) {
    if (!this.audible.get(response.id) && !hasSound(response)) this.audible.delete(response.id);
    if (isAside(response)) return;
    this.rest();
  }

  /** A response of the service's own may have begun while our question was on its way: then it is asked again, once. */
  refuse(error) {
    const ours = this.question && (error.event_id ? error.event_id === this.question.id : this.state === "asked");
    if (!ours || (!error.event_id && error.code !== ALREADY_ACTIVE)) return;
    const { options, repeated } = this.question;
    this.question = null;
    if (error.code === ALREADY_ACTIVE) {
      if (!this.interrupted && !repeated) this.wanted ??= { options, repeated: true };
      if (this.state === "asked") this.state = "active"; // it began before we were told
      this.proceed();
    } else if (this.state === "asked") {
      this.rest();
    }
  }

  rest() {
    this.state = "idle";
    this.interrupted = false;
    this.proceed();
  }

  proceed() {
    if (this.state !== "idle" || !this.wanted) return;
    const id = `ask_${++this.questions}`;
    const question = { ...this.wanted, id };
    Object.assign(this, { state: "asked", wanted: null, question });
    this.send({ ...question.options, type: "response.create", event_id: id });
  }
}

/** Outside of the conversation, so it may run beside others. */
function isAside({ conversation_id }) {
  return conversation_id === null;
}

/** Generation outruns playback: a response may be done before its sound starts. */
function hasSound({ output }) {
  return (output ?? []).some(({ content }) => content?.some(({ type }) => type === "output_audio"));
}
