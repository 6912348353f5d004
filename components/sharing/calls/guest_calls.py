"""The calls of guests: counted, and hung up by Python when their time is up."""

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
"""Seconds before the end at which a guest is warned."""

CHECK_INTERVAL = 1.0
"""Seconds between two checks: the time left changes with every call that begins or ends."""

TRIES = 5
"""How often to ask a provider that doesn't answer to hang up; each pause is twice as long as the one before."""

GRACE = 1.0
"""Seconds between the message to the guest and the end, so that the message arrives first."""

PATIENCE = 5.0
"""Seconds to wait for providers to hang up when all calls end."""

ABSENCE = 30.0
"""Seconds that a page in a call may be without a socket. Sound bypasses Python, so the call may be fine without one.

A page that is closed says so (see `PageClosed`). Other pages have crashed, sleep or are out of reach; NiceGUI notices
after 6 s at most, when pings stay unanswered. After a network gap of 15 s, the browser's next attempt to connect
comes about 8 s late, which leaves some room. A longer gap ends the call anyway, since WebRTC and the relay give up
after about 10 s. Browsers keep pages with an open microphone running, also on a locked phone (Chromium: freezing
rules on blink-dev; iOS: element-call issue 1411), so their sockets come back. NiceGUI's own 60 s, after which it
forgets a page, would cost twice as much.
"""

Ending = Literal['minutes_used_up', 'day_used_up', 'ended_by_host', 'visit_over', 'called_elsewhere', 'page_away']
"""Why Python ended a call; also the code of the failure that the page shows."""


class GuestsPage(Protocol):
    """The part of a guest's page that calls use. Its `id` is unique."""

    id: str

    @property
    def is_here(self) -> bool:
        """Whether the page has a socket now."""

    def warn(self, seconds: float) -> None:
        """Warn that the call ends in `seconds`."""

    def explain(self, ending: Ending) -> None:
        """Say why the call is being ended."""


class GuestCalls:
    """The calls of all guests, one at a time for each. Nothing that a browser reports prolongs a call.

    Args:
        ledger: Counts calls and time.
        now: Gives Unix seconds.
        is_welcome: Tells whether the guest with an id hasn't been removed.
        grace: Seconds between the message to the guest and the end.
        pause: Seconds before a provider is asked again to hang up.
    """

    def __init__(
        self,
        ledger: Ledger,
        now: Callable[[], float],
        is_welcome: Callable[[str], bool] = lambda guest_id: True,
        *,
        grace: float = GRACE,
        pause: float = 1.0,
    ) -> None:
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
        """Reserve a call for a guest. Raises ProviderError with the reached limit as its code."""
        if refusal := self.ledger.ask(guest.id, self._now()):
            raise ProviderError(refusal, status=429)

    def begin(self, guest: Guest, page: GuestsPage, hang_up: HangUp) -> None:
        """Watch a call that is being placed; the guest's last one ends.

        Args:
            guest: The guest who is calling.
            page: The page of the call.
            hang_up: Ends the call at the provider.

        Raises:
            ProviderError: The guest isn't welcome any more or has reached a limit. The caller must hang up.
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
        """End the call of a page that is gone or says that its call is over."""
        call = self._calls.get(guest.id)
        if call is None or call.page.id == page_id:
            self.ledger.give_back(guest.id)
            self._finish(guest.id)

    def hang_up(self, guest_id: str, ending: Ending = 'ended_by_host') -> None:
        """Tell a guest why, then end their call, if there is one."""
        self.ledger.give_back(guest_id)
        if call := self._calls.get(guest_id):
            call.page.explain(ending)
            self._finish(guest_id, self._grace)

    def keep(self, guest_ids: set[str]) -> None:
        """End the calls of all guests but these."""
        for guest_id in self._calls.keys() - guest_ids:
            self.hang_up(guest_id, 'visit_over')

    async def stop(self) -> None:
        """End all calls, and wait for the providers."""
        self.keep(set())
        if self._watching:
            self._watching.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)

    def talking(self, guest_id: str) -> float | None:
        """Return the seconds that a guest's call has lasted; None if there is none."""
        return self.ledger.talking(guest_id, self._now())

    def used(self, guest_id: str | None = None) -> float:
        """Return the seconds that a guest, or all of them together, have talked today."""
        return self.ledger.used(self._now(), guest_id)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever a call begins or ends. Returns a function that unsubscribes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def check(self) -> None:
        """Warn guests whose time is nearly up, and end the calls of those whose time is up or whose page is away."""
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
                if error.code == 'http_404':  # it has already ended
                    return
                if number == TRIES or error.code == 'cannot_hang_up':
                    logger.error("A guest's call couldn't be hung up: %s", error)
                    return
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
