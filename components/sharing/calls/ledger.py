"""Counts which guests are talking and how long they have talked today, and says when a limit is reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .limits import Limits

RESERVED = 60.0
"""Seconds that a ticket reserves a call: its own validity, and the time it may take to place the call after that."""

LimitReached = Literal['too_many_calls', 'minutes_used_up', 'day_used_up', 'too_many_tickets']
"""Why a guest can't call or continue; also the code of the failure that the page shows."""


class Ledger:
    """Counts the calls of all guests. Times are Unix seconds; a day begins at midnight in this machine's time zone.

    A guest has one call at a time. Used time counts for the day, also that of guests who have left.

    Args:
        limits: The limits.
        account_of: Returns what a guest's time and tickets are counted under; by default, each guest's own id.
    """

    def __init__(self, limits: Limits, account_of: Callable[[str], str] = lambda guest: guest) -> None:
        self.limits = limits
        self._account_of = account_of
        self._asked: defaultdict[str, list[float]] = defaultdict(list)
        self._reserved: dict[str, float] = {}  # until when
        self._talking: dict[str, float] = {}  # since when
        self._accounts: dict[str, str] = {}  # of those who are talking
        self._past: list[_Interval] = []

    def ask(self, guest: str, now: float) -> LimitReached | None:
        """Reserve a call for a guest who asks for a ticket, or return why not."""
        if reason := self._refusal(guest, now):
            return reason
        self._asked[self._account_of(guest)].append(now)
        self._reserved[guest] = now + RESERVED
        return None

    def begin(self, guest: str, now: float) -> LimitReached | None:
        """Count a guest's call from now on, in place of their last one, or return why it must end."""
        self.end(guest, now)
        kept = self._reserved.pop(guest, 0) > now
        if not kept and (reason := self._full(guest, now)):
            return reason
        if reason := self._used_up(guest, now):
            return reason
        self._talking[guest] = now
        self._accounts[guest] = self._account_of(guest)
        return None

    def end(self, guest: str, now: float) -> None:
        """Stop counting a guest's call. Ending twice does no harm."""
        began = self._talking.pop(guest, None)
        if began is not None:
            today = [interval for interval in self._past if interval.end > _midnight(now)]
            self._past = [*today, _Interval(self._accounts.pop(guest), began, now)]

    def give_back(self, guest: str) -> None:
        """Release a reservation that the guest won't use."""
        self._reserved.pop(guest, None)

    def talking(self, guest: str, now: float) -> float | None:
        """Return the seconds that a guest's call has lasted; None if there is none."""
        return max(0.0, now - self._talking[guest]) if guest in self._talking else None

    def used(self, now: float, guest: str | None = None) -> float:
        """Return the seconds that a guest, or all of them together, have talked today."""
        midnight = _midnight(now)
        account = self._account_of(guest) if guest is not None else None
        return sum(each.since(midnight) for each in self._intervals(now) if account in {None, each.account})

    def left(self, guest: str, now: float) -> float:
        """Return the seconds until a guest's call must end. All who are talking share what is left of the day."""
        share = self._left_today(now) / max(1, len(self._talking))
        return min(self._left_for(guest, now), share)

    def reason(self, guest: str, now: float) -> LimitReached:
        """Return which limit a guest reaches first: their own minutes or those of the day."""
        return 'minutes_used_up' if self._left_for(guest, now) <= self._left_today(now) else 'day_used_up'

    def _refusal(self, guest: str, now: float) -> LimitReached | None:
        account = self._account_of(guest)
        recent = self._asked[account] = [asked for asked in self._asked[account] if 0 <= now - asked < 60]
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

    def _intervals(self, now: float) -> Iterator[_Interval]:
        yield from self._past
        for guest, began in self._talking.items():
            yield _Interval(self._accounts[guest], began, now)


@dataclass(frozen=True)
class _Interval:
    account: str
    begin: float
    end: float

    def since(self, midnight: float) -> float:
        """Return its seconds since midnight; none if the clock was set back."""
        return max(0.0, self.end - max(self.begin, midnight))


def _midnight(now: float) -> float:
    return datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
