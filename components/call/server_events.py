"""The server events of the Realtime API that Parley acts on; see `event_reader` for how JSON becomes one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .items import Item, Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEvent:
    """An event that the service sent. `id` is its `event_id`, if it has one."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An error as the service describes it.

    `event_id` names the client event that caused it, and `param` the field of that event.
    """

    code: str
    message: str
    event_id: str | None = None
    param: str = ''


@dataclass(frozen=True, slots=True)
class ErrorOccurred(ServerEvent):
    """An error that the session survives."""

    error: ServiceError


@dataclass(frozen=True, slots=True)
class SessionChanged(ServerEvent):
    """The session as it is now. `transcribes` says whether it writes down the user's speech, None if it is unsaid."""

    updated: bool
    """Whether this answers a `session.update`."""
    transcribes: bool | None
    expires_at: int | None = None
    """When the service ends the session, in Unix seconds."""
    silence_ms: int = 0
    """Milliseconds of silence by which the service recognises the end of a turn; 0 if it goes by something else."""
    session: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The session object as the service gave it."""


@dataclass(frozen=True, slots=True)
class SpeechStarted(ServerEvent):
    """The user began to speak."""

    item_id: str


@dataclass(frozen=True, slots=True)
class SpeechStopped(ServerEvent):
    """The user fell silent, for as long as the session waits."""

    item_id: str


@dataclass(frozen=True, slots=True)
class SpeechCommitted(ServerEvent):
    """The user's speech is part of the conversation."""

    item_id: str
    previous_item_id: str | None


@dataclass(frozen=True, slots=True)
class SpeechCleared(ServerEvent):
    """The user's speech that is not committed was dropped."""


@dataclass(frozen=True, slots=True)
class SilenceCommitted(ServerEvent):
    """The idle timeout added an item of the user without speech."""

    item_id: str


@dataclass(frozen=True, slots=True)
class TranscriptionDelta(ServerEvent):
    """More words of the user's speech."""

    item_id: str
    content_index: int
    delta: str


@dataclass(frozen=True, slots=True)
class TranscriptionRevised(ServerEvent):
    """All words of the user's speech so far."""

    item_id: str
    content_index: int
    transcript: str


@dataclass(frozen=True, slots=True)
class TranscriptionCompleted(ServerEvent):
    """All words of the user's speech, and the tokens counted for them."""

    item_id: str
    content_index: int
    transcript: str
    tokens: int | None


@dataclass(frozen=True, slots=True)
class TranscriptionFailed(ServerEvent):
    """The user's speech could not be transcribed, for a `reason` in words and with a `code` of the service."""

    item_id: str
    reason: str | None
    code: str = ''


@dataclass(frozen=True, slots=True)
class ItemAdded(ServerEvent):
    """An item is part of the conversation, behind another one if the event names it."""

    item: Item
    previous_item_id: str | None


@dataclass(frozen=True, slots=True)
class ItemCreated(ItemAdded):
    """The beta's `ItemAdded`. No event follows when the item is done."""


@dataclass(frozen=True, slots=True)
class ItemDone(ItemAdded):
    """An item will not change any more."""


@dataclass(frozen=True, slots=True)
class ItemRetrieved(ServerEvent):
    """An item, sent because a client asked for it."""

    item: Item


@dataclass(frozen=True, slots=True)
class ItemTruncated(ServerEvent):
    """Only this much of an answer's sound was heard, in milliseconds."""

    item_id: str
    content_index: int
    audio_end_ms: int


@dataclass(frozen=True, slots=True)
class ItemDeleted(ServerEvent):
    """An item is not part of the conversation any more."""

    item_id: str


@dataclass(frozen=True, slots=True)
class ResponseCreated(ServerEvent):
    """An answer begins."""

    response_id: str
    out_of_band: bool
    """Whether its items are known not to be added to the conversation."""


@dataclass(frozen=True, slots=True)
class OutputItemAdded(ServerEvent):
    """An answer brings forth an item."""

    response_id: str | None
    item: Item


@dataclass(frozen=True, slots=True)
class OutputItemDone(OutputItemAdded):
    """An item of an answer will not change any more."""


@dataclass(frozen=True, slots=True)
class OutputDelta(ServerEvent):
    """More text of an item of an answer."""

    response_id: str | None
    item_id: str
    content_index: int
    speaker: Speaker
    spoken: bool
    delta: str


@dataclass(frozen=True, slots=True)
class OutputDone(ServerEvent):
    """The whole text of a part of an answer, and for a tool its name."""

    response_id: str | None
    item_id: str
    content_index: int
    speaker: Speaker
    spoken: bool
    text: str
    tool: str | None


@dataclass(frozen=True, slots=True)
class ResponseDone(ServerEvent):
    """An answer ended. `reason` says why it ended early, in the service's words."""

    response_id: str | None
    status: str | None
    reason: str | None
    tokens: int | None
    output: tuple[Item, ...]
    error: ServiceError | None


@dataclass(frozen=True, slots=True)
class SoundStarted(ServerEvent):
    """An answer can be heard from now on."""

    response_id: str


@dataclass(frozen=True, slots=True)
class SoundStopped(ServerEvent):
    """All of an answer was heard."""

    response_id: str


@dataclass(frozen=True, slots=True)
class SoundCleared(ServerEvent):
    """The rest of an answer's sound was dropped."""

    response_id: str
