"""Nothing that one conversation holds, and no page that fails, keeps others from being stored."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.history import writer
from components.history.changes import Changes
from components.history.entries import Problem, StoredConversation
from components.history.history import History
from components.history.journal import Stored
from tests.parley import ROOT


def said(item_id: str, words: str = 'Hello', status: Status = Status.DONE, images: tuple[str, ...] = ()) -> Turn:
    return Turn(item_id, Speaker.USER, words, status, started_at=100.0, ended_at=101.0, images=images)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / 'data' / 'history.sqlite3'


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A file where a folder should be, so that a database in it cannot be opened."""
    (tmp_path / 'blocked').write_text('')
    return tmp_path / 'blocked'


async def keep(history: History, *turns: Turn, id: str = 'c1', owner: str = 'host') -> None:
    """Keep turns that have ended, and wait until they are stored."""
    stored = asyncio.Queue[Stored]()
    history.journal(owner, id, None, stored.put_nowait).keep(turns, {turn.item_id for turn in turns})
    assert (await asyncio.wait_for(stored.get(), 10)).finished == {turn.item_id for turn in turns}


@pytest.mark.parametrize(
    'turn',
    [
        said('u1', 'half of a pair: \ud800'),
        said('u1\ud800'),
        said('u1', 'NUL: \0'),
        said('u1', images=('data:image/png;base64,abcde',)),
        Turn('u1', Speaker.ASSISTANT, 'Hello', Status.DONE, tokens=10**30),
        said('u1', ' '.join(map(str, range(60_000)))),
    ],
    ids=['surrogate in words', 'surrogate in an id', 'NUL', 'broken picture', 'huge number', 'many words'],
)
async def test_anything_that_a_service_sends_can_be_stored(history: History, turn: Turn) -> None:
    await keep(history, turn)
    found = await history.load('host', 'c1')
    assert found
    assert len(found.turns) == 1
    await keep(history, said('u1'), id='c2')


async def test_a_conversation_that_cannot_be_written_leaves_others_alone(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Changes.write

    def fail_for_one(changes: Changes, connection: object) -> bool:
        if changes.conversation_id == 'bad':
            raise ValueError('a value that no database takes')
        return write(changes, connection)  # type: ignore[arg-type]

    monkeypatch.setattr(Changes, 'write', fail_for_one)
    history.journal('host', 'bad', None, lambda stored: None).keep([said('u1')], {'u1'})
    await keep(history, said('u1'), id='good')
    assert history.problem is Problem.OTHER
    monkeypatch.undo()
    await keep(history, said('u1'), id='later')
    assert {entry.id for entry in await history.conversations('host')} == {'bad', 'good', 'later'}
    assert history.problem is None


async def test_a_page_that_fails_does_not_end_the_writing(history: History) -> None:
    def fail(stored: Stored) -> None:
        raise RuntimeError('the page is gone')

    history.journal('host', 'c1', None, fail).keep([said('u1')], {'u1'})
    await keep(history, said('u1'), id='c2')
    await keep(history, said('u1'), id='c3')


async def test_what_is_said_while_everything_is_deleted_does_not_come_back(history: History) -> None:
    stored = asyncio.Queue[Stored]()
    guests = history.journal('guest:1', 'c1', None, stored.put_nowait)
    guests.keep([said('u1')], {'u1'})
    await asyncio.wait_for(stored.get(), 10)
    guests.keep([said('u1'), said('a1', status=Status.OPEN)], {'a1'})
    await history.delete_all('guest:1')
    guests.keep([said('u1'), said('a1')], {'a1'})
    await keep(history, said('u1'), id='c2')
    assert await history.conversations('guest:1') == []


async def test_a_conversation_that_was_never_written_does_not_begin_after_the_deletion(history: History) -> None:
    history.journal('guest:1', 'c1', None, lambda stored: None).keep([said('a1', status=Status.OPEN)], {'a1'})
    await history.delete_all('guest:1')
    await keep(history, said('u1'), id='c2')
    assert await history.conversations('guest:1') == []


async def test_waiting_takes_a_limited_amount_of_memory(blocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, 'MOST_WAITING', 50_000)
    history, news, stored = (
        History(f'sqlite:///{blocked / "history.sqlite3"}'),
        asyncio.Event(),
        asyncio.Queue[Stored](),
    )
    history.on_problem(news.set)
    await history.start()
    journal = history.journal('host', 'c1', None, stored.put_nowait)
    journal.keep([said('first')], {'first'})
    await asyncio.wait_for(news.wait(), 10)
    turns = [said('first'), *(said(f'turn {number}', 'word ' * 1000) for number in range(20))]
    for turn in turns[1:]:
        journal.keep(turns, {turn.item_id})
    await asyncio.to_thread(blocked.unlink)
    written = (await asyncio.wait_for(stored.get(), 20)).finished
    assert {'first', 'turn 0', 'turn 7'} <= written
    assert len(written) < len(turns)
    await history.close()


async def test_a_turn_that_ends_does_not_have_the_open_turns_of_others_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, 'OPEN_TURNS_S', 3600)
    history, reported = History(f'sqlite:///{file}'), list[Stored]()
    await history.start()
    history.journal('host', 'c1', None, reported.append).keep([said('u1', status=Status.OPEN)], {'u1'})
    await keep(history, said('u1'), id='c2')
    await keep(history, said('u1'), id='c3')
    assert not reported
    await history.close()  # which writes everything
    found = await loaded(file)
    assert found
    assert [turn.item_id for turn in found.turns] == ['u1']


