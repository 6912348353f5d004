"""Tickets that Parley redeems itself: each is good for one call, of one browser, once, for a short while."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from starlette.requests import HTTPConnection

from components.providers.error import ProviderError
from components.providers.ticket import Ticket
from components.settings.settings import Settings

from .last_sign import LastSign

TICKET_SECONDS = 30.0
"""How long a ticket is valid. A browser uses it at once, and a new one costs nothing."""

MOST_TICKETS = 1000
"""Tickets that are remembered; when there are more, the oldest are dropped."""

HangUp: TypeAlias = Callable[[], Awaitable[None]]
"""Ends one call. May raise ProviderError, for example `http_404` if the call has already ended."""

BrowserOf: TypeAlias = Callable[[HTTPConnection], object]
"""Identifies the browser behind a request or WebSocket."""


@dataclass(frozen=True)
class Order:
    """One call that a browser may place.

    Attributes:
        settings: The settings of the call.
        browser: The browser that may place it, as `BrowserOf` identifies it.
        on_begun: Called when the call has been placed, with the function that hangs it up, or None if the provider
            doesn't identify the call. May raise ProviderError to refuse the call.
        last_sign: Keeps when somebody last spoke in the call, where Python can hear that.
    """

    settings: Settings
    browser: str
    on_begun: Callable[[HangUp | None], None] = lambda hang_up: None
    last_sign: LastSign = field(default_factory=LastSign)


class TicketSource(Protocol):
    """Issues tickets for one transport: the exchange for `webrtc`, the relay for `relay`."""

    def ticket(self, order: Order) -> Ticket:
        """Issue a ticket for a call. Raises ProviderError if calls can't be placed this way."""


def browser_of_cookie(connection: HTTPConnection) -> object:
    """Identify a browser by NiceGUI's signed session cookie."""
    return connection.scope.get('session', {}).get('id')


class OneTimeTickets:
    """Issues tickets and redeems each of them once.

    Args:
        now: Gives Unix seconds.
        browser_of: Identifies the browser that redeems a ticket.
    """

    def __init__(self, now: Callable[[], float] = time.time, browser_of: BrowserOf = browser_of_cookie) -> None:
        self._now = now
        self._browser_of = browser_of
        self._issued: dict[str, _Issued] = {}  # by token, the oldest first

    def issue(self, url: str, order: Order) -> Ticket:
        """Issue a ticket for an order, to be redeemed at `url`."""
        self._forget_old()
        ticket = Ticket(url, f'parley_{secrets.token_urlsafe(32)}', self._now() + TICKET_SECONDS)
        self._issued[ticket.token] = _Issued(ticket, order)
        return ticket

    def redeem(self, token: str, connection: HTTPConnection) -> Order:
        """Return what a token was issued for; after that the token is worthless.

        Raises:
            ProviderError: `ticket_invalid` for an unknown token or another browser's, which that browser may still
                use; `ticket_used` for one that was redeemed before or has expired.
        """
        issued = self._issued.get(token)
        if issued is None:
            raise ProviderError('ticket_invalid', 'No such ticket', status=401)
        if issued.used or issued.ticket.expires_at <= self._now():
            raise ProviderError('ticket_used', 'This ticket has been used or has expired', status=410)
        if self._browser_of(connection) != issued.order.browser:
            raise ProviderError('ticket_invalid', 'No such ticket', status=401)
        issued.used = True
        return issued.order

    def _forget_old(self) -> None:
        """Drop old and surplus tickets. Expired tickets stay for a while, so that they differ from invalid ones."""
        for token, issued in list(self._issued.items()):
            expired = issued.ticket.expires_at + TICKET_SECONDS <= self._now()
            if not expired and len(self._issued) < MOST_TICKETS:
                break  # the others are younger
            del self._issued[token]


@dataclass
class _Issued:
    ticket: Ticket
    order: Order
    used: bool = False
