"""The ledger: which guest talks, for how long they all have talked today, and who may talk on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .limits import Limits

RESERVED = 60.0
"""Seconds for which a ticket keeps a place free: what it lives, and what placing the call may take after it."""

LimitReached = Literal['too_many_calls', 'minutes_used_up', 'day_used_up', 'too_many_tickets']
"""Why a guest cannot call, or not go on; also the code of the failure that the page explains."""


class Ledger:
    """Keeps the account of all guests. Times are unix seconds; a day begins at midnight of this machine's zone.

    A guest has one call at a time. What was spent is remembered for the day, also of guests who have left.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._asked: defaultdict[str, list[float]] = defaultdict(list)
        self._reserved: dict[str, float] = {}  # until when
        self._talking: dict[str, float] = {}  # since when
        self._spent: list[_Spell] = []

    def ask(self, guest: str, now: float) -> LimitReached | None:
        """Tell why this guest gets no ticket; if there is nothing against it, keep a place for the call."""
        if refusal := self._refusal(guest, now):
            return refusal
        self._asked[guest].append(now)
        self._reserved[guest] = now + RESERVED
        return None

    def begin(self, guest: str, now: float) -> LimitReached | None:
        """Note that the guest's call was placed; a call they had before is over. Tell why it must not be, if so."""
        self.end(guest, now)
        kept = self._reserved.pop(guest, 0) > now
        if not kept and (refusal := self._full(guest, now)):
            return refusal
        if refusal := self._used_up(guest, now):
            return refusal
        self._talking[guest] = now
        return None

    def end(self, guest: str, now: float) -> None:
        """Note that the guest's call is over. Ending twice does no harm."""
        began = self._talking.pop(guest, None)
        if began is not None:
            self._spent = [*(spell for spell in self._spent if spell.end > _midnight(now)), _Spell(guest, began, now)]

    def give_back(self, guest: str) -> None:
        """The guest does not use the ticket: the place is free."""
        self._reserved.pop(guest, None)

    def talking(self, guest: str, now: float) -> float | None:
        """Seconds that the guest's call has lasted; None where there is none."""
        return max(0.0, now - self._talking[guest]) if guest in self._talking else None

    def used(self, now: float, guest: str | None = None) -> float:
        """Seconds that this guest, or all together, have talked today."""
        midnight = _midnight(now)
        return sum(spell.since(midnight) for spell in self._spells(now) if guest in {None, spell.guest})

    def left(self, guest: str, now: float) -> float:
        """Seconds until the guest's call must end, if nothing changes; what is left for the day is shared by all."""
        share = self._left_today(now) / max(1, len(self._talking))
        return min(self._left_for(guest, now), share)

    def reason(self, guest: str, now: float) -> LimitReached:
        """Tell which of the two accounts runs out for this guest."""
        return 'minutes_used_up' if self._left_for(guest, now) <= self._left_today(now) else 'day_used_up'

    def _refusal(self, guest: str, now: float) -> LimitReached | None:
        recent = self._asked[guest] = [asked for asked in self._asked[guest] if 0 <= now - asked < 60]
        if len(recent) >= self.limits.tickets:
            return 'too_many_tickets'
        return self._used_up(guest, now) or self._full(guest, now)

    def _used_up(self, guest: str, now: float) -> LimitReached | None:
        return self.reason(guest, now) if min(self._left_for(guest, now), self._left_today(now)) <= 0 else None

    def _full(self, guest: str, now: float) -> LimitReached | None:
        self._reserved = {each: until for each, until in self._reserved.items() if until > now}
        others = {*self._talking, *self._reserved} - {guest}
        return 'too_many_calls' if len(others) >= self.limits.calls else None

    def _left_for(self, guest: str, now: float) -> float:
        return self.limits.minutes * 60 - self.used(now, guest)

    def _left_today(self, now: float) -> float:
        return self.limits.day * 60 - self.used(now)

    def _spells(self, now: float) -> Iterator[_Spell]:
        yield from self._spent
        for guest, began in self._talking.items():
            yield _Spell(guest, began, now)


@dataclass(frozen=True)
class _Spell:
    guest: str
    begin: float
    end: float

    def since(self, midnight: float) -> float:
        """The seconds of it that fall into the day; none where a clock was put back."""
        return max(0.0, self.end - max(self.begin, midnight))


def _midnight(now: float) -> float:
    return datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
