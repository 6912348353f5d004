"""The text model of a provider, which writes what nobody hears, such as the summary of a long conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

WRITING_TIMEOUT = 60.0
"""Seconds until a text is complete. Nobody waits for it."""
MOST_TOKENS = 2_000
"""Tokens of a text, including those of a model that reasons before it writes."""

Write = Callable[[str, str], Awaitable[str]]


@dataclass(frozen=True)
class TextWriter:
    """A text model.

    Attributes:
        write: Writes a text by these instructions from what it is given. Raises `ProviderError`.
        answers_calls: Whether the same model answers in calls, which have to wait while it writes.
    """

    write: Write
    answers_calls: bool = False
