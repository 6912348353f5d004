/** A longer event would not reach Python: NiceGUI drops messages of more than a million bytes. */
const LARGEST = 900_000; // bytes
/** The longest text within an event that is too large. */
const LONGEST = 50_000; // characters

/** The events by which an item enters the conversation. */
const ITEM_ADDED = ["conversation.item.added", "conversation.item.created"];

/**
 * Strips the protocol's events for Python, which needs the words but not the weight: sound is removed, and each picture
 * is passed on once, with the event that adds its item to the conversation. Services need not echo a picture, so the
 * URLs that were sent are kept until then.
 */
export class ForwardedEvents {
  constructor() {
    /** @type {Map<string, string[]>} by item id: the image_url of each content part, "" for parts without one */
    this.sentPictures = new Map();
  }

  /**
   * @param {RealtimeEvent} event
   * @param {"received" | "sent"} direction
   * @returns {RealtimeEvent} the event for Python; the original stays as it is
   */
  strip(event, direction) {
    return bounded(this.withPicturesOnce(withoutSound(event), direction));
  }

  /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
  withPicturesOnce(event, direction) {
    /** @type {{ id: string, content?: RealtimeEvent[] } | undefined} */
    const item = event.item;
    if (!Array.isArray(item?.content) || !item.content.some((part) => part?.type === "input_image")) return event;
    const urls = item.content.map((part) => part?.image_url ?? "");
    if (direction === "sent" && item.id) this.sentPictures.set(item.id, urls);
    const isAdded = direction === "received" && ITEM_ADDED.includes(event.type);
    const sent = this.sentPictures.get(item.id) ?? [];
    if (isAdded) this.sentPictures.delete(item.id);
    const content = item.content.map((part, index) =>
      part?.type === "input_image" ? { ...part, image_url: isAdded ? urls[index] || sent[index] || "" : "" } : part,
    );
    return { ...event, item: { ...item, content } };
  }
}

/** Words of several events are joined up to so many characters. */
const LONGEST_JOINED = 2_000;

/** Events that add words to a part of an item. */
const WORDS_ADDED = [
  "response.output_audio_transcript.delta",
  "response.output_text.delta",
  "conversation.item.input_audio_transcription.delta",
];

/**
 * Joins an event that adds words with one that adds words to the same part before it, since Python takes longer over an
 * event than over the words in it.
 * @param {RealtimeEvent} before
 * @param {RealtimeEvent} event
 * @returns {RealtimeEvent | undefined} undefined if they do not belong together
 */
export function joined(before, event) {
  const belong =
    WORDS_ADDED.includes(event.type) &&
    before.type === event.type &&
    before.item_id === event.item_id &&
    before.content_index === event.content_index &&
    before.delta?.length + event.delta?.length <= LONGEST_JOINED;
  return belong ? { ...event, delta: before.delta + event.delta } : undefined;
}

/** @param {RealtimeEvent} event @returns {RealtimeEvent} */
function withoutSound(event) {
  if (event.type === "response.output_audio.delta" || event.type === "response.audio.delta")
    return { ...event, delta: "" };
  if (event.type === "input_audio_buffer.append") return { ...event, audio: "" };
  if (!Array.isArray(event.item?.content)) return event;
  const content = event.item.content.map((/** @type {RealtimeEvent} */ part) =>
    part?.audio ? { ...part, audio: "" } : part,
  );
  return { ...event, item: { ...event.item, content } };
}

/** @param {RealtimeEvent} event @returns {RealtimeEvent} one that can travel: long texts are cut, or a placeholder */
function bounded(event) {
  if (JSON.stringify(event).length * 3 < LARGEST || sizeOf(event) < LARGEST) return event; // a letter has up to 3 bytes
  const cut = shortened(event);
  if (sizeOf(cut) < LARGEST) return cut;
  const { type, event_id, item_id, response_id } = event;
  return { type, event_id, item_id, response_id, placeholder: `The event had ${sizeOf(event)} bytes.` };
}

/** @param {any} value @returns {any} */
function shortened(value) {
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each)]));
}

/** @param {RealtimeEvent} event */
function sizeOf(event) {
  return new TextEncoder().encode(JSON.stringify(event)).length;
}
