"""Conversations are written as they happen, and read as they were."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun
from components.conversation.transcript.turn import Status, Turn
from components.history import migrations
from components.history.changes import index
from components.history.entries import CallEntry, Problem
from components.history.history import GUESTS_S, UNDO_S, History
from components.history.journal import Journal, Stored
from components.history.recordings.recording import Piece

from .postgres import Postgres

HOST = 'host'
PICTURE = 'data:image/png;base64,iVBORw0KGgo='
CALL = CallEntry(
    number=1, started_at=100.0, begun=Begun.STARTED, provider='engine', model='m', voice='marin', transport='relay'
)


def said(item_id: str, words: str, status: Status = Status.DONE, speaker: Speaker = Speaker.USER) -> Turn:
    return Turn(item_id, speaker, words, status, spoken=True, started_at=100.0, ended_at=101.0, call=1)


@asynccontextmanager
async def running(url: str) -> AsyncIterator[History]:
    history = History(url)
    await history.start()
    yield history
    await history.close()


class Page:
    """A page that keeps one conversation."""

    def __init__(self, history: History, id: str = 'c1', owner: str = HOST) -> None:
        self.stored = asyncio.Queue[Stored]()
        self.journal: Journal = history.journal(owner, id, None, self.stored.put_nowait)

    async def keeps(self, *turns: Turn) -> None:
        """Keep these turns, which all have ended, and wait until they are stored."""
        self.journal.keep(turns, {turn.item_id for turn in turns})
        waiting = {turn.item_id for turn in turns}
        while waiting:
            waiting -= (await asyncio.wait_for(self.stored.get(), 10)).finished


async def test_a_conversation_is_read_as_it_was_written(history: History) -> None:
    page = Page(history)
    turns = (
        replace(said('u1', 'Hello, what is this?'), images=(PICTURE,)),
        replace(
            said('a1', 'A cat. It sleeps.', Status.INTERRUPTED, Speaker.ASSISTANT),
            heard=6,
            audio_end_ms=900,
            sound_started_at=2.5,
            sound_ended_at=3.4,
            persona='Tutor',  # the conversation ended with another one
        ),
        said('t1', 'clock {}', speaker=Speaker.TOOL),
    )
    page.journal.describe('Coach')
    page.journal.call_began(CALL)
    page.journal.used(1, {'total_tokens': 7})
    page.journal.used(1, {'total_tokens': 5, 'output_tokens': 2})
    page.journal.call_ended(1, 160.0, 'hung_up')
    await page.keeps(*turns)
    found = await history.load(HOST, 'c1')
    assert found
    assert found.turns == turns
    usage = {'output_tokens': 2, 'total_tokens': 12}
    assert found.calls == (replace(CALL, ended_at=160.0, end_reason='hung_up', usage=usage),)
    assert (found.entry.title, found.entry.persona, found.entry.turns) == ('Hello, what is this?', 'Coach', 3)
    assert found.entry.seconds == 60.0
    assert await history.conversations(HOST) == [found.entry]
    assert await history.latest(HOST) == found


async def test_nobody_reads_or_changes_the_conversations_of_others(history: History) -> None:
    await Page(history).keeps(said('u1', 'A secret.'))
    guest = 'guest:1'
    await history.rename(guest, 'c1', 'Mine')
    await history.delete(guest, 'c1')
    await history.delete_all(guest)
    assert await history.load(guest, 'c1') is None
    assert await history.latest(guest) is None
    assert await history.conversations(guest) == []
    assert await history.search(guest, 'secret') == []
    assert [found async for found in history.everything(guest)] == []
    assert [entry.title for entry in await history.conversations(HOST)] == ['A secret.']


async def test_turns_stand_in_the_order_of_the_conversation(history: History) -> None:
    page = Page(history)
    first, second, third = (said(id, id) for id in ('one', 'two', 'three'))
    await page.keeps(first, third)
    await page.keeps(first, second, third)
    found = await history.load(HOST, 'c1')
    assert found
    assert found.turns == (first, second, third)
    page.journal.keep([third, first], {'one', 'two', 'three'})
    assert (await asyncio.wait_for(page.stored.get(), 10)).finished == {'one', 'three'}
    found = await history.load(HOST, 'c1')
    assert found
    assert found.turns == (third, first)
    again = history.journal(HOST, 'c1', found, page.stored.put_nowait)
    again.keep([third, second, first], {'two'})
    await asyncio.wait_for(page.stored.get(), 10)
    found = await history.load(HOST, 'c1')
    assert found
    assert [turn.item_id for turn in found.turns] == ['three', 'two', 'one']


async def test_a_conversation_is_titled_when_the_first_words_are_complete(history: History) -> None:
    page = Page(history)
    page.journal.keep([said('u1', 'What can', Status.OPEN)], {'u1'})
    await asyncio.wait_for(page.stored.get(), 10)
    assert [entry.title for entry in await history.conversations(HOST)] == ['']
    await page.keeps(said('u1', 'What can you do?'))
    assert [entry.title for entry in await history.conversations(HOST)] == ['What can you do?']


async def test_an_open_turn_is_kept_too_and_was_cut_off_if_the_program_is_killed(history: History) -> None:
    page = Page(history)
    page.journal.keep([said('a1', 'It was a dark', Status.OPEN, Speaker.ASSISTANT)], {'a1'})
    assert (await asyncio.wait_for(page.stored.get(), 10)).finished == frozenset()
    found = await history.load(HOST, 'c1')
    assert found
    assert [(turn.text, turn.status, turn.reason) for turn in found.turns] == [
        ('It was a dark', Status.INTERRUPTED, 'call_ended')
    ]


async def test_nothing_is_kept_off_the_record(history: History) -> None:
    page = Page(history)
    page.journal.off_the_record = True
    page.journal.call_began(CALL)
    page.journal.keep([said('u1', 'A secret.')], {'u1'})
    page.journal.off_the_record = False
    await page.keeps(said('u2', 'No secret.'))
    page.journal.keep([said('u1', 'A secret.'), said('u2', 'No secret.'), said('u3', 'More.')], {'u3'})
    await asyncio.wait_for(page.stored.get(), 10)
    found = await history.load(HOST, 'c1')
    assert found
    assert [turn.item_id for turn in found.turns] == ['u2', 'u3']
    assert found.calls == ()


async def test_words_of_all_languages_are_found(history: History) -> None:
    await Page(history).keeps(
        said('u1', 'Über die Größe, café — naïve?'),
        said('u2', '明日は東京タワーに行きます。'),
        said('u3', '今天天气很好,我们去公园吧。'),
        said('u5', 'กินข้าว'),
        said('u6', 'กน'),
        said('u4', 'It\'s 42" OR NOT * NEAR(x) " -- \0 %'),
    )

    async def found(query: str) -> list[str]:
        return [hit.item_id for hit in await history.search(HOST, query)]

    for query in ('uber', 'ÜBER gross', 'CAFE', 'naïv'):
        assert await found(query) == ['u1'], query
    for query in ('東京', '東京タワー', '京', '行き'):
        assert await found(query) == ['u2'], query
    assert await found('天气 公园') == ['u3']
    for query in ('or not', '42"', "it's", 'NEAR(x'):
        assert await found(query) == ['u4'], query
    assert await found('東タ') == []
    assert await found('กิน') == ['u5']
    assert await found('große') == ['u1']
    assert await found('***') == []
    (hit,) = await history.search(HOST, 'gross')
    assert [hit.snippet[start:end] for start, end in hit.marks] == ['Größe']


async def test_a_deleted_conversation_is_not_found_and_can_be_restored(history: History) -> None:
    await Page(history).keeps(said('u1', 'Hello'))
    await history.delete(HOST, 'c1')
    assert await history.conversations(HOST) == []
    assert await history.search(HOST, 'hello') == []
    assert await history.load(HOST, 'c1') is None
    await history.restore(HOST, 'c1')
    assert len(await history.search(HOST, 'hello')) == 1
    await history.delete_all(HOST)
    assert await history.conversations(HOST) == []
    assert await history.search(HOST, 'hello') == []


async def test_conversations_are_deleted_when_their_time_is_over(url: str) -> None:
    now = 1_000_000.0
    history = History(url, now=lambda: now)
    await history.start()
    await Page(history, 'old').keeps(said('u1', 'Old'))
    await Page(history, 'guest', 'guest:1').keeps(said('u1', 'Guest'))
    now += GUESTS_S + 1
    await Page(history, 'new').keeps(said('u1', 'New'))
    await Page(history, 'deleted').keeps(said('u1', 'Deleted'))
    await history.delete(HOST, 'deleted')
    now += UNDO_S + 1
    await history.expire()
    await history.restore(HOST, 'deleted')
    assert [entry.id for entry in await history.conversations(HOST)] == ['new', 'old']
    assert await history.conversations('guest:1') == []
    assert await history.keep_days(HOST) is None
    await history.set_keep_days(HOST, 1)
    assert await history.keep_days(HOST) == 1
    assert [entry.id for entry in await history.conversations(HOST)] == ['new']
    await history.close()


async def test_a_recording_goes_with_its_conversation(url: str, tmp_path: Path) -> None:
    now = [1_000.0]
    history = History(url, lambda: now[0], data=tmp_path / 'data')
    await history.start()
    await Page(history).keeps(said('u1', 'Hello'))
    piece = Piece('c1', 'f' * 32, 0, 'audio/ogg', age=2.0, seconds=2.0, is_last=False, data=b'ab')
    await history.recordings.add(HOST, piece)
    await history.recordings.add(HOST, replace(piece, number=1, age=4.0, seconds=4.0, data=b'cd', is_last=True))
    found = await history.load(HOST, 'c1')
    assert found
    (recording,) = found.recordings
    assert (recording.started_at, recording.seconds, recording.bytes, recording.finished) == (998.0, 4.0, 4, True)
    file = history.recordings.path(recording.id)
    assert file.read_bytes() == b'abcd'
    assert file.is_relative_to(tmp_path / 'data'), 'also the sound of conversations on a server'
    await history.delete(HOST, 'c1')
    now[0] += UNDO_S + 1
    await history.expire()
    assert not file.exists()
    await history.close()


async def test_an_imported_conversation_is_a_new_one(history: History) -> None:
    page = Page(history)
    page.journal.call_began(CALL)
    await page.keeps(said('u1', 'Hello'), said('u2', 'Again'))
    found = await history.load(HOST, 'c1')
    assert found
    id = await history.import_conversation('guest:1', found)
    copy = await history.load('guest:1', id)
    assert copy
    assert (copy.turns, copy.calls, copy.entry.title) == (found.turns, found.calls, 'Hello')


async def test_a_file_with_what_is_kept_already_is_recognised(history: History) -> None:
    page = Page(history)
    await page.keeps(said('u1', 'Hello'))
    early = await history.load(HOST, 'c1')
    await page.keeps(said('u2', 'Again'))
    late = await history.load(HOST, 'c1')
    assert early
    assert late
    assert await history.has(HOST, early)
    assert not await history.has('guest:1', early)
    await history.delete_all(HOST)
    assert not await history.has(HOST, early)
    await history.import_conversation(HOST, early)
    assert await history.has(HOST, early)
    assert not await history.has(HOST, late)


async def test_many_hits_are_returned_part_by_part(history: History) -> None:
    await Page(history).keeps(*(said(f'u{number}', 'the same words') for number in range(7)))
    found: list[str] = []
    before = None
    while hits := await history.search(HOST, 'same', before=before, limit=3):
        found += [hit.item_id for hit in hits]
        before = hits[-1].number
    assert found == [f'u{number}' for number in reversed(range(7))]


async def test_a_database_of_the_first_version_is_brought_to_the_newest(tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path / "history.sqlite3"}'
    with create_engine(url).begin() as connection:
        config = Config(attributes={'connection': connection})
        config.set_main_option('script_location', str(Path(migrations.__file__).parent))
        command.upgrade(config, '0001')
        for statement in (
            "INSERT INTO conversations VALUES ('c1', 'host', 'Hello', FALSE, 'Coach', 100, 101, NULL)",
            "INSERT INTO calls VALUES ('c1', 1, 100, 'started', 'engine', 'm', 'marin', '', NULL, NULL, '{}')",
            'INSERT INTO turns (id, conversation_id, item_id, position, call, speaker, status, text, spoken)'
            " VALUES (1, 'c1', 'u1', 1.0, 1, 'user', 'done', 'Hello', TRUE)",
            'INSERT INTO turns (id, conversation_id, item_id, position, call, speaker, status, text, spoken)'
            " VALUES (2, 'c1', 'a1', 2.0, 1, 'assistant', 'done', 'Good day', TRUE)",
        ):
            connection.execute(text(statement))
        index(connection, 1, HOST, 'Hello')
    async with running(url) as history:
        await Page(history, 'c2').keeps(said('u3', 'Hi'))
        assert [hit.item_id for hit in await history.search(HOST, 'h')] == ['u3', 'u1']
        found = await history.load(HOST, 'c1')
        assert found
        assert found.calls == (replace(CALL, transport=''),)
        assert [(turn.text, turn.persona) for turn in found.turns] == [('Hello', ''), ('Good day', 'Coach')]
        await history.delete_all(HOST)
        assert await history.search(HOST, 'h') == []


async def test_what_is_said_during_a_stop_of_postgresql_is_written_afterwards(server: Postgres) -> None:
    history = History(server.url)
    news = asyncio.Event()
    await history.start()
    await Page(history, 'before').keeps(said('u1', 'Before'))
    history.on_problem(news.set)
    server.stop()
    page = Page(history, 'meanwhile')
    page.journal.keep([said('u1', 'Meanwhile')], {'u1'})
    await asyncio.wait_for(news.wait(), 10)
    assert history.problem is Problem.UNREACHABLE
    server.start()
    assert (await asyncio.wait_for(page.stored.get(), 20)).finished == {'u1'}
    assert history.problem is None
    assert await history.load(HOST, 'meanwhile')
    await history.close()


async def test_two_programs_share_one_database(url: str) -> None:
    one, other = History(url), History(url)
    await asyncio.gather(one.start(), other.start())
    await asyncio.gather(
        Page(one, 'one').keeps(*(said(f'u{n}', f'{n}') for n in range(50))),
        Page(other, 'other').keeps(*(said(f'u{n}', f'{n}') for n in range(50))),
    )
    assert {entry.id: entry.turns for entry in await one.conversations(HOST)} == {'one': 50, 'other': 50}
    await asyncio.gather(one.close(), other.close())


@pytest.mark.parametrize('url', ['mysql://x/y', 'nonsense', ''])
def test_a_bad_address_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ValueError, match='DATABASE_URL must look like'):
        History(url)
