"""Calls over WebRTC that Python places for a browser, so that the browser never gets a key of the provider's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.providers.error import ProviderError
from components.providers.profile import Placing
from components.providers.ticket import PlacedCall, Ticket
from components.settings.catalogue import ProviderKind
from components.settings.settings import Settings

from .one_time_tickets import BrowserOf, OneTimeTickets, Order, browser_of_cookie

CALLS_URL = '/calls'

LONGEST_OFFER = 65_536
"""Bytes. A browser's offer for one voice has some 2,000."""

OFFER_SECONDS = 10.0
"""How long a browser may take to send its offer."""


class CallPlacer(Protocol):
    """Places and ends calls at a provider, see `Providers`."""

    def placing(self, settings: Settings) -> Placing:
        """Return who places calls with these settings. Raises ProviderError if calls can't be placed."""

    async def place(self, settings: Settings, offer: str, browser: str) -> PlacedCall:
        """Place a call from an SDP offer. Raises ProviderError."""

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        """End a call. Raises ProviderError."""

    def life_at(self, kind: ProviderKind, call_id: str) -> float:
        """Return when somebody last spoke in a call, in Unix seconds; -inf if that is not known."""


class Exchange:
    """Exchanges SDP offers for answers, one for each of its tickets.

    To a browser its `route` looks like a Realtime API's `/realtime/calls`, and errors have the same shape.

    Args:
        providers: Places the calls.
        now: Gives Unix seconds.
        browser_of: Identifies the browser of a request.
    """

    def __init__(
        self, providers: CallPlacer, *, now: Callable[[], float] = time.time, browser_of: BrowserOf = browser_of_cookie
    ) -> None:
        self.route = Route(CALLS_URL, self._serve, methods=['POST'])
        self._providers = providers
        self._tickets = OneTimeTickets(now, browser_of)
        self._tasks: set[asyncio.Task[None]] = set()

    def ticket(self, order: Order) -> Ticket:
        """Issue a ticket for one call. Raises ProviderError if its provider can't be reached over WebRTC."""
        if self._providers.placing(order.settings) == 'websocket':
            raise ProviderError('relay_only')
        return self._tickets.issue(CALLS_URL, order)

    async def close(self) -> None:
        """Wait until the calls of browsers that left are hung up."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, request: Request) -> Response:
        try:
            order = self._redeem(request)
            call = await self._place(order, await _read_offer(request), request)
            if call:
                self._announce(order, call)
        except ProviderError as error:
            return JSONResponse(error.body, error.status, headers=_PRIVATE)
        except ClientDisconnect:
            call = None
        if call is None:
            return Response(status_code=499)  # the browser is gone, so the response is never read
        return Response(call.answer, 201, headers=_PRIVATE, media_type='application/sdp')

    def _redeem(self, request: Request) -> Order:
        scheme, _, token = request.headers.get('authorization', '').partition(' ')
        return self._tickets.redeem(token if scheme.lower() == 'bearer' else '', request)

    async def _place(self, order: Order, offer: str, request: Request) -> PlacedCall | None:
        """Place the call. If the browser disconnects first, hang up as soon as the call exists and return None."""
        placing = asyncio.ensure_future(self._providers.place(order.settings, offer, order.browser))
        leaving = asyncio.create_task(_left(request))
        wanted = False
        try:
            await asyncio.wait({placing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            wanted = not leaving.done()
        finally:
            leaving.cancel()
            if not wanted:
                self._undo(order, placing)
        return placing.result() if wanted else None

    def _announce(self, order: Order, call: PlacedCall) -> None:
        """Report the call to the page that requested it. If the page refuses, hang up and raise its ProviderError."""
        try:
            order.on_begun(partial(self._hang_up, order, call) if call.id else None)
        except ProviderError:
            placed: asyncio.Future[PlacedCall] = asyncio.get_running_loop().create_future()
            placed.set_result(call)
            self._undo(order, placed)
            raise
        order.last_sign.follow(partial(self._providers.life_at, order.settings.provider, call.id))

    def _undo(self, order: Order, placing: asyncio.Future[PlacedCall]) -> None:
        async def undo() -> None:
            with suppress(ProviderError):
                call = await placing
                if call.id:
                    await self._hang_up(order, call)

        undoing = asyncio.create_task(undo())
        self._tasks.add(undoing)
        undoing.add_done_callback(self._tasks.discard)

    async def _hang_up(self, order: Order, call: PlacedCall) -> None:
        await self._providers.hang_up(order.settings.provider, call.id)


async def _read_offer(request: Request) -> str:
    kind = request.headers.get('content-type', '').partition(';')[0].strip().lower()
    if kind != 'application/sdp':
        raise ProviderError('unsupported_content_type', 'An offer must be application/sdp', status=415)
    offer = bytearray()
    try:
        async with asyncio.timeout(OFFER_SECONDS):
            async for chunk in request.stream():
                offer += chunk
                if len(offer) > LONGEST_OFFER:
                    too_large = f'An offer may have at most {LONGEST_OFFER} bytes'
                    raise ProviderError('request_too_large', too_large, status=413)
    except TimeoutError:
        raise ProviderError('request_timeout', 'The offer did not arrive in time', status=408) from None
    return offer.decode(errors='replace')


async def _left(request: Request) -> None:
    while (await request.receive())['type'] != 'http.disconnect':
        pass


_PRIVATE = {'Cache-Control': 'no-store'}
