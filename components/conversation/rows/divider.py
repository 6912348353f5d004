"""Dividers of the chat: where a new call or a new day began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components.conversation.local_time import Form
from components.conversation.transcript.call_mark import CallMark
from components.conversation.transcript.turn import Turn
from components.words.language import Text


@dataclass(frozen=True)
class Break:
    """A break between two turns: a new call, unless there is no `call`, or a new day. `at` is Unix seconds."""

    call: CallMark | None
    at: float
    is_new_day: bool


@dataclass(frozen=True, slots=True)
class DividerRow:
    """A row of the chat that says what happened between two turns, and when, as the browser renders it."""

    reason: str
    """Why the call began, or `day`."""
    name: str
    """The reason in words."""
    at: float
    form: Form
    told: str
    """How the call was told the older part of the conversation, in words."""
    summary: str
    """The summary by which it was told."""
    kind: Literal['divider'] = 'divider'


def break_before(turn: Turn, previous: Turn | None, calls: Mapping[int, CallMark]) -> Break | None:
    """Return what happened before a turn, None if the conversation just went on."""
    mark = calls.get(turn.call) if previous and previous.call != turn.call else None
    at = mark.at if mark else turn.started_at
    if at is None:
        return None
    is_new_day = bool(previous and previous.started_at is not None and _day(previous.started_at) != _day(at))
    return Break(mark, at, is_new_day) if mark or is_new_day else None


def divider_row(content: Break, text: Text) -> DividerRow:
    """Return the row of a break.

    Args:
        content: The break to show.
        text: Gives the words for it.
    """
    call = content.call
    return DividerRow(
        reason=call.begun if call else 'day',
        name=text(f'chat.begun.{call.begun}') if call else '',
        at=content.at,
        form=_form(content),
        told=text(f'chat.older_told.{call.older_told}') if call and call.older_told else '',
        summary=call.older_summary if call and call.older_told == 'summary' else '',
    )


def _form(content: Break) -> Form:
    if content.is_new_day:
        return 'day-time' if content.call else 'day'
    return 'time'


def _day(at: float) -> object:
    return datetime.fromtimestamp(at).astimezone().date()
