"""Where the page of the host gets its tickets."""

from __future__ import annotations

import time

from components.providers.choice import Providers
from components.relay.relay import Relay
from components.settings.settings import Settings

from .prepared_tickets import TicketDesk


class HostDesk(TicketDesk):
    """Has a ticket ahead, which may be a short-lived key of the provider's. One per page."""

    def __init__(self, browser: str, providers: Providers, relay: Relay) -> None:
        """`browser` is the one that may use the tickets, see `browser_of`."""
        super().__init__(lambda settings: providers.mint(settings, browser), time.time)
        self._browser = browser
        self._providers = providers
        self._relay = relay

    def relay_ticket(self, settings: Settings) -> str:
        """Hand out a ticket for the relay."""
        return self._relay.admit(
            lambda: self._providers.connect(settings, self._browser), self._providers.session(settings), self._browser
        )

    def call_over(self) -> None:
        """Do nothing: calls of the host have no limits that one could count for."""
