"""The beginning of a call as a transcript shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Begun(StrEnum):
    """Why a call began, as the divider before its turns says it."""

    STARTED = 'started'
    """It was the first of its conversation."""
    CONTINUED = 'continued'
    """The user called again."""
    NEW_SETTINGS = 'new_settings'
    """The user wanted settings, such as another voice, that only a new call can apply."""
    RECONNECTED = 'reconnected'
    """The call before it broke off."""
    RENEWED = 'renewed'
    """The call before it had reached the longest time that the service allows."""


OlderTold = Literal['', 'extracts', 'summary']
"""How a call was told the older part of a long conversation; empty if there was none."""


@dataclass(frozen=True, slots=True)
class CallMark:
    """The beginning of a call within a conversation. `at` is in Unix seconds."""

    begun: Begun
    at: float
    older_told: OlderTold = ''
    older_summary: str = ''
    """The summary that the call was told."""
