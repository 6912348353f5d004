"""What events about the user's speech tell: that it is heard, that it is part of the conversation, its words."""

from functools import partial

from .conversation import Conversation, Handlers, Touched
from .draft import Draft, Words
from .turn import Speaker
from .wire import Fields, Ignored, error_text


def _session(conversation: Conversation, event: Fields) -> Touched:
    session = event.child('session')
    audio_input = session.child('audio').child('input')
    if 'transcription' in audio_input:
        conversation.transcribes = not audio_input.is_null('transcription')
    elif 'input_audio_transcription' in session:  # the name in the beta
        conversation.transcribes = not session.is_null('input_audio_transcription')
    return ()


def _started(conversation: Conversation, event: Fields) -> Touched:
    item_id = event.id('item_id')
    if item_id in conversation.drafts:
        raise Ignored('known already')
    conversation.draft(item_id, Speaker.USER).spoken = True
    # there is one microphone: speech without words that was not committed until now will not be
    forgotten = [d.item_id for d in conversation.drafts.values() if d.is_tentative and not d.text]
    forgotten.remove(item_id)
    conversation.withdraw(forgotten)
    return item_id, *forgotten


def _committed(conversation: Conversation, event: Fields) -> Touched:
    item_id, previous = event.id('item_id'), event.text_or_none('previous_item_id')
    draft = conversation.place(item_id, Speaker.USER, previous)
    draft.spoken = draft.committed = True
    draft.expect_words(conversation.transcribes)
    return (item_id,)


def _cleared(conversation: Conversation, _: Fields) -> Touched:
    cleared = [d.item_id for d in conversation.drafts.values() if d.is_tentative]
    conversation.withdraw(cleared)
    return cleared


def _silence(conversation: Conversation, event: Fields) -> Touched:
    """The idle timeout puts an item of the user into the conversation although nobody spoke."""
    item_id = event.id('item_id')
    conversation.hide(item_id)
    return (item_id,)


def _delta(conversation: Conversation, event: Fields) -> Touched:
    index, delta = event.whole('content_index', 0), event.text('delta')
    draft = _speech(conversation, event)
    draft.stream(index, delta)
    return (draft.item_id,)


def _completed(conversation: Conversation, event: Fields, *, final: bool = True) -> Touched:
    """All words. xAI's service repeats this with all words so far, marked as in progress or called `updated`."""
    index, transcript = event.whole('content_index', 0), event.text('transcript')
    tokens = event.child('usage').whole_or_none('total_tokens')
    final = final and event.text_or_none('status') != 'in_progress'
    draft = _speech(conversation, event)
    if final:
        draft.settle(index, transcript)
        draft.words, draft.reason, draft.tokens = Words.COMPLETE, None, tokens
    else:
        draft.revise(index, transcript)
    return (draft.item_id,)


def _failed(conversation: Conversation, event: Fields) -> Touched:
    reason = error_text(event.child('error'))
    draft = _speech(conversation, event)
    if draft.words is not Words.COMPLETE:
        draft.words, draft.reason = Words.FAILED, reason
    return (draft.item_id,)


def _speech(conversation: Conversation, event: Fields) -> Draft:
    draft = conversation.draft(event.id('item_id'), Speaker.USER)
    draft.spoken = True
    return draft


TRANSCRIPTION = 'conversation.item.input_audio_transcription'
HANDLERS: Handlers = {
    'session.created': _session,
    'session.updated': _session,
    'input_audio_buffer.speech_started': _started,
    'input_audio_buffer.committed': _committed,
    'input_audio_buffer.cleared': _cleared,
    'input_audio_buffer.timeout_triggered': _silence,
    f'{TRANSCRIPTION}.delta': _delta,
    f'{TRANSCRIPTION}.updated': partial(_completed, final=False),
    f'{TRANSCRIPTION}.completed': _completed,
    f'{TRANSCRIPTION}.failed': _failed,
}
