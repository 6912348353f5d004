"""What events about responses tell: the words of an answer as they are made, and how the answer ended."""

from contextlib import suppress
from functools import partial

from .conversation import Conversation, Handlers, Touched
from .turn import Speaker, Status
from .wire import ARGUMENTS, NAME, Fields, Ignored, error_text, part_text, read_item

ENDED_EARLY = {'cancelled': Status.INTERRUPTED, 'incomplete': Status.INTERRUPTED, 'failed': Status.FAILED}


def _created(conversation: Conversation, event: Fields) -> Touched:
    response = event.child('response')
    aside = 'conversation_id' in response and response.is_null('conversation_id')
    conversation.response(response.id('id')).aside = aside
    return ()


def _output_item(conversation: Conversation, event: Fields, *, done: bool) -> Touched:
    item = read_item(event.child('item'))
    draft = conversation.answer(event.text_or_none('response_id'), item.id, item.speaker)
    conversation.absorb(draft, item)
    if done:
        draft.finish(item)
    return (item.id,)


def _delta(conversation: Conversation, event: Fields, *, speaker: Speaker, spoken: bool = False) -> Touched:
    index, delta = event.whole('content_index', ARGUMENTS), event.text('delta')
    draft = conversation.answer(event.text_or_none('response_id'), event.id('item_id'), speaker)
    if draft.status is not Status.OPEN:
        raise Ignored('late')
    draft.spoken |= spoken
    draft.stream(index, delta)
    return (draft.item_id,)


def _text_done(
    conversation: Conversation, event: Fields, *, name: str, speaker: Speaker, spoken: bool = False
) -> Touched:
    index, text, tool = event.whole('content_index', ARGUMENTS), event.text(name), event.text_or_none('name')
    draft = conversation.answer(event.text_or_none('response_id'), event.id('item_id'), speaker)
    draft.spoken |= spoken
    if text:  # what was shown is never erased: an interrupted answer may come back empty
        draft.settle(index, text)
    if tool:
        draft.settle(NAME, tool)
    return (draft.item_id,)


def _part_done(conversation: Conversation, event: Fields) -> Touched:
    index, text = event.whole('content_index', 0), part_text(event.child('part'))
    if not text:
        raise Ignored('no text')
    draft = conversation.answer(event.text_or_none('response_id'), event.id('item_id'), Speaker.ASSISTANT)
    draft.settle(index, text)
    return (draft.item_id,)


def _done(conversation: Conversation, event: Fields) -> Touched:
    """The end of an answer. If it ended early, so did its last item and all that are not done."""
    body = event.child('response')
    response_id = body.id('id')
    early = ENDED_EARLY.get(body.text_or_none('status') or '')
    details = body.child('status_details')
    reason = error_text(details.child('error')) or details.text_or_none('reason')
    tokens = body.child('usage').whole_or_none('output_tokens')
    for output in body.children('output'):
        with suppress(Ignored):
            item = read_item(output)
            conversation.absorb(conversation.answer(response_id, item.id, item.speaker), item)
    conversation.response(response_id).done = True

    drafts = conversation.answers(response_id)
    for draft in drafts:
        if early is None:
            draft.item_done = True
        elif not draft.item_done or draft is drafts[-1]:
            draft.end_early(early, reason)
    if drafts:
        drafts[-1].tokens = tokens
    return tuple(draft.item_id for draft in drafts)


def _sound_started(conversation: Conversation, event: Fields) -> Touched:
    response_id = event.id('response_id')
    response = conversation.response(response_id)
    if not response.sound_began:
        response.sound_began, response.began_at = True, conversation.now
    return tuple(draft.item_id for draft in conversation.answers(response_id))


def _sound_stopped(conversation: Conversation, event: Fields) -> Touched:
    """All was heard, which tells how fast the voice speaks."""
    response_id = event.id('response_id')
    response, drafts = conversation.response(response_id), conversation.answers(response_id)
    if response.done and not response.played and response.began_at is not None and conversation.now is not None:
        text = ' '.join(draft.text for draft in drafts if draft.spoken)
        conversation.pace = conversation.pace.measured(text, 1000 * (conversation.now - response.began_at))
    response.played = True
    return tuple(draft.item_id for draft in drafts)


def _sound_cleared(conversation: Conversation, event: Fields) -> Touched:
    """The rest of the sound was thrown away: what was spoken last was not heard to its end."""
    response_id = event.id('response_id')
    response, drafts = conversation.response(response_id), conversation.answers(response_id)
    response.silenced = True
    spoken = [draft for draft in drafts if draft.spoken]
    if spoken and not response.played:
        spoken[-1].end_early(Status.INTERRUPTED)
    return tuple(draft.item_id for draft in drafts)


_speech_delta = partial(_delta, speaker=Speaker.ASSISTANT, spoken=True)
_speech_done = partial(_text_done, name='transcript', speaker=Speaker.ASSISTANT, spoken=True)
_writing_delta = partial(_delta, speaker=Speaker.ASSISTANT)
_writing_done = partial(_text_done, name='text', speaker=Speaker.ASSISTANT)
_arguments_delta = partial(_delta, speaker=Speaker.TOOL)
_arguments_done = partial(_text_done, name='arguments', speaker=Speaker.TOOL)

HANDLERS: Handlers = {
    'response.created': _created,
    'response.output_item.added': partial(_output_item, done=False),
    'response.output_item.done': partial(_output_item, done=True),
    'response.output_audio_transcript.delta': _speech_delta,
    'response.output_audio_transcript.done': _speech_done,
    'response.output_text.delta': _writing_delta,
    'response.output_text.done': _writing_done,
    'response.function_call_arguments.delta': _arguments_delta,
    'response.function_call_arguments.done': _arguments_done,
    'response.mcp_call_arguments.delta': _arguments_delta,
    'response.mcp_call_arguments.done': _arguments_done,
    'response.content_part.done': _part_done,
    'response.done': _done,
    'output_audio_buffer.started': _sound_started,
    'output_audio_buffer.stopped': _sound_stopped,
    'output_audio_buffer.cleared': _sound_cleared,
    # names in the beta
    'response.audio_transcript.delta': _speech_delta,
    'response.audio_transcript.done': _speech_done,
    'response.text.delta': _writing_delta,
    'response.text.done': _writing_done,
}
