"""However the reports of a conversation are cut into batches, repeated and merged, the same transcript is stored."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.history.changes import Changes
from components.history.database import Database
from components.history.entries import StoredConversation
from components.history.history import History
from components.history.journal import Journal
from components.history.writer import Writer

NAMES = [f'item_{number}' for number in range(6)]
PICTURE = 'data:image/png;base64,iVBORw0KGgo='


class Waiting:
    """A writer that writes when the test says so, as one that is slow or cannot reach its database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes: Changes | None = None

    def add(self, changes: Changes, report: Callable[[Changes], None]) -> bool:
        self._changes = self._changes.before(changes) if self._changes else changes
        return True

    def write(self) -> None:
        if self._changes:
            with self._database.transaction(writing=True) as connection:
                assert self._changes.write(connection)
        self._changes = None


@st.composite
def any_steps(draw: st.DrawFn, turns: list[Turn]) -> tuple[list[Turn], set[str]]:
    """A conversation as it becomes next, and the ids of the turns that came, changed, moved or vanished."""
    after = list(turns)
    name = draw(st.sampled_from(NAMES))
    old = next((turn for turn in after if turn.item_id == name), None)
    if old:
        after.remove(old)
    if not old or draw(st.integers(0, 3)):
        turn = Turn(
            name,
            Speaker.USER,
            text=draw(st.text(max_size=8)),
            status=draw(st.sampled_from([Status.DONE, Status.INTERRUPTED, Status.FAILED])),
            images=(PICTURE,) * draw(st.integers(len(old.images) if old else 0, 2)),
            started_at=1.0,
            ended_at=2.0,
        )
        stays = old is not None and draw(st.booleans())
        after.insert(turns.index(old) if old and stays else draw(st.integers(0, len(after))), turn)
    return after, {name}


@pytest.fixture(scope='module')
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without conversations, to be copied: to make it takes longer than most examples."""
    file = tmp_path_factory.mktemp('empty') / 'history.sqlite3'
    database = Database(f'sqlite:///{file}')
    with database.transaction():
        pass
    database.close()
    return file


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_batches_and_repetitions_change_nothing(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    url = f'sqlite:///{shutil.copy(empty, tmp_path_factory.mktemp("journal"))}'
    writer = Waiting(Database(url))
    journal = Journal(cast(Writer, writer), 'host', 'c1', None, lambda stored: None)
    turns: list[Turn] = []
    for _ in range(data.draw(st.integers(1, 15))):
        turns, changed = data.draw(any_steps(turns))
        for _ in range(data.draw(st.integers(1, 2))):
            journal.keep(turns, changed)
        if data.draw(st.booleans()):
            writer.write()
        if data.draw(st.integers(0, 4)) == 0:  # the page is loaded again
            writer.write()
            journal = Journal(cast(Writer, writer), 'host', 'c1', loaded(url), lambda stored: None)
    writer.write()
    assert [as_stored(turn) for turn in turns] == list(stored_turns(url))


def test_turns_can_be_put_between_others_again_and_again(tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path / "history.sqlite3"}'
    writer = Waiting(Database(url))
    journal = Journal(cast(Writer, writer), 'host', 'c1', None, lambda stored: None)
    first, last = (Turn(id, Speaker.USER, id, Status.DONE, started_at=1.0, ended_at=2.0) for id in ('first', 'last'))
    turns = [first, last]
    journal.keep(turns, {'first', 'last'})
    for number in range(200):  # far more often than a number of 53 bits can be halved
        turns.insert(1, Turn(f'turn {number}', Speaker.USER, status=Status.DONE, started_at=1.0, ended_at=2.0))
        journal.keep(turns, {f'turn {number}'})
    writer.write()
    assert list(stored_turns(url)) == turns


def as_stored(turn: Turn) -> Turn:
    return Turn(
        turn.item_id,
        turn.speaker,
        turn.text.replace('\0', '\N{REPLACEMENT CHARACTER}'),
        turn.status,
        images=turn.images,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
    )


def stored_turns(url: str) -> Sequence[Turn]:
    found = loaded(url)
    return found.turns if found else ()


def loaded(url: str) -> StoredConversation | None:
    async def load() -> StoredConversation | None:
        history = History(url)
        try:
            return await history.load('host', 'c1')
        finally:
            await history.close()

    return asyncio.run(load())


class Noting:
    """A writer that notes what it is given."""

    def __init__(self) -> None:
        self.changes: list[Changes] = []

    def add(self, changes: Changes, report: Callable[[Changes], None]) -> bool:
        self.changes.append(changes)
        return True


def test_turns_that_only_grow_are_written_where_they_stand() -> None:
    writer = Noting()
    journal = Journal(cast(Writer, writer), 'host', 'c1', None, lambda stored: None)
    turns = [Turn('a', Speaker.USER), Turn('b', Speaker.USER)]
    assert not journal.update(turns[1:])
    assert writer.changes == []
    journal.keep(turns, {'a', 'b'})
    grown = replace(turns[1], text='Hello')
    assert journal.update([grown])
    assert writer.changes[-1].turns == {'b': (writer.changes[0].turns['b'][0], grown)}
    journal.off_the_record = True
    assert journal.update([replace(grown, text='Hello there')])
    assert len(writer.changes) == 2
