"""The faults that clients have asked an engine for, to see how they cope."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Literal, get_args

from components.engine.limits import Limits
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.fields import Fields

Endpoint = Literal['client_secrets', 'calls', 'socket']
"""Where a request can be refused."""


@dataclass(frozen=True)
class LiveFaults:
    """Faults that happen at once, in all live calls: an `error` event, the end of their time, a dead network."""

    error: RealtimeError | None
    expire: bool
    drop_network: bool


class Faults:
    """The faults of one engine. Each lasts until it has happened as often as asked for, or until all are cleared.

    `update` takes them from a client as JSON, in milliseconds; everything is optional:

        {"refuse": {"at": "calls", "status": 429, "code": ..., "message": ..., "times": 1},
         "fail_answer": {"code": ..., "message": ..., "times": 1}, "delay_answer_ms": 3000,
         "fail_transcription": {"code": ..., "message": ..., "times": 1}, "delay_transcription_ms": 3000,
         "session_ms": 5000,
         "error": {"code": ..., "message": ...}, "expire": true, "drop_network": true}

    `refuse.at` is an `Endpoint`. `session_ms` is how long new calls may last. The last three happen at once, in all
    live calls.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all faults."""
        self._refusals: dict[str, _Failure] = {}
        self._answers: _Failure | None = None
        self._transcripts: _Failure | None = None
        self._answer_delay_ms = 0
        self._transcript_delay_ms = 0
        self._session_ms: int | None = None

    def update(self, given: Fields) -> LiveFaults:
        """Add faults, and return those that are to happen at once.

        Raises:
            RealtimeError: The JSON is not as described above; nothing of it is added.
        """
        refusals = given.part('refuse', self._refusals, lambda refusal: {**self._refusals, **_read_refusal(refusal)})
        answers = given.part('fail_answer', self._answers, _read_failure)
        transcripts = given.part('fail_transcription', self._transcripts, _read_failure)
        answer_delay_ms = given.integer('delay_answer_ms', self._answer_delay_ms)
        transcript_delay_ms = given.integer('delay_transcription_ms', self._transcript_delay_ms)
        session_ms = given.integer('session_ms') if given.has('session_ms') else self._session_ms
        live = LiveFaults(
            given.part('error', None, _read_error),
            given.flag('expire', False),
            given.flag('drop_network', False),
        )
        given.finish()
        self._refusals, self._answers, self._transcripts = refusals, answers, transcripts
        self._answer_delay_ms, self._transcript_delay_ms = answer_delay_ms, transcript_delay_ms
        self._session_ms = session_ms
        return live

    def refuse(self, endpoint: Endpoint) -> None:
        """Raises RealtimeError if a request at this endpoint is to be refused."""
        if failure := self._refusals.get(endpoint):
            failure.happen()

    async def before_answer(self) -> None:
        """Wait as long as answers are delayed. Raises RealtimeError if this one is to fail."""
        await asyncio.sleep(self._answer_delay_ms / 1000)
        if self._answers:
            self._answers.happen()

    @property
    def changes_transcripts(self) -> bool:
        """Whether the next transcript is delayed, or may fail."""
        return self._transcript_delay_ms > 0 or self._transcripts is not None

    @property
    def transcript_delay_seconds(self) -> float:
        """How long the client waits for transcripts."""
        return self._transcript_delay_ms / 1000

    def fail_transcript(self) -> None:
        """Raises RealtimeError if this transcript is to fail."""
        if self._transcripts:
            self._transcripts.happen()

    def shorten(self, limits: Limits) -> Limits:
        """Return the limits of a new call."""
        return limits if self._session_ms is None else replace(limits, session_seconds=self._session_ms / 1000)


@dataclass
class _Failure:
    """Something fails with `error`, this many `times` more."""

    error: RealtimeError
    times: int

    def happen(self) -> None:
        if self.times:
            self.times -= 1
            raise self.error


def _read_refusal(given: Fields) -> dict[str, _Failure]:
    endpoint = given.choice('at', get_args(Endpoint))
    return {endpoint: _read_failure(given, status=given.integer('status', 400, low=400, high=599))}


def _read_failure(given: Fields, *, status: int = 500) -> _Failure:
    return _Failure(_read_error(given, status=status), given.integer('times', 1, low=1))


def _read_error(given: Fields, *, status: int = 400) -> RealtimeError:
    return RealtimeError(
        given.text('message', 'This error was asked for.'),
        code=given.text('code'),
        type=given.text('type', 'server_error' if status >= 500 else 'invalid_request_error'),
        status=status,
    )