async def test_words_of_turns_that_go_on_are_written_together(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, 'OPEN_TURNS_S', 0.05)
    stored = asyncio.Queue[Stored]()
    hosts = {id: history.journal('host', id, None, lambda stored: None) for id in ('c1', 'c2')}
    guests = history.journal('guest:1', 'c3', None, stored.put_nowait)
    for journal in (*hosts.values(), guests):
        journal.keep([said('u1')], {'u1'})
    await asyncio.wait_for(stored.get(), 10)
    await history.delete_all('guest:1')
    for id, journal in hosts.items():
        journal.keep([said('u1'), said('a1', f'Words of {id}', Status.OPEN)], {'a1'})
    guests.keep([said('u1'), said('a1', status=Status.OPEN)], {'a1'})
    assert (await asyncio.wait_for(stored.get(), 10)).is_deleted
    for id in hosts:
        found = await history.load('host', id)
        assert found
        assert [turn.text for turn in found.turns][1:] == [f'Words of {id}']


async def test_files_are_readable_by_their_owner_only(file: Path) -> None:
    history = History(f'sqlite:///{file}')
    await history.start()
    await keep(history, said('u1'))
    modes = {path.name: path.stat().st_mode & 0o777 for path in [file.parent, *file.parent.iterdir()]}
    assert modes == {
        'data': 0o700,
        'history.sqlite3': 0o600,
        'history.sqlite3-wal': 0o600,
        'history.sqlite3-shm': 0o600,
    }
    await history.close()


@pytest.mark.parametrize('moment', [1, 7, 40])
def test_what_is_reported_as_stored_survives_the_end_of_the_program(file: Path, moment: int) -> None:
    command = [sys.executable, '-m', 'tests.history.storage.talkative', str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        try:
            reported = [program.stdout.readline().strip() for _ in range(moment)]
        finally:
            program.kill()
        reported += program.stdout.read().split()
    found = asyncio.run(loaded(file))
    assert found
    ids = [turn.item_id for turn in found.turns]
    assert set(reported) <= set(ids)
    assert ids == [f'u{number}' for number in range(len(ids))]


async def loaded(file: Path) -> StoredConversation | None:
    history = History(f'sqlite:///{file}')
    try:
        return await history.load('host', 'c1')
    finally:
        await history.close()
