"""Model files are fetched from a hub, whatever happens on the way."""

import asyncio
import errno
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
import pytest_asyncio

from components.engine.local_mind import fetching
from components.engine.local_mind.fetching import MARGIN, FetchError
from components.engine.local_mind.library import Library
from components.engine.local_mind.models import ListedModel

from .hub import CONTENT, Hub, serving


@pytest_asyncio.fixture
async def hub() -> AsyncIterator[Hub]:
    async with serving() as hub:
        yield hub


@pytest.fixture
def library(hub: Hub, tmp_path: Path) -> Library:
    return Library(tmp_path / 'models', {'small': hub.model()})


async def fetch(library: Library, model: ListedModel) -> FetchError | None:
    """Fetch a model to the end, and return what went wrong."""
    complete: list[ListedModel] = []

    async def keep(model: ListedModel) -> None:
        complete.append(model)

    library.begin(model, keep)
    assert library._task
    await library._task
    assert not library.fetching
    assert bool(complete) == library.has(model) == (library.problem is None)
    return library.problem


async def test_a_file_is_fetched_for_its_owner_alone(hub: Hub, library: Library) -> None:
    assert await fetch(library, hub.model()) is None
    file = library.file(hub.model())
    assert file.read_bytes() == CONTENT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in library.folder.iterdir()] == ['small.gguf']


async def test_a_broken_download_is_resumed(hub: Hub, library: Library) -> None:
    hub.break_at = 3_000_000
    problem = await fetch(library, hub.model())
    assert problem
    assert problem.problem == 'broken_off'
    kept = library.partial(hub.model())
    assert 0 < kept <= 3_000_000
    hub.break_at = None
    assert await fetch(library, hub.model()) is None
    assert hub.requests[1]['range'] == f'bytes={kept}-'
    assert hub.requests[1]['if-range'] == '"first"'
    assert library.file(hub.model()).read_bytes() == CONTENT


@pytest.mark.parametrize('change', ['file', 'no ranges'])
async def test_it_begins_anew_where_it_cannot_be_resumed(hub: Hub, library: Library, change: str) -> None:
    hub.break_at = 3_000_000
    await fetch(library, hub.model())
    hub.break_at, hub.ranges = None, change != 'no ranges'
    if change == 'file':
        hub.content, hub.etag = b'GGUF' + bytes(1_000_000) + CONTENT[:3_000_000], '"second"'
    assert await fetch(library, hub.model()) is None
    assert library.file(hub.model()).read_bytes() == hub.content


async def test_without_etag_and_hash_nothing_is_resumed(hub: Hub, library: Library) -> None:
    hub.etag, hub.break_at = '', 3_000_000
    await fetch(library, hub.model(sha256=''))
    hub.break_at = None
    assert await fetch(library, hub.model(sha256='')) is None
    assert 'range' not in hub.requests[1]


async def test_a_wrong_hash_is_refused_and_dropped(hub: Hub, library: Library) -> None:
    model = hub.model(sha256='0' * 64)
    problem = await fetch(library, model)
    assert problem
    assert problem.problem == 'wrong_file'
    assert [*library.folder.iterdir()] == []


async def test_an_error_page_is_no_model(hub: Hub, library: Library) -> None:
    hub.content = b'<html>' * 1000
    problem = await fetch(library, hub.model(sha256=''))
    assert problem
    assert problem.problem == 'wrong_file'
    hub.status = 403
    problem = await fetch(library, hub.model())
    assert problem
    assert (problem.problem, problem.status) == ('refused', 403)


async def test_a_hub_out_of_reach_is_reported(hub: Hub, tmp_path: Path) -> None:
    hub.url = 'http://127.0.0.1:1/nobody/small/resolve/main/small.gguf'
    problem = await fetch(Library(tmp_path / 'models'), hub.model())
    assert problem
    assert problem.problem == 'unreachable'


async def test_a_disk_without_room_is_noticed_before_and_during(hub: Hub, library: Library) -> None:
    room = [MARGIN + 1000]
    library._free = lambda folder: room[0]
    problem = await fetch(library, hub.model())
    assert problem
    assert problem.problem == 'disk_full'
    assert hub.requests == []
    room[0] = MARGIN + len(CONTENT)  # somebody else needs it meanwhile: it does not grow less by what arrives
    library._free = lambda folder: room[0] - 2 * len(CONTENT) * bool(library.fetch and library.fetch.received)
    problem = await fetch(library, hub.model())
    assert problem
    assert problem.problem == 'disk_full'
    assert library.partial(hub.model())


async def test_a_disk_that_refuses_to_write_is_reported(
    hub: Hub, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, problem in ((errno.ENOSPC, 'disk_full'), (errno.EACCES, 'no_access')):

        def refuse(*_: object, number: int = number) -> None:
            raise OSError(number, 'refused')

        monkeypatch.setattr(fetching, '_private', refuse)
        found = await fetch(library, hub.model())
        assert found
        assert found.problem == problem


async def test_a_cancelled_fetch_keeps_what_has_arrived(hub: Hub, library: Library) -> None:
    hub.hold_at = 2_500_000
    arrived = asyncio.Event()

    def free(folder: Path) -> int:
        if library.fetch and library.fetch.received:
            arrived.set()
        return 1 << 40

    library._free = free
    library.begin(hub.model(), AsyncMock(side_effect=AssertionError))
    await arrived.wait()
    assert library.fetching
    assert 0 < library.fetching.received < len(CONTENT)
    await library.cancel()
    assert not library.fetching
    assert library.problem is None
    assert library.partial(hub.model())
    hub.hold_at = None
    assert await fetch(library, hub.model()) is None


async def test_a_removed_model_leaves_nothing(hub: Hub, library: Library) -> None:
    await fetch(library, hub.model())
    library.remove(hub.model())
    assert [*library.folder.iterdir()] == []
    assert not library.has(hub.model())
