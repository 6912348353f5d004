"""Handlers of events about items: their place, their content, their end."""

from components.call.server_events import ItemAdded, ItemCreated, ItemDeleted, ItemDone, ItemRetrieved, ItemTruncated

from .conversation import Conversation, Handlers, Ignored, Touched


def _added(conversation: Conversation, event: ItemAdded) -> Touched:
    item = event.item
    if item.id in conversation.seeded:
        raise Ignored('a copy of a turn of an earlier call')
    draft = conversation.place(item.id, item.speaker, event.previous_item_id)
    conversation.absorb(draft, item)
    return (item.id,)


def _created(conversation: Conversation, event: ItemCreated) -> Touched:
    """Nothing follows when the item is done, so unless it is in progress, it is."""
    touched = _added(conversation, event)
    conversation.drafts[event.item.id].item_done |= event.item.status != 'in_progress'
    return touched


def _done(conversation: Conversation, event: ItemDone) -> Touched:
    """OpenAI's service often names no predecessor here, which leaves the item where it is."""
    touched = _added(conversation, event)
    conversation.drafts[event.item.id].finish(event.item)
    return touched


def _retrieved(conversation: Conversation, event: ItemRetrieved) -> Touched:
    if event.item.id in conversation.seeded:
        raise Ignored('a copy')
    conversation.absorb(conversation.known(event.item.id), event.item)
    return (event.item.id,)


def _truncated(conversation: Conversation, event: ItemTruncated) -> Touched:
    draft = conversation.known(event.item_id)
    draft.cut_off(event.audio_end_ms, conversation.pace)
    return (draft.item_id,)


def _deleted(conversation: Conversation, event: ItemDeleted) -> Touched:
    item_id = conversation.seeded.get(event.item_id, event.item_id)
    conversation.hide(item_id)
    return (item_id,)


HANDLERS: Handlers = {
    ItemAdded: _added,
    ItemCreated: _created,
    ItemDone: _done,
    ItemRetrieved: _retrieved,
    ItemTruncated: _truncated,
    ItemDeleted: _deleted,
}
