"""Conversations as the rest of Parley sees them. Times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun, OlderTold
from components.conversation.transcript.summary import Summary
from components.conversation.transcript.turn import Turn
from components.providers.ticket import CallTransport

from .recordings.recording import Recording


class Problem(StrEnum):
    """Why conversations cannot be kept or read at the moment."""

    FULL = 'full'
    LOCKED = 'locked'
    READ_ONLY = 'read_only'
    CORRUPT = 'corrupt'
    NEWER = 'newer'
    """A newer version of Parley made the database."""
    UNREACHABLE = 'unreachable'
    OTHER = 'other'

    @property
    def is_final(self) -> bool:
        """Whether it lasts until the program is restarted."""
        return self in {Problem.CORRUPT, Problem.NEWER}


@dataclass(frozen=True, slots=True)
class CallEntry:
    """One call of a conversation. `usage` counts tokens by their kind."""

    number: int
    started_at: float
    begun: Begun
    provider: str = ''
    model: str = ''
    voice: str = ''
    settings: str = ''
    """The session object that the call began with, as JSON; empty if that is unknown."""
    transport: CallTransport | Literal[''] = ''
    """How its sound travelled; empty if that is unknown."""
    older_told: OlderTold = ''
    older_summary: str = ''
    """How it was told the older part of a long conversation, and with which summary."""
    ended_at: float | None = None
    end_reason: str | None = None
    """`hung_up`, or the code of a failure; None while it lasts, and if the program was killed."""
    usage: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation as lists show it. `seconds` is how long its calls lasted, up to their latest turns."""

    id: str
    owner: str
    title: str
    titled_by_hand: bool
    persona: str
    started_at: float
    updated_at: float
    turns: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A whole conversation. `positions` are the places of the turns, which stand in order."""

    entry: ConversationEntry
    calls: tuple[CallEntry, ...]
    turns: tuple[Turn, ...]
    positions: tuple[float, ...]
    summary: Summary | None = None
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A turn with the words that were searched for. `marks` are their places in the snippet.

    The numbers of turns grow in the order in which they were stored.
    """

    conversation_id: str
    title: str
    item_id: str
    speaker: Speaker
    persona: str
    """The persona that gave the answer, as in `Turn`."""
    at: float
    snippet: str
    marks: tuple[tuple[int, int], ...]
    number: int
