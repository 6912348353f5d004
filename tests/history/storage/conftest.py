"""Databases for the tests of the history: a SQLite file, and a real PostgreSQL server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import create_engine, text

from components.history.history import History

from . import postgres
from .postgres import Postgres


@pytest.fixture(scope='session')
def server() -> Iterator[Postgres]:
    where = postgres.programs()
    if where is None:
        pytest.skip('PostgreSQL is not installed')
    with postgres.running(where) as server:
        yield server


@pytest.fixture(params=['sqlite', 'postgresql'])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == 'sqlite':
        return f'sqlite:///{tmp_path / "data" / "history.sqlite3"}'
    server: Postgres = request.getfixturevalue('server')
    engine = create_engine(server.url.replace('postgresql:', 'postgresql+psycopg:'))
    with engine.begin() as connection:
        connection.execute(text('DROP SCHEMA public CASCADE'))
        connection.execute(text('CREATE SCHEMA public'))
    engine.dispose()
    return server.url


@pytest_asyncio.fixture
async def history(url: str) -> AsyncIterator[History]:
    history = History(url)
    await history.start()
    yield history
    await history.close()
