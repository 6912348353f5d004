"""The calls of guests: placed by Python, counted, and ended by Python when their time is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from components.desk.one_time_tickets import HangUp
from components.providers.error import ProviderError
from components.sharing.visitor import Guest

from .ledger import Ledger

logger = logging.getLogger(__name__)

WARNING = 60.0
"""Seconds before the end at which a guest is told of it."""

CHECK_INTERVAL = 1.0
"""Seconds. What is left changes with every call that begins or ends, so it is looked at again and again."""

TRIES = 5
"""How often a provider that does not answer is asked to hang up; each pause is twice as long as the one before."""

GRACE = 1.0
"""Seconds between the word to the guest and the end, so that the word arrives before the line is dead."""

PATIENCE = 5.0
"""Seconds in which the providers can be told that all calls are over."""

ABSENCE = 30.0
"""Seconds that the page of a call may have no socket. Sound goes past Python, so a call may go on well without one.

Whoever leaves says so (see `Farewell`). Who does not has crashed, sleeps or is out of reach, and is missed after 6 s at
most, when NiceGUI's pings are not answered. After a gap in the network of 15 s the browser's next attempt to connect
comes some 8 s late, which leaves room; a longer gap ends the call anyway, since WebRTC and the relay give up after some
10 s. Browsers keep a page running that has an open microphone, also on a phone with a locked screen (Chromium: freezing
rules on blink-dev; iOS: element-call issue 1411), so a socket that was lost there comes back. NiceGUI's own 60 s, after
which it forgets the page, would cost twice as much.
"""

Ending = Literal['minutes_used_up', 'day_used_up', 'ended_by_host', 'visit_over', 'called_elsewhere', 'page_away']
"""Why a call was ended from here; also the code of the failure that the page explains."""


class GuestsPage(Protocol):
    """The page of a guest, as far as calls need it. `id` is unlike that of any other page."""

    id: str

    @property
    def is_here(self) -> bool:
        """Whether it has a socket now."""

    def warn(self, seconds: float) -> None:
        """The call will be ended in this time."""

    def explain(self, ending: Ending) -> None:
        """The call is being ended."""


class GuestCalls:
    """Every call of every guest, by guest: each has one at a time. What a browser reports never prolongs one."""

    def __init__(
        self,
        ledger: Ledger,
        now: Callable[[], float],
        is_welcome: Callable[[str], bool] = lambda guest_id: True,
        *,
        grace: float = GRACE,
        pause: float = 1.0,
    ) -> None:
        """
        :param now: unix seconds
        :param is_welcome: tells of a guest's id whether they have not been removed
        :param grace: seconds between the word and the end
        :param pause: seconds before a provider is asked once more to hang up
        """
        self.ledger = ledger
        self._now = now
        self._is_welcome = is_welcome
        self._grace = grace
        self._pause = pause
        self._calls: dict[str, _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []

    def of_page(self, guest: Guest, page: GuestsPage) -> PageCalls:
        """Return what one page of a guest may do, for its desk."""
        return PageCalls(self, guest, page)

    def ask(self, guest: Guest) -> None:
        """Ask for a ticket. Raises ProviderError with the ledger's word when there is none."""
        if refusal := self.ledger.ask(guest.id, self._now()):
            raise ProviderError(refusal, status=429)

    def begin(self, guest: Guest, page: GuestsPage, hang_up: HangUp) -> None:
        """Keep an eye on a call that is being placed, in place of the guest's last one.

        Raises ProviderError when it must not be; then it is for the caller to hang up.

        :param hang_up: ends the call at the provider; may raise ProviderError
        """
        if (before := self._calls.get(guest.id)) and before.page is not page:
            before.page.explain('called_elsewhere')
        self._finish(guest.id)
        if not self._is_welcome(guest.id):
            raise ProviderError('visit_over', status=403)
        if refusal := self.ledger.begin(guest.id, self._now()):
            raise ProviderError(refusal, status=429)
        self._calls[guest.id] = _Call(page, hang_up, seen=self._now())
        if not self._watching or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        self._tell()

    def over(self, guest: Guest, page_id: str) -> None:
        """The page says that its call is over, or it is gone. To be sure, the call is ended."""
        call = self._calls.get(guest.id)
        if call is None or call.page.id == page_id:
            self.ledger.give_back(guest.id)
            self._finish(guest.id)

    def hang_up(self, guest_id: str, ending: Ending = 'ended_by_host') -> None:
        """End a guest's call, with a word to the guest first. Where there is none, nothing happens."""
        self.ledger.give_back(guest_id)
        if call := self._calls.get(guest_id):
            call.page.explain(ending)
            self._finish(guest_id, self._grace)

    def keep(self, guest_ids: set[str]) -> None:
        """End the calls of all others: they are not welcome any more."""
        for guest_id in self._calls.keys() - guest_ids:
            self.hang_up(guest_id, 'visit_over')

    async def stop(self) -> None:
        """End all calls, and wait until the providers have been told."""
        self.keep(set())
        if self._watching:
            self._watching.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)

    def talking(self, guest_id: str) -> float | None:
        """Seconds that the guest's call has lasted; None where there is none."""
        return self.ledger.talking(guest_id, self._now())

    def used(self, guest_id: str | None = None) -> float:
        """Seconds that this guest, or all together, have talked today."""
        return self.ledger.used(self._now(), guest_id)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever a call began or ended. Gives what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def check(self) -> None:
        """Warn those whose time is nearly over, and end the calls of those whose time is over, or who are away."""
        now = self._now()
        for guest_id, call in list(self._calls.items()):
            if call.page.is_here:
                call.seen = now
            left = self.ledger.left(guest_id, now)
            if left <= 0:
                self.hang_up(guest_id, self._ending(guest_id))
            elif now - call.seen > ABSENCE:
                self.hang_up(guest_id, 'page_away')
            elif left <= WARNING and not call.warned:
                call.warned = True
                call.page.warn(left)

    def _ending(self, guest_id: str) -> Ending:
        reason = self.ledger.reason(guest_id, self._now())
        return 'minutes_used_up' if reason == 'minutes_used_up' else 'day_used_up'

    def _finish(self, guest_id: str, grace: float = 0.0) -> None:
        self.ledger.end(guest_id, self._now())
        if call := self._calls.pop(guest_id, None):
            task = asyncio.create_task(self._hang_up(call, grace))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._tell()

    async def _hang_up(self, call: _Call, grace: float) -> None:
        await asyncio.sleep(grace)
        pause = self._pause
        for number in range(1, TRIES + 1):
            try:
                await call.hang_up()
                return
            except ProviderError as error:
                if error.code == 'http_404':  # it has ended already
                    return
                if number == TRIES:
                    logger.error('The call of a guest could not be hung up: %s', error)
            await asyncio.sleep(pause)
            pause *= 2

    async def _watch(self) -> None:
        while self._calls:
            self.check()
            await asyncio.sleep(CHECK_INTERVAL)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


@dataclass(frozen=True)
class PageCalls:
    """The calls of one page of a guest; see `CallLimits`."""

    calls: GuestCalls
    guest: Guest
    page: GuestsPage

    def ask(self) -> None:
        """Reserve a call. Raises ProviderError at a limit."""
        self.calls.ask(self.guest)

    def begin(self, hang_up: HangUp) -> None:
        """Count a call that has been placed. Raises ProviderError to refuse it."""
        self.calls.begin(self.guest, self.page, hang_up)

    def over(self) -> None:
        """Count the page's call as over."""
        self.calls.over(self.guest, self.page.id)


@dataclass
class _Call:
    page: GuestsPage
    hang_up: HangUp
    seen: float  # when the page last had a socket
    warned: bool = False
