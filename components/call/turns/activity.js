/** @typedef {"listening" | "hearing" | "thinking" | "speaking"} Activity what is going on in a live call */

/** @type {Record<string, Activity>} */
const AFTER = {
  "input_audio_buffer.speech_started": "hearing",
  "input_audio_buffer.committed": "thinking",
  "input_audio_buffer.cleared": "listening",
  "response.created": "thinking",
  "output_audio_buffer.started": "speaking",
  "output_audio_buffer.stopped": "listening",
  "output_audio_buffer.cleared": "listening",
};

/**
 * @param {Activity} activity
 * @param {{ type: string, response?: any }} event
 * @returns {Activity}
 */
export function activityAfter(activity, event) {
  // generation outruns playback: an answer that sounds ends with its buffer, one without sound with its response
  if (event.type === "response.done") return activity === "thinking" && !hasSound(event) ? "listening" : activity;
  // the cleared sound of an interruption must not hide the voice that interrupts
  if (event.type === "output_audio_buffer.cleared" && activity === "hearing") return activity;
  return AFTER[event.type] ?? activity;
}

function hasSound({ response }) {
  return response?.status === "completed" && response.output_modalities?.includes("audio");
}

/**
 * An event as Python gets it: words, never samples.
 * @template T
 * @param {T} event
 * @returns {T}
 */
export function withoutSound(event) {
  if (event.type === "response.output_audio.delta" || event.type === "response.audio.delta")
    return { ...event, delta: "" };
  if (event.type === "input_audio_buffer.append") return { ...event, audio: "" };
  if (!event.item?.content) return event;
  const content = event.item.content.map((part) => (part.audio ? { ...part, audio: "" } : part));
  return { ...event, item: { ...event.item, content } };
}
