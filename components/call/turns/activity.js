/** @typedef {"listening" | "hearing" | "thinking" | "speaking"} ActivityName */

/**
 * Tells from the service's events which side of a live call speaks. This is the one place that decides whether the AI
 * speaks or is about to; status line, stop button and interruption read it. With the relay, `Playback` makes the same
 * `output_audio_buffer.*` events from what the browser really plays.
 *
 * Pure: it knows events, but neither clock nor network.
 */
export class Activity {
  constructor() {
    this.userSpeaks = false; // as far as turn detection noticed
    this.answerDue = false; // the user's turn is over, or a tool is running, and no response has begun
    /** @type {Set<string>} responses of the conversation that are being generated */
    this.generating = new Set();
    /** @type {Set<string>} responses outside of the conversation that are being generated */
    this.aside = new Set();
    /** @type {Map<string, boolean>} responses that can be heard: whether their sound has started */
    this.audible = new Map();
  }

  /** @returns {ActivityName} */
  get name() {
    if (this.userSpeaks) return "hearing";
    if (this.isSpeaking) return "speaking";
    return this.answerDue || this.generating.size || this.audible.size ? "thinking" : "listening";
  }

  /** Whether the AI's voice sounds right now. */
  get isSpeaking() {
    return [...this.audible.values()].includes(true);
  }

  /** Whether there is sound to stop: it is playing, or about to. */
  get hasSound() {
    return this.audible.size > 0;
  }

  /** Whether there is an answer to stop: one that sounds, or one that is on its way. */
  get isAnswering() {
    return this.name === "thinking" || this.name === "speaking";
  }

  /** @param {RealtimeEvent} event from the service */
  receive(event) {
    HANDLERS[event.type]?.(this, event);
  }

  /** Forgets everything: the connection is lost, so no more events follow. */
  reset() {
    this.userSpeaks = false;
    this.interrupt();
  }

  /** Takes note that the user stopped the answer; the service's own events about it follow later. */
  interrupt() {
    this.answerDue = false;
    this.generating.clear();
    this.aside = new Set(); // whoever is about to cancel them has the former one
    this.audible.clear();
  }
}

/** @type {Record<string, (activity: Activity, event: any) => void>} */
const HANDLERS = {
  "input_audio_buffer.speech_started"(activity) {
    activity.userSpeaks = true;
    activity.answerDue = false;
  },
  "input_audio_buffer.committed"(activity) {
    activity.userSpeaks = false;
    activity.answerDue = true;
  },
  "input_audio_buffer.cleared"(activity) {
    activity.userSpeaks = activity.answerDue = false;
  },
  "response.created"(activity, { response }) {
    if (!response) return;
    if (response.output_modalities?.includes("audio") ?? true) activity.audible.set(response.id, false);
    if (isOutOfBand(response)) return void activity.aside.add(response.id);
    activity.userSpeaks = activity.answerDue = false;
    activity.generating.add(response.id);
  },
  // generation outruns playback: a response may be done before its sound starts
  "response.done"(activity, { response }) {
    if (!response) return;
    const { id, status, output = [] } = response;
    activity.generating.delete(id);
    activity.aside.delete(id);
    const stopped = status === "cancelled" || status === "failed";
    if (!activity.audible.get(id) && (stopped || !containsSound(output))) activity.audible.delete(id);
    if (!stopped && !isOutOfBand(response)) activity.answerDue ||= callsFunction(output);
  },
  "output_audio_buffer.started"(activity, { response_id }) {
    activity.userSpeaks = false;
    activity.audible.set(response_id, true);
  },
  "output_audio_buffer.stopped"(activity, { response_id }) {
    activity.audible.delete(response_id);
  },
  "output_audio_buffer.cleared"(activity, { response_id }) {
    activity.audible.delete(response_id);
  },
};

/**
 * Whether a response is outside of the conversation, so that it may run beside others.
 * @param {{ conversation_id?: string | null }} response
 */
export function isOutOfBand({ conversation_id }) {
  return conversation_id === null;
}

/** @param {RealtimeEvent[]} output items of a response */
function containsSound(output) {
  return output.some(({ content }) => content?.some((/** @type {RealtimeEvent} */ { type }) => type === "output_audio"));
}

/** @param {RealtimeEvent[]} output items of a response */
function callsFunction(output) {
  return output.some(({ type }) => type === "function_call");
}
