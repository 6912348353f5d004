"""Other people's clients talk with the engine, unmodified."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from components.engine import Engine
from tests.engine.served import Served

from .clients import CLIENTS


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


@pytest.mark.parametrize('name', CLIENTS)
async def test_a_client_holds_a_conversation(name: str, served: Served) -> None:
    client = CLIENTS[name]
    if not client.environment.is_installed:
        pytest.skip(f'{name} is not installed: `python -m tests.clients {name}` makes its environment')
    await asyncio.to_thread(client.talk, served.url)
