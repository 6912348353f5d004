"""Notifies the user of what goes wrong in a call that goes on. A running call is never told to call again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.call.failure import Failure, in_words
from components.call.reports import EventRecord
from components.call.server_events import (
    OutputDelta,
    OutputItemAdded,
    ResponseCreated,
    ResponseDone,
    ServiceError,
    SessionChanged,
    SpeechCommitted,
    SpeechStarted,
    TranscriptionFailed,
)
from components.providers.profile import PROFILES
from components.settings.agreement import UPDATE_PREFIX
from components.settings.settings import Settings
from components.words.endings import HARMLESS, REASONS, known_code
from components.words.language import ENGLISH, Text

NOTICES = frozenset(ENGLISH.section('notices')) - {'of_a_stage', 'words_missing_here'}
"""The codes of notices that have texts."""

OF_A_STAGE = frozenset({'transcription_failed', 'speech_failed', 'mind_failed', 'synthesiser_missing'})
"""Codes of the engine's own. Their messages are for the user: they say which stage failed and what to do."""

UNINTELLIGIBLE = 'audio_unintelligible'
"""How OpenAI says that one turn held no words; the turn shows it."""


class Notices:
    """Decides which events of one page's calls need a notice. Pure: events go in, notices come out.

    Every answer that ends without a word gets a notice. One that repeats at every turn is given once in a call.
    """

    def __init__(self, text: Text) -> None:
        """Start without a call.

        :param text: returns the texts of the page
        """
        self._words = text
        self.begin_call()

    def begin_call(self) -> None:
        """Forget the call before."""
        self._told: set[str] = set()  # the notices that are given once
        self._transcribes: bool | None = None
        self._stopped = False  # whether the user has stopped the answer
        self._answered: set[str | None] = set()  # the responses that have brought forth anything
        self._aside: set[str | None] = set()  # the responses outside of the conversation, for which nobody waits

    def hear(self, records: Sequence[EventRecord], settings: Settings) -> list[Failure]:
        """Take the events of a call that has these settings, and return what the user should know about them."""
        found = [self._hear(record, settings) for record in records]
        return [notice for notice in found if notice]

    def error(self, error: ServiceError) -> Failure | None:
        """Return the notice for an error, or None if the user needn't know.

        An expired session is left out: it ends the call, and the status line says so. So is a refusal of Parley's own
        attempt to restore a session.
        """
        if (error.event_id or '').startswith(UPDATE_PREFIX):
            return None
        if error.code in OF_A_STAGE and error.message:
            return self._of_a_stage(error.code, error.message)
        code = known_code(error.code, message=error.message) or error.code
        return None if code in HARMLESS | {'session_expired'} else self._notice(code, error.message)

    def _hear(self, record: EventRecord, settings: Settings) -> Failure | None:
        if record.json.get('type') == 'response.cancel':
            self._stopped = True
        match record.event:
            case SessionChanged(transcribes=bool(transcribes)):
                self._transcribes = transcribes
            case SpeechStarted():
                self._stopped = True
            case SpeechCommitted() if self._transcribes is False and settings.transcription:
                return self._words_missing('', settings)
            case TranscriptionFailed(reason=reason, code=code) if code != UNINTELLIGIBLE:
                if code in OF_A_STAGE and reason:
                    return self._once('words_missing', self._of_a_stage(code, reason))
                return self._words_missing(reason or '', settings)
            case ResponseCreated(response_id=id, out_of_band=out_of_band):
                self._stopped = False
                if out_of_band:
                    self._aside.add(id)
            case OutputItemAdded(response_id=id) | OutputDelta(response_id=id):
                self._answered.add(id)
            case ResponseDone() as done:
                return self._ended(done)
        return None

    def _ended(self, done: ResponseDone) -> Failure | None:
        """Return the notice for an answer that ended early or without anything, unless an error says it."""
        id = done.response_id
        answered = bool(done.output or {id, None} & self._answered)
        aside = id in self._aside
        self._answered -= {id, None}
        self._aside.discard(id)
        if done.error or aside:
            return None
        reason = done.reason or ''
        match done.status:
            case 'failed':
                return self._notice(known_code(message=reason) or 'answer_failed', reason)
            case 'incomplete' if reason == 'max_output_tokens':
                return self._once(reason, self._notice(reason))
            case 'incomplete' | 'cancelled' if reason in REASONS:
                return self._notice(REASONS[reason]) if REASONS[reason] else None
            case 'incomplete':
                return self._notice(known_code(message=reason) or 'answer_stopped', reason)
            case 'cancelled' if not self._stopped and not answered:
                return self._notice('answer_stopped', reason)
            case 'completed' if not answered:
                return self._notice('answer_empty')
        return None

    def _words_missing(self, reason: str, settings: Settings) -> Failure | None:
        """Return the notice for a call whose speech is not written down, with a cure that this provider has."""
        notice = self._notice('words_missing', reason)
        if variable := PROFILES[settings.provider].variables.get('transcription_model'):
            notice = replace(notice, next_step=self._words('notices.words_missing_here.next_step', variable=variable))
        return self._once('words_missing', notice)

    def _once(self, code: str, notice: Failure) -> Failure | None:
        if code in self._told:
            return None
        self._told.add(code)
        return notice

    def _of_a_stage(self, code: str, message: str) -> Failure:
        return Failure(code, self._words('notices.of_a_stage', message=message), '')

    def _notice(self, code: str, message: str = '') -> Failure:
        return in_words(code, message, 'notices', code if code in NOTICES else 'unknown', self._words)
