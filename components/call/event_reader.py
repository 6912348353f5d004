"""The border: JSON of the service becomes typed server events. Each event is read here once.

Several types on the wire may map to one class: the API's beta and other providers have names of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from .fields import Fields, Malformed
from .items import ARGUMENTS, Speaker, error_text, part_text, read_item
from .server_events import (
    ErrorOccurred,
    ItemAdded,
    ItemCreated,
    ItemDeleted,
    ItemDone,
    ItemRetrieved,
    ItemTruncated,
    OutputDelta,
    OutputDone,
    OutputItemAdded,
    OutputItemDone,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    ServiceError,
    SessionChanged,
    SilenceCommitted,
    SoundCleared,
    SoundStarted,
    SoundStopped,
    SpeechCleared,
    SpeechCommitted,
    SpeechStarted,
    SpeechStopped,
    TranscriptionCompleted,
    TranscriptionDelta,
    TranscriptionFailed,
    TranscriptionRevised,
)


def read_server_event(data: object) -> ServerEvent | None:
    """Read a server event from JSON; None for one that is malformed, or that Parley does not act on."""
    try:
        fields = Fields(data)
        read = READERS.get(fields.text('type'))
        return replace(read(fields), id=fields.text_or_none('event_id')) if read else None
    except Malformed:
        return None


def _error(event: Fields) -> ErrorOccurred:
    if error := _service_error(event):
        return ErrorOccurred(error)
    if message := event.label('error'):
        return ErrorOccurred(ServiceError('unknown_error', message))
    raise Malformed('no error')


def _service_error(parent: Fields) -> ServiceError | None:
    """Read `error`. Some services give codes as numbers."""
    if not parent.is_object('error'):
        return None
    error = parent.child('error')
    code = error.label('code') or error.label('type') or 'unknown'
    return ServiceError(code, error.label('message'), error.label('event_id') or None, error.label('param'))


def _session(event: Fields, *, updated: bool) -> SessionChanged:
    session = event.child('session')
    audio_input = session.child('audio').child('input')
    transcribes = None
    if 'transcription' in audio_input:
        transcribes = not audio_input.is_null('transcription')
    elif 'input_audio_transcription' in session:  # the name in the beta
        transcribes = not session.is_null('input_audio_transcription')
    expires_at = None
    with suppress(Malformed):  # the rest counts all the same
        expires_at = session.whole_or_none('expires_at')
    detection = audio_input.child('turn_detection')
    silence_ms = 0
    with suppress(Malformed):
        if detection.label('type') == 'server_vad':
            silence_ms = detection.whole('silence_duration_ms', 0)
    return SessionChanged(updated, transcribes, expires_at, silence_ms, session.all)


def _transcription(event: Fields, *, final: bool = True) -> TranscriptionCompleted | TranscriptionRevised:
    """Read one that may not be final: xAI's service repeats it with all words so far, `in_progress` or `updated`."""
    item_id, index, transcript = event.id('item_id'), event.whole('content_index', 0), event.text('transcript')
    tokens = event.child('usage').whole_or_none('total_tokens')
    if final and event.text_or_none('status') != 'in_progress':
        return TranscriptionCompleted(item_id, index, transcript, tokens)
    return TranscriptionRevised(item_id, index, transcript)


def _response_created(event: Fields) -> ResponseCreated:
    response = event.child('response')
    out_of_band = 'conversation_id' in response and response.is_null('conversation_id')
    return ResponseCreated(response.id('id'), out_of_band)


def _delta(event: Fields, *, speaker: Speaker, spoken: bool = False) -> OutputDelta:
    return OutputDelta(
        event.text_or_none('response_id'),
        event.id('item_id'),
        event.whole('content_index', ARGUMENTS),
        speaker,
        spoken,
        event.text('delta'),
    )


def _text_done(event: Fields, *, name: str, speaker: Speaker, spoken: bool = False) -> OutputDone:
    return OutputDone(
        event.text_or_none('response_id'),
        event.id('item_id'),
        event.whole('content_index', ARGUMENTS),
        speaker,
        spoken,
        event.text(name),
        event.text_or_none('name'),
    )


def _part_done(event: Fields) -> OutputDone:
    text = part_text(event.child('part'))
    if not text:
        raise Malformed('no text')
    index = event.whole('content_index', 0)
    response_id, item_id = event.text_or_none('response_id'), event.id('item_id')
    return OutputDone(response_id, item_id, index, Speaker.ASSISTANT, spoken=False, text=text, tool=None)


