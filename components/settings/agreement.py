"""Keeps a running call and the settings in step: minimal updates, refusals, and changes that need a new call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components.call.server_events import ErrorOccurred, ServerEvent, SessionChanged

from .session import Session, joined, lost_between, update_between
from .settings import Settings

UPDATE_PREFIX = 'settings_'
"""How the ids of updates begin."""


@dataclass(frozen=True)
class RefusedChange:
    """A change that the service did not accept."""

    before: Settings
    asked: Settings
    reason: str  # in the service's own words; it comes from outside
    code: str = ''
    param: str = ''  # the field of the session that the service objects to, as in `session.audio.output.speed`

    @property
    def names(self) -> set[str]:
        """The settings to put back: the changed ones that go to the named field, or all if it names none of them."""
        changed = self.asked.changed_from(self.before)
        table = self.asked.table()
        field = self.param.removeprefix('session.')
        at_fault = {name for name in changed if any(_overlap(field, path) for path in table[name].wire)}
        return at_fault or changed

    def undone(self, settings: Settings) -> Settings:
        """Return settings with the refused ones put back, except those that have changed again since then."""
        return self._put_back(self.names, settings)

    def wholly_undone(self, settings: Settings) -> Settings:
        """Return settings without any change of the refused update: a service refuses an update as a whole."""
        return self._put_back(self.asked.changed_from(self.before), settings)

    def _put_back(self, names: set[str], settings: Settings) -> Settings:
        unchanged = names - settings.changed_from(self.asked)
        return settings.put_back(unchanged, self.before).fitted()


class Agreement:
    """Keeps one call's service and the settings in step. Knows no network: events go in, events to send come out.

    A service answers updates in order, each with `session.updated` or with an `error` that names the update.
    """

    def __init__(self, settings: Settings, wire: Callable[[Settings], Session]) -> None:
        """Begin a call.

        :param settings: those that the call begins with
        :param wire: makes the session object of settings
        """
        self._wire = wire
        self._asked = settings  # in effect once the service has accepted all open updates
        self._open: dict[str, tuple[Settings, Settings]] = {}  # by event id, in order: before the update and with it
        self._count = 0
        self._lost: dict[str, Any] = {}  # of the session that the call was placed with

    def ask(self, settings: Settings) -> dict[str, Any] | None:
        """Return the event that sends the changes since the last one to the service, None if nothing has changed.

        It also repeats what the service has lost of the session with which the call was placed, as gateways do.
        Settings that need a new call are left out, and all of them if the provider is another one.
        """
        if settings.provider != self._asked.provider:
            return None
        before, asked = self._asked, settings.applied_to(self._asked)
        self._asked = asked
        lost, self._lost = self._lost, {}
        update = joined(lost, update_between(self._wire(before), self._wire(asked)) or {})
        if not update:
            return None
        self._count += 1
        event_id = f'{UPDATE_PREFIX}{self._count}'
        self._open[event_id] = before, asked
        return {'type': 'session.update', 'event_id': event_id, 'session': update}

    def waiting(self, settings: Settings) -> set[str]:
        """Return the names of the changed settings that need a new call."""
        table = settings.table()
        return {name for name in settings.changed_from(self._asked) if table[name].applies == 'new_call'}

    def hear(self, event: ServerEvent) -> RefusedChange | None:
        """Take an event of the service. Returns the refused change if the event refuses one.

        Whatever else the same update asked for was not accepted either: put the refused change back, then `ask` again.
        """
        if isinstance(event, SessionChanged) and not event.updated:
            self._lost = lost_between(self._wire(self._asked), event.session) or {}
        if isinstance(event, SessionChanged) and event.updated and self._open:
            del self._open[next(iter(self._open))]
            return None
        if not isinstance(event, ErrorOccurred) or event.error.event_id not in self._open:
            return None
        before, asked = self._open.pop(event.error.event_id)
        if before == asked:
            return None  # what it has lost; the session goes on without it
        refused = RefusedChange(before, asked, event.error.message, event.error.code, event.error.param)
        self._asked = refused.wholly_undone(self._asked)
        for event_id, (before, asked) in self._open.items():
            self._open[event_id] = refused.wholly_undone(before), refused.wholly_undone(asked)
        return refused


def _overlap(one: str, other: str) -> bool:
    """Whether two paths are equal, or one is inside the other."""
    return f'{one}.'.startswith(f'{other}.') or f'{other}.'.startswith(f'{one}.')
