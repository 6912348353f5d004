/**
 * @typedef {object} Message A turn in writing.
 * @property {string} text may be empty if there are images
 * @property {string[]} [images] data: URLs
 */

/** The messages of a call, kept until the service confirms them: what got lost with a connection is sent again. */
export class Messages {
  constructor() {
    /** @type {Map<string, RealtimeEvent>} the events that add them, by the ids of their items */
    this.unconfirmed = new Map();
  }

  /** @param {Message} message @returns {RealtimeEvent} adds it to the conversation */
  add(message) {
    const item = itemOf(message);
    const event = { type: "conversation.item.create", item };
    this.unconfirmed.set(item.id, event);
    return event;
  }

  /** @param {RealtimeEvent} event of the service */
  receive({ item }) {
    if (item?.id) this.unconfirmed.delete(item.id);
  }
}

/** @param {Message} message */
function itemOf({ text, images = [] }) {
  /** @type {RealtimeEvent[]} */
  const content = images.map((image_url) => ({ type: "input_image", image_url }));
  if (text) content.push({ type: "input_text", text });
  return { id: newItemId(), type: "message", role: "user", content };
}

/** An id of our own identifies the item before the service confirms it. The service accepts at most 32 characters. */
function newItemId() {
  return `item_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
