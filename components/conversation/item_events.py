"""What events about items of the conversation tell: their place, their content, their end."""

from .conversation import Conversation, Handlers, Touched
from .wire import Fields, Ignored, read_item


def _added(conversation: Conversation, event: Fields) -> Touched:
    item, previous = read_item(event.child('item')), event.text_or_none('previous_item_id')
    if item.id in conversation.seeded:
        raise Ignored('known from an earlier call')
    draft = conversation.place(item.id, item.speaker, previous)
    conversation.absorb(draft, item)
    return (item.id,)


def _created(conversation: Conversation, event: Fields) -> Touched:
    """The beta's `added`. Nothing follows when the item is done, so unless it is in progress, it is."""
    item = read_item(event.child('item'))
    touched = _added(conversation, event)
    conversation.drafts[item.id].item_done |= item.status != 'in_progress'
    return touched


def _done(conversation: Conversation, event: Fields) -> Touched:
    """OpenAI's service often names no predecessor here, which leaves the item where it is."""
    item = read_item(event.child('item'))
    touched = _added(conversation, event)
    conversation.drafts[item.id].finish(item)
    return touched


def _retrieved(conversation: Conversation, event: Fields) -> Touched:
    item = read_item(event.child('item'))
    conversation.absorb(conversation.known(item.id), item)
    return (item.id,)


def _truncated(conversation: Conversation, event: Fields) -> Touched:
    draft, audio_end_ms = conversation.known(event.id('item_id')), event.whole('audio_end_ms')
    draft.cut_off(audio_end_ms, conversation.pace)
    return (draft.item_id,)


def _deleted(conversation: Conversation, event: Fields) -> Touched:
    item_id = event.id('item_id')
    conversation.hide(item_id)
    return (item_id,)


HANDLERS: Handlers = {
    'conversation.item.added': _added,
    'conversation.item.created': _created,
    'conversation.item.done': _done,
    'conversation.item.retrieved': _retrieved,
    'conversation.item.truncated': _truncated,
    'conversation.item.deleted': _deleted,
}
