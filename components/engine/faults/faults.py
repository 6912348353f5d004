"""What is to go wrong on purpose, so that one can see how a client bears it. Only where an engine has `faults`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from components.engine.call import Limits
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.fields import Fields

PLACES = ('client_secrets', 'calls', 'socket')


@dataclass(frozen=True)
class Blow:
    """What happens at once to all calls that are live: an `error` event, the end of their time, a dead network."""

    error: RealtimeError | None
    expire: bool
    drop_network: bool


@dataclass
class _Failure:
    """Something fails with `error`, so many `times` more."""

    error: RealtimeError
    times: int

    def strike(self) -> None:
        if self.times:
            self.times -= 1
            raise self.error


class Faults:
    """The faults of one engine. They hold until they have happened as often as planned, or are cleared.

    `plan` takes them from a client as JSON, in milliseconds; everything is optional:

        {"refuse": {"at": "calls", "status": 429, "code": ..., "message": ..., "times": 1},
         "fail_answer": {"code": ..., "message": ..., "times": 1}, "delay_answer_ms": 3000,
         "fail_transcription": {"code": ..., "message": ..., "times": 1}, "delay_transcription_ms": 3000,
         "session_ms": 5000,
         "error": {"code": ..., "message": ...}, "expire": true, "drop_network": true}

    What is refused is `at` one of the `PLACES`. `session_ms` is how long new calls may last. The last three happen at
    once, to all live calls.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._refusals: dict[str, _Failure] = {}
        self._answers: _Failure | None = None
        self._transcripts: _Failure | None = None
        self._answer_delay_ms = 0
        self._transcript_delay_ms = 0
        self._session_ms: int | None = None

    def plan(self, given: Fields) -> Blow:
        """Take over what is given, or nothing of it. Raises `RealtimeError`."""
        refusals = given.part('refuse', self._refusals, lambda refusal: {**self._refusals, **_read_refusal(refusal)})
        answers = given.part('fail_answer', self._answers, _read_failure)
        transcripts = given.part('fail_transcription', self._transcripts, _read_failure)
        answer_delay_ms = given.integer('delay_answer_ms', self._answer_delay_ms)
        transcript_delay_ms = given.integer('delay_transcription_ms', self._transcript_delay_ms)
        session_ms = given.integer('session_ms') if given.has('session_ms') else self._session_ms
        blow = Blow(
            given.part('error', None, _read_error),
            given.flag('expire', False),
            given.flag('drop_network', False),
        )
        given.finish()
        self._refusals, self._answers, self._transcripts = refusals, answers, transcripts
        self._answer_delay_ms, self._transcript_delay_ms = answer_delay_ms, transcript_delay_ms
        self._session_ms = session_ms
        return blow

    def enter(self, place: str) -> None:
        """Somebody asks for something at one of the `PLACES`. Raises `RealtimeError` where that is to fail."""
        if failure := self._refusals.get(place):
            failure.strike()

    async def before_answer(self) -> None:
        """Wait as long as answers are late. Raises `RealtimeError` where they are to fail."""
        await asyncio.sleep(self._answer_delay_ms / 1000)
        if self._answers:
            self._answers.strike()

    async def before_transcript(self) -> None:
        """Wait as long as transcripts are late. Raises `RealtimeError` where they are to fail."""
        await asyncio.sleep(self._transcript_delay_ms / 1000)
        if self._transcripts:
            self._transcripts.strike()

    def limits(self, limits: Limits) -> Limits:
        """The limits of a new call."""
        return limits if self._session_ms is None else replace(limits, session_seconds=self._session_ms / 1000)


def _read_refusal(given: Fields) -> dict[str, _Failure]:
    place = given.choice('at', PLACES)
    return {place: _read_failure(given, status=given.integer('status', 400, low=400, high=599))}


def _read_failure(given: Fields, *, status: int = 500) -> _Failure:
    return _Failure(_read_error(given, status=status), given.integer('times', 1, low=1))


def _read_error(given: Fields, *, status: int = 400) -> RealtimeError:
    return RealtimeError(
        given.text('message', 'This error was asked for.'),
        code=given.text('code'),
        type=given.text('type', 'server_error' if status >= 500 else 'invalid_request_error'),
        status=status,
    )
