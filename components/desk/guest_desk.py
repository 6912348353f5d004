"""The desk with tickets for a guest's page. Python places every call, so no key of a provider's reaches a guest."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from components.providers.error import ProviderError
from components.providers.ticket import CallTransport, Ticket
from components.settings.settings import Settings

from .last_sign import LastSign
from .one_time_tickets import HangUp, Order, TicketSource


class CallLimits(Protocol):
    """The calls that one page of a guest may place; see `components.sharing.calls`."""

    def ask(self) -> None:
        """Reserve a call. Raises ProviderError at a limit."""

    def begin(self, hang_up: HangUp) -> None:
        """Count a call that has been placed, and end it by `hang_up` at a limit. Raises ProviderError to refuse it."""

    def over(self) -> None:
        """Count the page's call as over."""


class GuestDesk:
    """Fetches no ticket ahead, since a guest's ticket only lasts for the time it takes to connect. One per page.

    Args:
        guest_id: The guest that may use the tickets, see `BrowserOf`.
        limits: Counts and limits the calls of the page.
        exchange: Issues tickets for calls over WebRTC.
        relay: Issues tickets for calls over the relay.
        must_relay: Tells whether calls with these settings can only be ended if they go by the relay.
        now: Gives Unix seconds.
    """

    def __init__(
        self,
        guest_id: str,
        limits: CallLimits,
        exchange: TicketSource,
        relay: TicketSource,
        must_relay: Callable[[Settings], bool] = lambda settings: False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._guest_id = guest_id
        self._limits = limits
        self._exchange = exchange
        self._relay = relay
        self._must_relay = must_relay
        self._last_sign = LastSign(now)

    def prepare(self, settings: Settings) -> None:
        """Do nothing: a guest's ticket isn't fetched ahead."""

    async def take(self, settings: Settings, transport: CallTransport) -> Ticket:
        """Return a ticket for a call with these settings. Raises ProviderError, also at a limit."""
        if transport == 'webrtc' and self._must_relay(settings):
            raise ProviderError('relay_only', 'Calls of guests go by the relay here')
        self._limits.ask()
        source = self._relay if transport == 'relay' else self._exchange
        return source.ticket(Order(settings, self._guest_id, self._begin, self._last_sign))

    def call_over(self) -> None:
        """Count the page's call as over, regardless of later reports from the page."""
        self._limits.over()

    async def hang_up(self, call_id: str) -> None:
        """End the page's call, which Python has placed."""
        self._limits.over()

    def life_at(self, call_id: str) -> float:
        """Return when somebody last spoke in the page's call, in Unix seconds; -inf if Python cannot know that."""
        return self._last_sign.at

    def close(self) -> None:
        """End the call of a page that is gone."""
        self._limits.over()

    def _begin(self, hang_up: HangUp | None) -> None:
        if hang_up is None:
            raise ProviderError('provider_answer_unusable', "The provider's answer doesn't identify the call")
        self._limits.begin(hang_up)
