"""The exchange places calls for browsers, so that no key of the provider's reaches them, not even a short-lived one."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.settings.catalogue import ProviderKind

from .ticket import PlacedCall, ProviderError, Ticket

CALLS_URL = '/calls'

TICKET_LIFETIME = 30.0
"""Seconds. A new ticket costs nothing, so it need not last longer than the offer takes that it is fetched for."""

LONGEST_OFFER = 65_536
"""Bytes. A browser's offer for one voice has some 2,000."""

OFFER_SECONDS = 10.0
"""How long a browser may take to send its offer."""

MOST_TICKETS = 10_000


@dataclass(frozen=True)
class Order:
    """What a ticket is good for: one call of one browser, with the settings that `place` knows."""

    provider: ProviderKind
    browser_id: str
    place: Callable[[str], Awaitable[PlacedCall]]  # takes the SDP offer; may raise ProviderError
    hang_up: Callable[[str], Awaitable[None]]  # takes the id of the call; may raise ProviderError
    on_placed: Callable[[str], None]  # told the id of the call, '' if the provider says none; may raise ProviderError


class Exchange:
    """Gives tickets of Parley's own, and takes each of them once, from the browser that it was given to.

    To a browser its `route` is a Realtime API's `/realtime/calls`, with the errors in the same shape.
    """

    def __init__(
        self, *, now: Callable[[], float] = time.time, browser_of: Callable[[HTTPConnection], object] | None = None
    ) -> None:
        """
        :param now: unix seconds
        :param browser_of: tells the browser of a request; by default as NiceGUI does, from its signed cookie
        """
        self.route = Route(CALLS_URL, self._serve, methods=['POST'])
        self._now = now
        self._browser_of = browser_of or browser_of_cookie
        self._orders: dict[str, Order | None] = {}  # by token; None once it was used
        self._expiry: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def ticket(self, order: Order) -> Ticket:
        """Make the ticket for an order. Raises ProviderError when too many are out."""
        self._forget_old()
        if len(self._orders) >= MOST_TICKETS:
            raise ProviderError('rate_limit_exceeded', 'Too many tickets are out', status=429)
        token = f'parley_{secrets.token_urlsafe(32)}'
        self._orders[token] = order
        self._expiry[token] = self._now() + TICKET_LIFETIME
        return Ticket(CALLS_URL, token, self._expiry[token], order.provider)

    async def close(self) -> None:
        """Wait until the calls of browsers that left are hung up."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, request: Request) -> Response:
        try:
            order = self._redeem(request)
            call = await self._place(order, await _read_offer(request), request)
            if call:
                self._note(order, call)
        except ProviderError as error:
            return JSONResponse(error.body, error.status, headers=_PRIVATE)
        except ClientDisconnect:
            call = None
        if call is None:
            return Response(status_code=499)  # nobody is there to read it
        return Response(call.answer, 201, headers=_PRIVATE, media_type='application/sdp')

    def _redeem(self, request: Request) -> Order:
        """What the request's ticket is good for; from then on it is good for nothing."""
        scheme, _, token = request.headers.get('authorization', '').partition(' ')
        if scheme.lower() != 'bearer' or token not in self._orders:
            raise ProviderError('ticket_invalid', 'No such ticket', status=401)
        order = self._orders[token]
        if order is None or self._expiry[token] <= self._now():
            raise ProviderError('ticket_used', 'This ticket was used, or is too old', status=410)
        if self._browser_of(request) != order.browser_id:
            raise ProviderError('ticket_invalid', 'No such ticket', status=401)
        self._orders[token] = None
        return order

    async def _place(self, order: Order, offer: str, request: Request) -> PlacedCall | None:
        """Place the call, unless the browser leaves meanwhile: then it is hung up as soon as it is there."""
        placing = asyncio.ensure_future(order.place(offer))
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

    def _note(self, order: Order, call: PlacedCall) -> None:
        """Tell who ordered the call. If they refuse it now, the browser gets no answer, and the call is hung up."""
        try:
            order.on_placed(call.id)
        except ProviderError:
            placed: asyncio.Future[PlacedCall] = asyncio.get_running_loop().create_future()
            placed.set_result(call)
            self._undo(order, placed)
            raise

    def _undo(self, order: Order, placing: asyncio.Future[PlacedCall]) -> None:
        undoing = asyncio.create_task(_undo(order, placing))
        self._tasks.add(undoing)
        undoing.add_done_callback(self._tasks.discard)

    def _forget_old(self) -> None:
        """Old tickets are remembered for as long again, to tell that they are old."""
        for token, expires_at in list(self._expiry.items()):
            if expires_at + TICKET_LIFETIME > self._now():
                break  # the others are younger
            del self._orders[token], self._expiry[token]


async def _undo(order: Order, placing: asyncio.Future[PlacedCall]) -> None:
    with suppress(ProviderError):
        call = await placing
        if call.id:
            await order.hang_up(call.id)


async def _read_offer(request: Request) -> str:
    kind = request.headers.get('content-type', '').partition(';')[0].strip().lower()
    if kind != 'application/sdp':
        raise ProviderError('unsupported_content_type', 'An offer is application/sdp', status=415)
    offer = bytearray()
    try:
        async with asyncio.timeout(OFFER_SECONDS):
            async for chunk in request.stream():
                offer += chunk
                if len(offer) > LONGEST_OFFER:
                    raise ProviderError('request_too_large', f'An offer has {LONGEST_OFFER} bytes at most', status=413)
    except TimeoutError:
        raise ProviderError('request_timeout', 'The offer did not come in time', status=408) from None
    return offer.decode(errors='replace')


async def _left(request: Request) -> None:
    while (await request.receive())['type'] != 'http.disconnect':
        pass


def browser_of_cookie(request: HTTPConnection) -> object:
    """Tell the browser of a request as NiceGUI does."""
    return request.scope.get('session', {}).get('id')


_PRIVATE = {'Cache-Control': 'no-store'}
