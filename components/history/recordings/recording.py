"""A recording of the sound of a call, and a piece of it as the browser sends it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as it stands. Times are Unix seconds; `bytes` is the size of its file."""

    id: str
    call: int
    """The call of the conversation in which it began; 0 if none was known yet."""
    started_at: float
    changed_at: float
    media_type: str
    pieces: int
    bytes: int
    seconds: float
    finished: bool
    """False while it goes on, and for ever if the browser or the program ended before it did."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recordings of a conversation, with its title."""

    title: str
    recordings: tuple[Recording, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A few seconds of a recording. The pieces, one after the other, are the file."""

    conversation_id: str
    recording_id: str
    number: int
    """Counted from 0."""
    media_type: str
    age: float
    """Seconds since the recording began, when it was sent."""
    seconds: float
    """Seconds from the beginning of the recording to the end of the piece."""
    is_last: bool
    data: bytes


class Refusal(Exception):
    """A piece is not taken; `status` is the HTTP status that says so, and whether it may be sent again later."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
