"""What a call works by: what its service has agreed to, what it was asked, and what it refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from .session import Session, update_between
from .settings import Settings


@dataclass(frozen=True)
class Refusal:
    """A change that the service did not take. `reason` is its own words; they come from outside."""

    before: Settings
    asked: Settings
    reason: str

    def undone(self, settings: Settings) -> Settings:
        """Return settings with the refused change taken back, and whatever was changed since then left alone."""
        back = {
            name: getattr(self.before, name)
            for name in (field.name for field in fields(Settings))
            if getattr(settings, name) == getattr(self.asked, name) != getattr(self.before, name)
        }
        return replace(settings, **back).fitted()


class Agreement:
    """Keeps one call's service and the settings in step. Knows no network: events go in, the events to send come out.

    A service answers updates in order, each with `session.updated` or with an `error` that names the update.
    """

    def __init__(self, settings: Settings, wire: Callable[[Settings], Session]) -> None:
        """
        :param settings: what the call begins with
        :param wire: makes the session object of settings
        """
        self._wire = wire
        self._asked = settings  # all that the service was asked, as though it agreed
        self._open: dict[str, tuple[Settings, Settings]] = {}  # by event id, in order: before the update and with it
        self._count = 0

    def ask(self, settings: Settings) -> dict[str, Any] | None:
        """Return the event that tells the service what has changed since it was last asked, None if nothing has.

        Settings for another provider wait for its call, and so does what no call can change: model and voice.
        """
        if settings.provider != self._asked.provider:
            return None
        before, asked = self._asked, replace(settings, model=self._asked.model, voice=self._asked.voice)
        self._asked = asked
        update = update_between(self._wire(before), self._wire(asked))
        if not update:
            return None
        self._count += 1
        event_id = f'settings_{self._count}'
        self._open[event_id] = before, asked
        return {'type': 'session.update', 'event_id': event_id, 'session': update}

    def waiting(self, settings: Settings) -> set[str]:
        """Return the names of those settings that only a new call can have."""
        return {
            name for name in ('provider', 'model', 'voice') if getattr(settings, name) != getattr(self._asked, name)
        }

    def hear(self, event: Mapping[str, Any]) -> Refusal | None:
        """Take an event of the service. Returns the refusal, if it is one."""
        if event.get('type') == 'session.updated' and self._open:
            del self._open[next(iter(self._open))]
            return None
        error = event.get('error') if event.get('type') == 'error' else None
        if not isinstance(error, Mapping) or str(error.get('event_id')) not in self._open:
            return None
        before, asked = self._open.pop(str(error['event_id']))
        refusal = Refusal(before, asked, reason=str(error.get('message') or ''))
        self._asked = refusal.undone(self._asked)
        for event_id, (before, asked) in self._open.items():
            self._open[event_id] = refusal.undone(before), refusal.undone(asked)
        return refusal
