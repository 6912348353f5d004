"""Which events of a live call the user should be told about, though the call goes on."""

from collections.abc import Mapping
from typing import Any

from components.call.failure import Failure, failure
from components.conversation.director import ErrorReported
from components.widgets.notification import tell
from components.words.language import Text, sentences
from components.words.page import words

HARMLESS = {
    'response_cancel_not_active',
    'conversation_already_has_active_response',
    'input_audio_buffer_commit_empty',
}
"""Codes of `error` events that only say that a message came too late to matter."""


OF_A_STAGE = {'transcription_failed', 'speech_failed', 'mind_failed', 'synthesiser_missing'}
"""Codes of the engine's own: their message is for the user, and says which stage failed and what to do."""


def show_notice(effect: ErrorReported) -> None:
    """Notify the user of an event of the service, if it says something of use."""
    if trouble := notice(effect.event, words):
        tell(sentences(trouble.sentence, trouble.next_step))


def notice(event: Mapping[str, Any], text: Text) -> Failure | None:
    """Return what to tell the user about an event of the service, or None when there is nothing to tell; in the
    language of `text`.

    An expired session is not told here: it ends the call, and the status line says so.
    """
    error: object = None
    if event.get('type') == 'error':
        error = event.get('error')
    elif event.get('type') == 'response.done':
        error = _at(event, 'response', 'status_details', 'error')
    if not isinstance(error, Mapping):
        return None
    code = str(error.get('code') or error.get('type') or 'unknown')
    message = str(error.get('message') or '')
    if code in OF_A_STAGE and message:
        return Failure(code, text('notices.of_a_stage', message=message), '')
    return None if code in HARMLESS | {'session_expired'} else failure(code, message, text)


def _at(data: object, *path: str) -> object:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data
