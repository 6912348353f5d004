"""Handlers of events about the user's speech: it is heard, it joins the conversation, its words arrive."""

from components.call.items import Speaker
from components.call.server_events import (
    SessionChanged,
    SilenceCommitted,
    SpeechCleared,
    SpeechCommitted,
    SpeechStarted,
    SpeechStopped,
    TranscriptionCompleted,
    TranscriptionDelta,
    TranscriptionFailed,
    TranscriptionRevised,
)

from .conversation import Conversation, Handlers, Ignored, Touched
from .draft import Draft, Words


def _session(conversation: Conversation, event: SessionChanged) -> Touched:
    if event.transcribes is not None:
        conversation.transcribes = event.transcribes
    conversation.silence_ms = event.silence_ms
    return ()


def _started(conversation: Conversation, event: SpeechStarted) -> Touched:
    if event.item_id in conversation.drafts:
        raise Ignored('known already')
    draft = conversation.draft(event.item_id, Speaker.USER)
    draft.spoken, draft.sound_started_at = True, conversation.now
    # there is one microphone: speech without words that was not committed until now will not be
    forgotten = [d.item_id for d in conversation.drafts.values() if d.is_tentative and not d.text]
    forgotten.remove(event.item_id)
    conversation.withdraw(forgotten)
    return event.item_id, *forgotten


def _stopped(conversation: Conversation, event: SpeechStopped) -> Touched:
    """The service says so only after the silence by which it recognises the end."""
    draft = conversation.known(event.item_id)
    if conversation.now is not None:
        draft.sound_ended_at = conversation.now - conversation.silence_ms / 1000
    return (draft.item_id,)


def _committed(conversation: Conversation, event: SpeechCommitted) -> Touched:
    draft = conversation.place(event.item_id, Speaker.USER, event.previous_item_id)
    draft.spoken = draft.committed = True
    if draft.sound_ended_at is None:  # a turn taken by hand
        draft.sound_ended_at = conversation.now
    draft.expect_words(conversation.transcribes)
    return (event.item_id,)


def _cleared(conversation: Conversation, _: SpeechCleared) -> Touched:
    cleared = [d.item_id for d in conversation.drafts.values() if d.is_tentative]
    conversation.withdraw(cleared)
    return cleared


def _silence(conversation: Conversation, event: SilenceCommitted) -> Touched:
    conversation.hide(event.item_id)
    return (event.item_id,)


def _delta(conversation: Conversation, event: TranscriptionDelta) -> Touched:
    _speech(conversation, event.item_id).stream(event.content_index, event.delta)
    return (event.item_id,)


def _revised(conversation: Conversation, event: TranscriptionRevised) -> Touched:
    _speech(conversation, event.item_id).revise(event.content_index, event.transcript)
    return (event.item_id,)


def _completed(conversation: Conversation, event: TranscriptionCompleted) -> Touched:
    draft = _speech(conversation, event.item_id)
    draft.settle(event.content_index, event.transcript)
    draft.words, draft.reason, draft.tokens = Words.COMPLETE, None, event.tokens
    return (event.item_id,)


def _failed(conversation: Conversation, event: TranscriptionFailed) -> Touched:
    draft = _speech(conversation, event.item_id)
    if draft.words is not Words.COMPLETE:
        draft.words, draft.reason = Words.FAILED, event.reason
    return (event.item_id,)


def _speech(conversation: Conversation, item_id: str) -> Draft:
    draft = conversation.draft(item_id, Speaker.USER)
    draft.spoken = True
    return draft


HANDLERS: Handlers = {
    SessionChanged: _session,
    SpeechStarted: _started,
    SpeechStopped: _stopped,
    SpeechCommitted: _committed,
    SpeechCleared: _cleared,
    SilenceCommitted: _silence,
    TranscriptionDelta: _delta,
    TranscriptionRevised: _revised,
    TranscriptionCompleted: _completed,
    TranscriptionFailed: _failed,
}
