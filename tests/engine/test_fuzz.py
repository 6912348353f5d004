"""Ten thousand messages that are wrong in every way do a live session no harm, and leave nothing behind."""

import asyncio
import gc
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import islice

import pytest
import pytest_asyncio

from components.engine import Engine
from components.engine.call import Call
from components.engine.protocol.items import Message
from components.engine.session.response import Response
from components.engine.session.session import Session
from components.engine.transport.client_connection import run_in_loop

from .caller import Caller
from .checked_events import EventStream
from .fuzz import Fuzz
from .served import Served, SocketClient, connected

pytestmark = pytest.mark.asyncio(loop_scope='module')  # one engine serves all tests

Send = Callable[[str | bytes], Awaitable[None]]


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


async def test_over_a_data_channel(served: Served) -> None:
    async def place(offer: str) -> str:
        return (await served.client().realtime.calls.create(sdp=offer)).text

    async def call(count: int) -> None:
        async with Caller(place) as browser:
            await browser.until('session.created')
            await bombard(browser, browser.send_raw, Fuzz('channel', longest=250_000), count)

    await call(WARM_UP)
    async with nothing_left(served):
        await call(COUNT)


async def test_over_a_websocket(served: Served) -> None:
    async def call(count: int) -> None:
        connection = served.client().realtime.connect(model='m', websocket_connection_options={'max_size': None})
        async with connected(connection) as client:
            await bombard(client, client.connection.send_raw, Fuzz('socket', longest=4_000_000), count)

    await call(WARM_UP)
    async with nothing_left(served):
        await call(COUNT)


async def bombard(client: Caller | SocketClient, send: Send, fuzz: Fuzz, count: int) -> None:
    """Send the messages in rounds, each of which ends with something that must be answered; at last, hear an answer."""
    messages = fuzz.messages(count)
    hopeless = refused = 0
    for number in range(count // ROUND):
        for message in islice(messages, ROUND):
            await send(message.data)
            hopeless += message.hopeless
        await send(event('conversation.item.retrieve', event_id=f'round {number}', item_id='no_such_item'))
        await client.until_error(f'round {number}')
        refused += len(client.all('error')) - 1
        client.events.clear()  # their order is still followed
    assert refused >= hopeless
    aside = {'conversation': 'none', 'input': [], 'output_modalities': ['text'], 'metadata': {'fuzz': 'over'}}
    await send(event('response.create', event_id='over', response=aside))
    await send(event('conversation.item.retrieve', event_id='at last', item_id='no_such_item'))
    await client.until_error('at last')
    assert not [error for error in client.all('error') if error['error']['event_id'] == 'over']
    while not any(done['response']['metadata'] == {'fuzz': 'over'} for done in client.all('response.done')):
        await client.until('response.done', count=len(client.all('response.done')) + 1)


@asynccontextmanager
async def nothing_left(served: Served) -> AsyncIterator[None]:
    """Check that this context leaves no task, no thread and none of the engine's objects."""
    before = await left(served)
    yield
    assert await left(served) == before


async def left(served: Served) -> tuple[int, list[str], int]:
    """Tasks of both loops, threads (those of pools stay for ever), and what must be gone with its call."""
    EventStream.check_all()
    await served.all_over()
    await served.answered()
    gc.collect()
    running = served.engine._running
    assert running
    tasks = await run_in_loop(count_tasks(), running.loop) + await count_tasks()
    threads = [each.name for each in threading.enumerate() if not each.name.startswith('asyncio_')]
    return tasks, threads, sum(type(each) in OWNED for each in gc.get_objects())


async def count_tasks() -> int:
    return len(asyncio.all_tasks())


def event(type: str, **fields: object) -> str:
    return json.dumps({'type': type, **fields})


COUNT = 5_000  # over each transport
WARM_UP = 300  # what is made once and kept is made before the counting begins
ROUND = 100
OWNED = (Call, Session, Response, Message)
