"""Admission to the relay, tested with real WebSockets at a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio import client
from websockets.exceptions import InvalidStatus

from components.desk.one_time_tickets import TICKET_SECONDS, HangUp, Order
from components.providers.connection.connection import SocketConnection
from components.providers.error import ProviderError
from components.relay.relay import Relay
from components.settings.settings import Settings

from .fakes import FakeService


class ServedRelay:
    """A relay behind a web server, and the services that it reaches. `now` is its clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.relay = Relay(
            self, now=lambda: self.now, browser_of=lambda connection: connection.query_params.get('as', '')
        )
        self.services: list[FakeService] = []
        self._listening = socket.create_server(('127.0.0.1', 0))
        self.host = f'127.0.0.1:{self._listening.getsockname()[1]}'
        app = Starlette(routes=[self.relay.route])
        self.server = uvicorn.Server(uvicorn.Config(app, log_level='warning', lifespan='off', ws='wsproto'))
        self._serving = asyncio.create_task(self.server.serve(sockets=[self._listening]))

    async def close(self) -> None:
        await self.relay.close()
        self.server.should_exit = True
        await self._serving

    async def connect(self, settings: Settings, browser: str) -> SocketConnection:
        self.services.append(FakeService())
        return SocketConnection(self.services[-1])

    def session(self, settings: Settings) -> dict[str, object]:
        return {'type': 'realtime', 'model': settings.model}

    def ticket(self, browser: str = '', on_begun: Callable[[HangUp | None], None] = lambda hang_up: None) -> str:
        ticket = self.relay.ticket(Order(Settings(), browser, on_begun))
        assert ticket.url == '/relay'
        return ticket.token

    def open(self, ticket: str, *, origin: str | None = None) -> client.connect:
        return client.connect(f'ws://{self.host}/relay/{ticket}', origin=origin or f'http://{self.host}')  # type: ignore[arg-type]

    async def all_over(self) -> None:
        if calls := self.relay._calls.values():
            await asyncio.wait(calls, timeout=5)
        assert len(self.relay) == 0
        assert all(service.closed for service in self.services)


@pytest_asyncio.fixture
async def served() -> AsyncIterator[ServedRelay]:
    served = ServedRelay()
    yield served
    await served.close()


@asynccontextmanager
async def called(served: ServedRelay, ticket: str) -> AsyncIterator[tuple[client.ClientConnection, str]]:
    """A call that is on, and the ticket for coming back to it."""
    async with served.open(ticket) as connection:
        welcome = json.loads(await connection.recv())
        assert welcome['type'] == 'relay.welcome'
        yield connection, welcome['ticket']


async def received(connection: client.ClientConnection) -> list[str]:
    """The types of all messages until the relay closes the socket."""
    return [json.loads(message)['type'] async for message in connection]


async def wait_closed(connection: client.ClientConnection) -> None:
    """Wait until the relay closes the socket."""
    async for _ in connection:
        pass


async def test_a_ticket_opens_one_call_once(served: ServedRelay) -> None:
    ticket = served.ticket()
    async with called(served, ticket), served.open(ticket) as again:
        assert await received(again) == ['relay.failed']
    await served.all_over()
    assert len(served.services) == 1


async def test_a_ticket_must_be_used_soon(served: ServedRelay) -> None:
    late = served.ticket()
    served.now += TICKET_SECONDS + 0.1
    async with served.open(late) as connection:
        assert await received(connection) == ['relay.failed']
    assert not served.services


@pytest.mark.parametrize('origin', ['https://evil.example', 'http://127.0.0.1', 'null', 'http://{host}.evil.example'])
async def test_pages_of_other_origins_are_refused(served: ServedRelay, origin: str) -> None:
    ticket = served.ticket()
    with pytest.raises(InvalidStatus) as refused:
        await served.open(ticket, origin=origin.format(host=served.host))
    assert refused.value.response.status_code == 403
    async with called(served, ticket):  # and their attempt has not used it up
        pass


async def test_a_socket_without_an_origin_is_refused(served: ServedRelay) -> None:
    with pytest.raises(InvalidStatus):
        await client.connect(f'ws://{served.host}/relay/{served.ticket()}')


async def test_a_call_resumes_with_a_one_time_return_ticket(served: ServedRelay) -> None:
    async with called(served, served.ticket()) as (connection, way_back):
        connection.transport.abort()
        async with called(served, way_back), served.open(way_back) as thief:
            assert await received(thief) == ['relay.failed']
            assert len(served.relay) == 1
            assert len(served.services) == 1
    await served.all_over()


async def test_tickets_are_bound_to_their_browser(served: ServedRelay) -> None:
    ticket = served.ticket('ana')
    async with served.open(f'{ticket}?as=ben') as thief:
        assert await received(thief) == ['relay.failed']
    async with called(served, f'{ticket}?as=ana') as (connection, way_back):  # nobody could take it from her
        connection.transport.abort()
        async with served.open(f'{way_back}?as=ben') as thief:
            assert await received(thief) == ['relay.failed']
        async with called(served, f'{way_back}?as=ana'):
            assert len(served.services) == 1
    await served.all_over()


async def test_a_call_can_be_refused_when_it_begins(served: ServedRelay) -> None:
    def refuse(hang_up: HangUp | None) -> None:
        raise ProviderError('too_many_calls')

    async with served.open(served.ticket(on_begun=refuse)) as connection:
        assert json.loads(await connection.recv()) == {'type': 'relay.failed', 'code': 'too_many_calls', 'detail': ''}
    assert not served.services
    begun: list[HangUp | None] = []
    async with called(served, served.ticket(on_begun=begun.append)) as (connection, _):
        (hang_up,) = begun
        assert hang_up
        await hang_up()
        await wait_closed(connection)
    await served.all_over()


async def test_closing_the_socket_hangs_up(served: ServedRelay) -> None:
    async with called(served, served.ticket()):
        pass
    await served.all_over()


async def test_hanging_up_works_while_the_service_speaks(served: ServedRelay) -> None:
    async def speak() -> None:
        while True:
            served.services[0].speak(bytes(2))
            await asyncio.sleep(0)

    async with called(served, served.ticket()) as (connection, _):
        await connection.recv()  # it is connected to the service
        speaking = asyncio.create_task(speak())
        for _ in range(20):
            await connection.recv()
    await served.all_over()
    speaking.cancel()


async def test_the_end_of_the_program_ends_all_calls(served: ServedRelay) -> None:
    async with called(served, served.ticket()), called(served, served.ticket()):
        await served.relay.close()
        await served.all_over()
