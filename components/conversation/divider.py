"""Dividers of the chat: where a new call or a new day began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from components.words.language import Text

from .local_time import Form, LocalTime
from .transcript.call_mark import CallMark
from .transcript.turn import Turn


@dataclass(frozen=True)
class Break:
    """A break between two turns: a new call, unless there is no `call`, or a new day. `at` is Unix seconds."""

    call: CallMark | None
    at: float
    is_new_day: bool


def break_before(turn: Turn, previous: Turn | None, calls: Mapping[int, CallMark]) -> Break | None:
    """Return what happened before a turn, None if the conversation just went on."""
    mark = calls.get(turn.call) if previous and previous.call != turn.call else None
    at = mark.at if mark else turn.started_at
    if at is None:
        return None
    is_new_day = bool(previous and previous.started_at is not None and _day(previous.started_at) != _day(at))
    return Break(mark, at, is_new_day) if mark or is_new_day else None


class Divider(ui.element, default_classes='divider'):
    """Shows what happened between two turns, and when; and how a call was told the older part of the conversation.

    Args:
        content: The break to show.
        text: Gives the words for it.
    """

    def __init__(self, content: Break, text: Text) -> None:
        super().__init__('li')
        call = content.call
        self.props['data-testid'] = 'call-divider' if call else 'day-divider'
        self.props['data-reason'] = call.begun if call else 'day'
        with self:
            with ui.element().classes('divider__line'):
                if call:
                    ui.label(text(f'chat.begun.{call.begun}'))
                LocalTime(content.at, _form(content))
            if call and call.older_told == 'summary':
                with ui.element('details').classes('divider__told').props('data-testid=older-told'):
                    with ui.element('summary'):
                        ui.label(text('chat.older_told.summary'))
                    ui.label(call.older_summary).classes('divider__summary').props('dir=auto')
            elif call and call.older_told:
                told = ui.label(text(f'chat.older_told.{call.older_told}')).classes('divider__told')
                told.props('data-testid=older-told')


def _form(content: Break) -> Form:
    if content.is_new_day:
        return 'day-time' if content.call else 'day'
    return 'time'


def _day(at: float) -> object:
    return datetime.fromtimestamp(at).astimezone().date()
