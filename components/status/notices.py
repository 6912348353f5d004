"""Notifies the user of errors that a live call survives."""

from components.call.failure import Failure, failure
from components.call.server_events import ServiceError
from components.conversation.director import ErrorReported
from components.widgets.notification import tell
from components.words.language import Text, sentences
from components.words.page import words

HARMLESS = {
    'response_cancel_not_active',
    'conversation_already_has_active_response',
    'input_audio_buffer_commit_empty',
}
"""Codes of errors that only say that a client event came too late to matter."""

OF_A_STAGE = {'transcription_failed', 'speech_failed', 'mind_failed', 'synthesiser_missing'}
"""Codes of the engine's own. Their messages are for the user: they say which stage failed and what to do."""


def show_notice(effect: ErrorReported) -> None:
    """Notify the user of an error, unless it is harmless."""
    if trouble := notice(effect.error, words):
        tell(sentences(trouble.sentence, trouble.next_step))


def notice(error: ServiceError, text: Text) -> Failure | None:
    """Return the notification for an error, in the language of `text`, or None if the user needn't know.

    An expired session is left out: it ends the call, and the status line says so.
    """
    if error.code in OF_A_STAGE and error.message:
        return Failure(error.code, text('notices.of_a_stage', message=error.message), '')
    return None if error.code in HARMLESS | {'session_expired'} else failure(error.code, error.message, text)
