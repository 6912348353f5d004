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
    return this.withPicturesOnce(withoutSound(event), direction);
  }

  /** @param {RealtimeEvent} event @param {"received" | "sent"} direction */
  withPicturesOnce(event, direction) {
    /** @type {{ id: string, content?: RealtimeEvent[] } | undefined} */
    const item = event.item;
    if (!item?.content?.some((part) => part.type === "input_image")) return event;
    const urls = item.content.map((part) => part.image_url ?? "");
    if (direction === "sent" && item.id) this.sentPictures.set(item.id, urls);
    const isAdded = direction === "received" && ITEM_ADDED.includes(event.type);
    const sent = this.sentPictures.get(item.id) ?? [];
    if (isAdded) this.sentPictures.delete(item.id);
    const content = item.content.map((part, index) =>
      part.type === "input_image" ? { ...part, image_url: isAdded ? urls[index] || sent[index] || "" : "" } : part,
    );
    return { ...event, item: { ...item, content } };
  }
}

/** @param {RealtimeEvent} event @returns {RealtimeEvent} */
function withoutSound(event) {
  if (event.type === "response.output_audio.delta" || event.type === "response.audio.delta")
    return { ...event, delta: "" };
  if (event.type === "input_audio_buffer.append") return { ...event, audio: "" };
  if (!event.item?.content) return event;
  const content = event.item.content.map((/** @type {RealtimeEvent} */ part) =>
    part.audio ? { ...part, audio: "" } : part,
  );
  return { ...event, item: { ...event.item, content } };
}
