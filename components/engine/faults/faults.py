"""The faults that clients have asked an engine for, to see how they cope."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from components.engine.limits import Limits
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.reading import read
from components.engine.protocol.wire import Json
from components.engine.protocol.wire_model import WireModel

Endpoint = Literal['client_secrets', 'calls', 'socket']
"""The endpoints at which a request can be refused."""


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

    def update(self, given: Json) -> LiveFaults:
        """Add faults, and return those that are to happen at once.

        Raises:
            RealtimeError: The JSON is not as described above; nothing of it is added.
        """
        asked = read(_REQUEST, given)
        if asked.refuse:
            self._refusals[asked.refuse.at] = asked.refuse.failure(status=asked.refuse.status)
        if asked.fail_answer:
            self._answers = asked.fail_answer.failure()
        if asked.fail_transcription:
            self._transcripts = asked.fail_transcription.failure()
        if asked.delay_answer_ms is not None:
            self._answer_delay_ms = asked.delay_answer_ms
        if asked.delay_transcription_ms is not None:
            self._transcript_delay_ms = asked.delay_transcription_ms
        if asked.session_ms is not None:
            self._session_ms = asked.session_ms
        return LiveFaults(asked.error.exception() if asked.error else None, asked.expire, asked.drop_network)

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


class _Error(WireModel):
    code: str
    message: str = 'This error was asked for.'
    type: str | None = None

    def exception(self, *, status: int = 400) -> RealtimeError:
        type = self.type or ('server_error' if status >= 500 else 'invalid_request_error')
        return RealtimeError(self.message, code=self.code, type=type, status=status)


class _FailureRequest(_Error):
    times: Annotated[int, Field(ge=1)] = 1

    def failure(self, *, status: int = 500) -> _Failure:
        return _Failure(self.exception(status=status), self.times)


class _Refusal(_FailureRequest):
    at: Endpoint
    status: Annotated[int, Field(ge=400, le=599)] = 400


_Milliseconds: TypeAlias = Annotated[int, Field(ge=0)]


class _Request(WireModel):
    refuse: _Refusal | None = None
    fail_answer: _FailureRequest | None = None
    delay_answer_ms: _Milliseconds | None = None
    fail_transcription: _FailureRequest | None = None
    delay_transcription_ms: _Milliseconds | None = None
    session_ms: _Milliseconds | None = None
    error: _Error | None = None
    expire: bool = False
    drop_network: bool = False


_REQUEST = TypeAdapter(_Request)
