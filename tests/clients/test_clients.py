"""Other people's clients talk with the engine, unmodified."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from components.engine import Engine
from tests.engine.served import Served

from .clients import CLIENTS, Client


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    client = CLIENTS[request.param]
    if not client.environment.is_installed:
        pytest.skip(f'{client.name} is not installed: `python -m tests.clients {client.name}` makes its environment')
    return client


async def test_a_client_holds_a_conversation(client: Client, served: Served) -> None:
    await asyncio.to_thread(client.talk, served.url)
