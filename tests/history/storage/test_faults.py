"""A database that cannot be used is announced, harms no call, and loses nothing that was stored."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from components.history.database import Database, DatabaseProblem
from components.history.entries import Problem
from components.history.history import History
from components.history.shelf import Shelf

from .small_disk import SmallDisk, small_disk
from .test_history import HOST, Page, running, said
from .test_shelf import CALLING
from .test_shelf import Page as ShownPage


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / 'disk') as disk:
        yield disk


async def wait_for(history: History, problem: Problem | None) -> None:
    """Wait until the page is told of a problem, or that it is over."""
    changed = asyncio.Event()
    history.on_problem(changed.set)
    while history.problem is not problem:
        await asyncio.wait_for(changed.wait(), 20)
        changed.clear()


async def store(url: str, turns: int = 1) -> None:
    """Keep a conversation."""
    async with running(url) as history:
        await Page(history).keeps(*(said(f'u{number}', 'Hello, how are you? ' * 20) for number in range(turns)))


async def assert_call_goes_on(history: History) -> None:
    """Assert that what is said in a call looks finished, since a note says that it is not kept."""
    page = ShownPage(await Shelf(history).latest(HOST))
    page.enters(*CALLING)
    page.receives_words('u9', 'Is anybody there?')
    (turn,) = page.director.transcript.turns
    assert page.notebook.is_kept(turn)


def make_single(file: Path) -> None:
    """Put into the file itself what SQLite may still have in its log."""
    copy = file.with_name('copy')
    with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(copy)) as target:
        database.backup(target)
    for log in file.parent.glob(f'{file.name}-*'):
        log.unlink()
    copy.replace(file)


def put_nonsense(file: Path) -> None:
    file.write_bytes(b'no database at all ' * 1000)


def overwrite_a_page(file: Path) -> None:
    """Damage a part that nobody reads when the database is opened: the middle of the turns."""
    with file.open('r+b') as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(b'\xff' * 20_000)


@pytest.mark.parametrize('damage', [put_nonsense, overwrite_a_page])
async def test_damage_is_noticed_before_anything_is_written(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    file = tmp_path / 'history.sqlite3'
    await store(f'sqlite:///{file}', turns=200)
    make_single(file)
    damage(file)
    before = file.read_bytes()
    async with running(f'sqlite:///{file}') as history:
        await wait_for(history, Problem.CORRUPT)
        await assert_call_goes_on(history)
        with pytest.raises(DatabaseProblem):
            await history.delete_all(HOST)
    assert file.read_bytes() == before


async def test_a_newer_version_is_noticed_before_anything_is_written(url: str) -> None:
    await store(url)
    database = Database(url)
    with database.transaction(writing=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    async with running(url) as history:
        await wait_for(history, Problem.NEWER)
        await assert_call_goes_on(history)
        with pytest.raises(DatabaseProblem):
            await history.delete_all(HOST)
    with pytest.raises(DatabaseProblem, match='9999'), Database(url).transaction():
        pass


async def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip('root may write everywhere; the test with a disk that is read-only shows the same')
    file = tmp_path / 'history.sqlite3'
    await store(f'sqlite:///{file}')
    file.chmod(0o400)
    before = file.read_bytes()
    async with running(f'sqlite:///{file}') as history:
        await wait_for(history, Problem.READ_ONLY)
        await assert_call_goes_on(history)
    assert file.read_bytes() == before


async def test_a_disk_that_becomes_read_only(disk: SmallDisk) -> None:
    url = f'sqlite:///{disk.folder / "history.sqlite3"}'
    async with running(url) as history:
        page = Page(history)
        await page.keeps(said('u1', 'Hello'))
    disk.remount('ro')
    async with running(url) as history:
        await wait_for(history, Problem.READ_ONLY)  # before anything is said
        page = Page(history, 'c2')
        page.journal.keep([said('u2', 'Meanwhile')], {'u2'})
        await assert_call_goes_on(history)
        disk.remount('rw')
        assert (await asyncio.wait_for(page.stored.get(), 20)).finished == {'u2'}
        assert history.problem is None
        assert {entry.id for entry in await history.conversations(HOST)} >= {'c1', 'c2'}


async def test_a_full_disk(disk: SmallDisk) -> None:
    async with running(f'sqlite:///{disk.folder / "history.sqlite3"}') as history:
        page = Page(history)
        await page.keeps(said('u1', 'Hello'))
        long = said('u2', 'word ' * 300_000)
        page.journal.keep([said('u1', 'Hello'), long], {'u2'})
        await wait_for(history, Problem.FULL)
        found = await history.load(HOST, 'c1')
        assert found
        assert [turn.item_id for turn in found.turns] == ['u1']
        disk.remount('size=16m')
        assert (await asyncio.wait_for(page.stored.get(), 20)).finished == {'u2'}
        assert history.problem is None
        found = await history.load(HOST, 'c1')
        assert found
        assert found.turns[1] == long


async def test_a_locked_file_is_written_when_it_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('components.history.database.PATIENCE_S', 0.05)
    url = f'sqlite:///{tmp_path / "history.sqlite3"}'
    async with running(url) as history:
        page = Page(history)
        await page.keeps(said('u1', 'Hello'))
        with Database(url).transaction(writing=True):
            page.journal.keep([said('u2', 'Again')], {'u2'})
            await wait_for(history, Problem.LOCKED)
        assert (await asyncio.wait_for(page.stored.get(), 10)).finished == {'u2'}
        assert history.problem is None


async def test_a_problem_that_is_noticed_by_reading_is_over_once_the_database_is_back(tmp_path: Path) -> None:
    blocked = tmp_path / 'blocked'
    blocked.write_text('a file where a folder should be')
    async with running(f'sqlite:///{blocked / "history.sqlite3"}') as history:
        await wait_for(history, Problem.READ_ONLY)
        blocked.unlink()
        await wait_for(history, None)  # although nobody has said anything
