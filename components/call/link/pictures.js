/**
 * Pictures are large, so Python gets each of them once: with the event by which its item comes into the conversation.
 * Services need not send a picture back, so what was sent is kept until then.
 */
export class Pictures {
  constructor() {
    /** @type {Map<string, string[]>} by item: the image_url of each content part, empty where there is none */
    this.sent = new Map();
  }

  /**
   * An event as Python gets it.
   * @template T
   * @param {T} event
   * @param {"received" | "sent"} direction
   * @returns {T}
   */
  once(event, direction) {
    const { type, item } = event;
    if (!item?.content?.some((part) => part.type === "input_image")) return event;
    const urls = item.content.map((part) => part.image_url ?? "");
    if (direction === "sent" && item.id) this.sent.set(item.id, urls);
    const arrives = direction === "received" && ARRIVALS.includes(type);
    const kept = this.sent.get(item.id) ?? [];
    if (arrives) this.sent.delete(item.id);
    const content = item.content.map((part, index) =>
      part.type === "input_image" ? { ...part, image_url: arrives ? urls[index] || kept[index] || "" : "" } : part,
    );
    return { ...event, item: { ...item, content } };
  }
}

const ARRIVALS = ["conversation.item.added", "conversation.item.created"];