def _response_done(event: Fields) -> ResponseDone:
    response = event.child('response')
    details = response.child('status_details')
    items = []
    for output in response.children('output'):
        with suppress(Malformed):
            items.append(read_item(output))
    return ResponseDone(
        response.text_or_none('id'),
        response.text_or_none('status'),
        error_text(details.child('error')) or details.label('error') or details.label('reason') or None,
        _tokens(response),
        tuple(items),
        _service_error(details),
    )


def _tokens(response: Fields) -> int | None:
    """Return the tokens of a response; some services count them in their own way, which must not hide its end."""
    try:
        return response.child('usage').whole_or_none('output_tokens')
    except Malformed:
        return None


_speech_delta = partial(_delta, speaker=Speaker.ASSISTANT, spoken=True)
_speech_done = partial(_text_done, name='transcript', speaker=Speaker.ASSISTANT, spoken=True)
_text_delta = partial(_delta, speaker=Speaker.ASSISTANT)
_written_done = partial(_text_done, name='text', speaker=Speaker.ASSISTANT)
_arguments_delta = partial(_delta, speaker=Speaker.TOOL)
_arguments_done = partial(_text_done, name='arguments', speaker=Speaker.TOOL)

_TRANSCRIPTION = 'conversation.item.input_audio_transcription'

READERS: dict[str, Callable[[Fields], ServerEvent]] = {
    'error': _error,
    'session.created': partial(_session, updated=False),
    'session.updated': partial(_session, updated=True),
    'input_audio_buffer.speech_started': lambda e: SpeechStarted(e.id('item_id')),
    'input_audio_buffer.speech_stopped': lambda e: SpeechStopped(e.id('item_id')),
    'input_audio_buffer.committed': lambda e: SpeechCommitted(e.id('item_id'), e.text_or_none('previous_item_id')),
    'input_audio_buffer.cleared': lambda _: SpeechCleared(),
    'input_audio_buffer.timeout_triggered': lambda e: SilenceCommitted(e.id('item_id')),
    f'{_TRANSCRIPTION}.delta': lambda e: TranscriptionDelta(
        e.id('item_id'), e.whole('content_index', 0), e.text('delta')
    ),
    f'{_TRANSCRIPTION}.updated': partial(_transcription, final=False),
    f'{_TRANSCRIPTION}.completed': _transcription,
    f'{_TRANSCRIPTION}.failed': lambda e: TranscriptionFailed(
        e.id('item_id'), error_text(e.child('error')), e.child('error').label('code')
    ),
    'conversation.item.added': lambda e: ItemAdded(read_item(e.child('item')), e.text_or_none('previous_item_id')),
    'conversation.item.created': lambda e: ItemCreated(read_item(e.child('item')), e.text_or_none('previous_item_id')),
    'conversation.item.done': lambda e: ItemDone(read_item(e.child('item')), e.text_or_none('previous_item_id')),
    'conversation.item.retrieved': lambda e: ItemRetrieved(read_item(e.child('item'))),
    'conversation.item.truncated': lambda e: ItemTruncated(
        e.id('item_id'), e.whole('content_index', 0), e.whole('audio_end_ms')
    ),
    'conversation.item.deleted': lambda e: ItemDeleted(e.id('item_id')),
    'response.created': _response_created,
    'response.output_item.added': lambda e: OutputItemAdded(e.text_or_none('response_id'), read_item(e.child('item'))),
    'response.output_item.done': lambda e: OutputItemDone(e.text_or_none('response_id'), read_item(e.child('item'))),
    'response.output_audio_transcript.delta': _speech_delta,
    'response.output_audio_transcript.done': _speech_done,
    'response.output_text.delta': _text_delta,
    'response.output_text.done': _written_done,
    'response.function_call_arguments.delta': _arguments_delta,
    'response.function_call_arguments.done': _arguments_done,
    'response.mcp_call_arguments.delta': _arguments_delta,
    'response.mcp_call_arguments.done': _arguments_done,
    'response.content_part.done': _part_done,
    'response.done': _response_done,
    'output_audio_buffer.started': lambda e: SoundStarted(e.id('response_id')),
    'output_audio_buffer.stopped': lambda e: SoundStopped(e.id('response_id')),
    'output_audio_buffer.cleared': lambda e: SoundCleared(e.id('response_id')),
    # names in the beta
    'response.audio_transcript.delta': _speech_delta,
    'response.audio_transcript.done': _speech_done,
    'response.text.delta': _text_delta,
    'response.text.done': _written_done,
}
"""How to read each type of event. A reader raises `Malformed` for one that it cannot read."""
