"""The desk where tickets are fetched ahead, so that a call need not wait for its key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from components.providers.ticket import Ticket
from components.settings.settings import Settings

ENOUGH_TIME = 20.0
"""Seconds a ticket must still be valid when handed out: the browser may first have to ask for the microphone."""


class TicketDesk:
    """Keeps at most one ticket ahead for a page, made for exactly the settings it was asked for. One per page."""

    def __init__(self, mint: Callable[[Settings], Awaitable[Ticket]], now: Callable[[], float]) -> None:
        """`mint` fetches one ticket and may raise ProviderError; `now` gives unix seconds."""
        self._mint = mint
        self._now = now
        self._ahead: _Ahead | None = None

    def prepare(self, settings: Settings) -> None:
        """Fetch a ticket in the background, unless a good one is here or on its way.

        A failure of which nobody is waiting to hear is forgotten: `take` will try again and tell.
        """
        if self._ahead and self._ahead.settings == settings and self._promising(self._ahead.ticket):
            return
        self.close()
        ticket = asyncio.ensure_future(self._mint(settings))
        ticket.add_done_callback(_forget_failure)
        self._ahead = _Ahead(settings, ticket)

    async def take(self, settings: Settings) -> Ticket:
        """Hand out a ticket for these settings, never the same one twice. Raises ProviderError."""
        ahead, self._ahead = self._ahead, None  # from here on it is ours alone, whoever asks next
        if ahead and ahead.settings == settings and self._promising(ahead.ticket):
            return await ahead.ticket  # should it fail only now, asking again would double the wait and learn nothing
        if ahead:
            ahead.ticket.cancel()
        return await self._mint(settings)

    def close(self) -> None:
        """Throw away the ticket ahead, also while it is still being fetched."""
        if self._ahead:
            self._ahead.ticket.cancel()
            self._ahead = None

    def _promising(self, ticket: asyncio.Future[Ticket]) -> bool:
        if not ticket.done():
            return True
        return not ticket.cancelled() and not ticket.exception() and self._fresh(ticket.result())

    def _fresh(self, ticket: Ticket) -> bool:
        return ticket.expires_at - self._now() >= ENOUGH_TIME


@dataclass(frozen=True)
class _Ahead:
    settings: Settings
    ticket: asyncio.Future[Ticket]


def _forget_failure(ticket: asyncio.Future[Ticket]) -> None:
    if not ticket.cancelled():
        ticket.exception()  # looked at, so asyncio does not log it as lost
