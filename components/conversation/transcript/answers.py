"""Handlers of events about responses: the words of an answer as they stream, and how the answer ended."""

from contextlib import suppress

from components.call.items import NAME, Speaker
from components.call.server_events import (
    OutputDelta,
    OutputDone,
    OutputItemAdded,
    OutputItemDone,
    ResponseCreated,
    ResponseDone,
    SoundCleared,
    SoundStarted,
    SoundStopped,
)

from .conversation import Conversation, Handlers, Ignored, Touched
from .turn import Status

ENDED_EARLY = {'cancelled': Status.INTERRUPTED, 'incomplete': Status.INTERRUPTED, 'failed': Status.FAILED}


def _created(conversation: Conversation, event: ResponseCreated) -> Touched:
    conversation.response(event.response_id).out_of_band = event.out_of_band
    return ()


def _item_added(conversation: Conversation, event: OutputItemAdded) -> Touched:
    item = event.item
    conversation.absorb(conversation.answer(event.response_id, item.id, item.speaker), item)
    return (item.id,)


def _item_done(conversation: Conversation, event: OutputItemDone) -> Touched:
    touched = _item_added(conversation, event)
    conversation.drafts[event.item.id].finish(event.item)
    return touched


def _delta(conversation: Conversation, event: OutputDelta) -> Touched:
    draft = conversation.answer(event.response_id, event.item_id, event.speaker)
    if draft.status is not Status.OPEN:
        raise Ignored('late')
    draft.spoken |= event.spoken
    draft.stream(event.content_index, event.delta)
    return (draft.item_id,)


def _text_done(conversation: Conversation, event: OutputDone) -> Touched:
    draft = conversation.answer(event.response_id, event.item_id, event.speaker)
    draft.spoken |= event.spoken
    if event.text:  # keep the shown text: an interrupted answer may come back empty
        draft.settle(event.content_index, event.text)
    if event.tool:
        draft.settle(NAME, event.tool)
    return (draft.item_id,)


def _done(conversation: Conversation, event: ResponseDone) -> Touched:
    """If an answer ended early, so did its last item and all that are not done."""
    if event.response_id is None:
        raise Ignored('no response')
    early = ENDED_EARLY.get(event.status or '')
    for item in event.output:
        with suppress(Ignored):
            conversation.absorb(conversation.answer(event.response_id, item.id, item.speaker), item)
    reason = event.reason
    if _needs_mark(conversation, event):
        reason = reason or 'unknown'
        conversation.answer(event.response_id, event.response_id, Speaker.ASSISTANT)
    conversation.response(event.response_id).done = True

    drafts = conversation.answers(event.response_id)
    for draft in drafts:
        if early is None:
            draft.item_done = True
        elif not draft.item_done or draft is drafts[-1]:
            draft.end_early(early, reason)
    if drafts:
        drafts[-1].tokens = event.tokens
    return tuple(draft.item_id for draft in drafts)


def _needs_mark(conversation: Conversation, event: ResponseDone) -> bool:
    """Tell whether an answer ended without a word although the user awaits one: a turn without words shows that."""
    if event.response_id is None or conversation.answers(event.response_id):
        return False
    awaited = event.status != 'cancelled' or event.reason not in {'turn_detected', 'client_cancelled'}
    return awaited and not conversation.response(event.response_id).out_of_band


def _sound_started(conversation: Conversation, event: SoundStarted) -> Touched:
    response = conversation.response(event.response_id)
    drafts = conversation.answers(event.response_id)
    if not response.sound_began:
        response.sound_began, response.began_at = True, conversation.now
        if first := conversation.drafts.get(response.first or ''):
            first.sound_started_at = conversation.now
    return tuple(draft.item_id for draft in drafts)


def _sound_stopped(conversation: Conversation, event: SoundStopped) -> Touched:
    """Measure how fast the voice speaks, since the whole answer was heard."""
    response, drafts = conversation.response(event.response_id), conversation.answers(event.response_id)
    if response.done and not response.played and response.began_at is not None and conversation.now is not None:
        text = ' '.join(draft.text for draft in drafts if draft.spoken)
        conversation.pace = conversation.pace.measured(text, 1000 * (conversation.now - response.began_at))
    if not response.silenced and not response.played:
        conversation.end_sound(drafts, conversation.now)
    response.played = True
    return tuple(draft.item_id for draft in drafts)


def _sound_cleared(conversation: Conversation, event: SoundCleared) -> Touched:
    """The words spoken last were not heard to their end."""
    response, drafts = conversation.response(event.response_id), conversation.answers(event.response_id)
    if response.sounding:
        conversation.end_sound(drafts, conversation.now)
    response.silenced = True
    spoken = [draft for draft in drafts if draft.spoken]
    if spoken and not response.played:
        spoken[-1].end_early(Status.INTERRUPTED)
    return tuple(draft.item_id for draft in drafts)


HANDLERS: Handlers = {
    ResponseCreated: _created,
    OutputItemAdded: _item_added,
    OutputItemDone: _item_done,
    OutputDelta: _delta,
    OutputDone: _text_done,
    ResponseDone: _done,
    SoundStarted: _sound_started,
    SoundStopped: _sound_stopped,
    SoundCleared: _sound_cleared,
}
