"""Where the page of a guest gets its tickets: Python places every call, so no key of a provider's reaches a guest."""

from __future__ import annotations

from functools import partial

from starlette.requests import HTTPConnection

from components.providers.choice import Providers
from components.providers.exchange import browser_of_cookie
from components.providers.ticket import ProviderError, Ticket
from components.relay.relay import Relay
from components.relay.relayed_call import RelayedCall
from components.settings.settings import Settings
from components.sharing.calls.guest_calls import GuestCalls, GuestsPage
from components.sharing.door.visitor import Guest, visitor


class GuestDesk:
    """Has no ticket ahead, since one for a guest lasts only as long as connecting takes. One per page."""

    def __init__(self, guest: Guest, calls: GuestCalls, providers: Providers, relay: Relay, page: GuestsPage) -> None:
        self._guest = guest
        self._calls = calls
        self._providers = providers
        self._relay = relay
        self._page = page

    def prepare(self, settings: Settings) -> None:
        """Do nothing: there is nothing to fetch."""

    async def take(self, settings: Settings) -> Ticket:
        """Hand out a ticket. Raises ProviderError, also at a limit."""
        self._calls.ask(self._guest)

        def placed(call_id: str) -> None:
            if not call_id:  # nobody could end it
                raise ProviderError('provider_answer_unusable', 'The answer names no call')
            self._calls.begin(self._guest, self._page, partial(self._providers.hang_up, settings.provider, call_id))

        return await self._providers.mint(settings, self._guest.id, unified=True, on_placed=placed)

    def relay_ticket(self, settings: Settings) -> str:
        """Hand out a ticket for the relay. Raises ProviderError, also at a limit."""
        self._calls.ask(self._guest)

        def begun(call: RelayedCall) -> None:
            async def end() -> None:
                call.end()

            self._calls.begin(self._guest, self._page, end)

        return self._relay.admit(
            lambda: self._providers.connect(settings, self._guest.id),
            self._providers.session(settings),
            self._guest.id,
            begun,
        )

    def call_over(self) -> None:
        """Count the page's call as over, whatever the page says from here on."""
        self._calls.over(self._guest, self._page.id)

    def close(self) -> None:
        """The page is gone, and its call with it."""
        self.call_over()


def browser_of(connection: HTTPConnection) -> object:
    """Tell whose tickets a connection may use: a guest's own, or those of one of the host's browsers."""
    who = visitor(connection.scope)
    return who.id if isinstance(who, Guest) else browser_of_cookie(connection)
