"""The desk that gives tickets to a host's page. It fetches them ahead, so that a call needn't wait for its key."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from components.providers.error import ProviderError
from components.providers.profile import Placing
from components.providers.ticket import CallTransport, Ticket
from components.settings.catalogue import ProviderKind
from components.settings.settings import Settings

from .last_sign import LastSign
from .one_time_tickets import HangUp, Order, TicketSource

logger = logging.getLogger(__name__)

ENOUGH_TIME = 20.0
"""Seconds that a ticket must still be valid when handed out: the browser may first have to ask for the microphone."""


class KeyMint(Protocol):
    """Fetches short-lived keys from a provider, see `Providers`."""

    def placing(self, settings: Settings) -> Placing:
        """Return who places calls with these settings. Raises ProviderError if calls can't be placed."""

    async def mint(self, settings: Settings, browser: str) -> Ticket:
        """Fetch a key with which the browser places one call. Raises ProviderError."""

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        """End a call over WebRTC. Raises ProviderError."""

    def life_at(self, kind: ProviderKind, call_id: str) -> float:
        """Return when somebody last spoke in a call, in Unix seconds; -inf if that is not known."""


class HostDesk:
    """Keeps at most one ticket ahead, made for exactly the settings it was prepared for. One per page.

    Args:
        browser: The browser that may use the tickets, see `BrowserOf`.
        providers: Fetches keys for providers that let a browser place its calls.
        exchange: Issues tickets for calls over WebRTC that Python places.
        relay: Issues tickets for calls over the relay.
        now: Gives Unix seconds.
        prefix: The path below which the page is served.
    """

    def __init__(
        self,
        browser: str,
        providers: KeyMint,
        exchange: TicketSource,
        relay: TicketSource,
        now: Callable[[], float] = time.time,
        prefix: str = '',
    ) -> None:
        self._prefix = prefix
        self._browser = browser
        self._providers = providers
        self._exchange = exchange
        self._relay = relay
        self._now = now
        self._ahead: _Ahead | None = None
        self._provider: ProviderKind = 'openai'  # of the latest call
        self._hang_up: HangUp | None = None  # ends the latest call that Python has placed
        self._last_sign = LastSign(now)  # in calls that Python has placed

    def prepare(self, settings: Settings) -> None:
        """Fetch a ticket for WebRTC in the background, unless a good one is here or on its way.

        A failure that no caller is waiting for is dropped: `take` tries again and reports it.
        """
        if self._ahead and self._ahead.settings == settings and self._is_usable(self._ahead.ticket):
            return
        self.close()
        ticket = asyncio.ensure_future(self._fetch(settings))
        ticket.add_done_callback(_forget_failure)
        self._ahead = _Ahead(settings, ticket)

    async def take(self, settings: Settings, transport: CallTransport) -> Ticket:
        """Return a ticket for a call with these settings, never the same one twice. Raises ProviderError."""
        self._provider = settings.provider
        if transport == 'relay':
            return self._relay.ticket(self._order(settings)).below(self._prefix)
        return (await self._take(settings)).below(self._prefix)

    async def _take(self, settings: Settings) -> Ticket:
        ahead, self._ahead = self._ahead, None  # no other caller may take it
        if ahead and ahead.settings == settings and self._is_usable(ahead.ticket):
            return replace(await ahead.ticket, ahead=True)  # if it fails only now, asking again changes nothing
        if ahead:
            ahead.ticket.cancel()
        return await self._fetch(settings)

    def call_over(self) -> None:
        """Do nothing: calls of the host aren't limited."""

    async def hang_up(self, call_id: str) -> None:
        """End the page's call at its service. Logs why if that is impossible.

        Args:
            call_id: The service's id of a call that the browser placed; '' if there is none.
        """
        try:
            if call_id:
                await self._providers.hang_up(self._provider, call_id)
            elif self._hang_up:
                await self._hang_up()
        except ProviderError as error:
            if error.code != 'http_404':  # else it has ended
                logger.warning("A forgotten call couldn't be hung up: %s", error)

    def life_at(self, call_id: str) -> float:
        """Return when somebody last spoke in the page's call, in Unix seconds; -inf if Python cannot know that.

        Args:
            call_id: The service's id of a call that the browser placed; '' if there is none.
        """
        return max(self._last_sign.at, self._providers.life_at(self._provider, call_id) if call_id else -math.inf)

    def close(self) -> None:
        """Throw away the ticket kept ahead, even while it is still being fetched."""
        if self._ahead:
            self._ahead.ticket.cancel()
            self._ahead = None

    async def _fetch(self, settings: Settings) -> Ticket:
        if self._providers.placing(settings) == 'ephemeral':
            return await self._providers.mint(settings, self._browser)
        return self._exchange.ticket(self._order(settings))

    def _order(self, settings: Settings) -> Order:
        return Order(settings, self._browser, self._note_call, self._last_sign)

    def _note_call(self, hang_up: HangUp | None) -> None:
        self._hang_up = hang_up

    def _is_usable(self, ticket: asyncio.Future[Ticket]) -> bool:
        if not ticket.done():
            return True
        if ticket.cancelled() or ticket.exception():
            return False
        return ticket.result().expires_at - self._now() >= ENOUGH_TIME


@dataclass(frozen=True)
class _Ahead:
    settings: Settings
    ticket: asyncio.Future[Ticket]


def _forget_failure(ticket: asyncio.Future[Ticket]) -> None:
    if not ticket.cancelled():
        ticket.exception()  # retrieved, so that asyncio doesn't log it as lost
