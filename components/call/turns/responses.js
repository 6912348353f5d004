import { isOutOfBand } from "./activity.js";

/** How the service refuses a second response while one is being generated. */
const ALREADY_ACTIVE = "conversation_already_has_active_response";
/** How the service refuses to commit a buffer without sound. */
const NOTHING_COMMITTED = "input_audio_buffer_commit_empty";
/** Codes of errors that are never about a request. */
const UNRELATED = /^item_|^response_cancel_not_active$|^input_audio_buffer_/;
/** A request that the service has not answered for so long is lost, so that the next one need not wait for it. */
const LOST_AFTER_MS = 10_000;
const TRANSCRIPTION = "conversation.item.input_audio_transcription";

/** @typedef {{ event: object, repeated: boolean }} Request fields of `response.create`, and whether it was refused before */

/**
 * Sequences the requests for responses. A conversation generates one response at a time, and the service refuses a
 * second one instead of queueing it; it may also begin responses of its own after the user spoke.
 *
 * Pure: it takes the service's events, and calls `send` with events for the service.
 */
export class Responses {
  /**
   * @param {(event: RealtimeEvent) => void} send
   * @param {import("./activity.js").Activity} activity receives every event before this does
   * @param {() => number} [now] a clock in milliseconds
   */
  constructor(send, activity, now = () => performance.now()) {
    this.send = send;
    this.now = now;
    this.activity = activity;
    /** @type {"idle" | "requested" | "active"} */
    this.state = "idle";
    /** @type {Request | null} sent as soon as the conversation is idle */
    this.waiting = null;
    /** @type {Request & { id: string } | null} the newest one that was sent, unless it was refused */
    this.request = null;
    this.requests = 0;
    this.requestedAt = 0; // by the clock
    this.interrupted = false; // whether the response that is active or requested was stopped
    /** @type {{ itemId: string | null } | null} speech whose transcript decides whether a response is requested */
    this.speech = null;
    this.commits = 0; // that the service has not answered
  }

  /**
   * Requests a response: now, or as soon as the active one is done.
   * @param {object} [event] other fields of `response.create`
   */
  create(event = {}) {
    this.speech = null;
    this.waiting = { event, repeated: false };
    this.giveUpLostRequest();
    this.proceed();
  }

  /** Requests a response to speech that was committed just now, as soon as its transcript shows that it has words. */
  createIfWords() {
    this.speech = { itemId: null };
    this.commits++;
  }

  /** Stops the response that is being generated or heard, and whatever was to follow it. */
  interrupt() {
    const { hasSound, aside } = this.activity;
    const cancel = this.state === "active" && !this.interrupted;
    this.waiting = this.speech = null;
    this.interrupted = this.state !== "idle"; // one that was only requested is cancelled when it begins
    this.activity.interrupt();
    if (cancel) this.send({ type: "response.cancel" });
    for (const response_id of aside) this.send({ type: "response.cancel", response_id });
    if (hasSound) this.send({ type: "output_audio_buffer.clear" });
  }

  /** Forgets everything: the connection is lost, and the next one knows of no response. */
  reset() {
    this.state = "idle";
    this.waiting = this.request = this.speech = null;
    this.interrupted = false;
    this.commits = 0;
  }

  /** @param {RealtimeEvent} event from the service */
  receive({ type, response, error, item_id, transcript }) {
    this.giveUpLostRequest();
    if (type === "response.created" && response) this.begin(response);
    else if (type === "response.done" && response && !isOutOfBand(response)) this.rest();
    else if (type === "input_audio_buffer.committed") this.noteSpeech(item_id);
    else if (type === `${TRANSCRIPTION}.completed`) this.decide(item_id, Boolean(transcript?.trim()));
    else if (type === `${TRANSCRIPTION}.failed`) this.decide(item_id, true); // the answer says why
    else if (type === "error" && error?.code === NOTHING_COMMITTED) this.noteSpeech(null);
    else if (type === "error" && error) this.refuse(error);
  }

  /** The service has answered a commit. @param {string | null} itemId of the speech, null if there was no sound */
  noteSpeech(itemId) {
    if (!this.commits || --this.commits || !this.speech) return;
    this.speech.itemId = itemId;
    if (!itemId) this.decide(null, false);
  }

  /** @param {string | null} itemId of the user's speech @param {boolean} hasWords */
  decide(itemId, hasWords) {
    if (!this.speech || this.speech.itemId !== itemId) return;
    this.speech = null;
    if (hasWords) this.create();
    else this.activity.answerDue = false;
  }

  /** @param {{ conversation_id?: string | null }} response */
  begin(response) {
    if (isOutOfBand(response)) return;
    this.state = "active";
    if (!this.interrupted) return;
    const { waiting } = this;
    this.interrupted = false;
    this.interrupt();
    this.waiting = waiting; // requested after the interruption
  }

  /**
   * Repeats a refused request once: a response of the service's own may have begun while the request was on its way. An
   * error that does not say what it is about counts as a refusal while a request is on its way.
   * @param {{ code?: string, event_id?: string | null }} error
   */
  refuse({ code, event_id }) {
    const { request } = this;
    const isOurs = event_id ? event_id === request?.id : this.state === "requested";
    if (!request || !isOurs || (!event_id && UNRELATED.test(code ?? ""))) return;
    this.request = null;
    if (code === ALREADY_ACTIVE) {
      if (!this.interrupted && !request.repeated) this.waiting ??= { event: request.event, repeated: true };
      if (this.state === "requested") this.state = "active"; // its `response.created` is still on the way
      this.proceed();
    } else if (this.state === "requested") {
      this.rest();
    }
  }

  giveUpLostRequest() {
    if (this.state === "requested" && this.now() - this.requestedAt > LOST_AFTER_MS) this.rest();
  }

  rest() {
    this.state = "idle";
    this.interrupted = false;
    this.proceed();
  }

  proceed() {
    if (this.state !== "idle" || !this.waiting) return;
    const id = `ask_${++this.requests}`;
    this.request = { ...this.waiting, id };
    this.waiting = null;
    this.state = "requested";
    this.requestedAt = this.now();
    this.send({ ...this.request.event, type: "response.create", event_id: id });
  }
}
