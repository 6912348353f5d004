"""Each page gets the conversation that it goes on with, and keeps what happens in it."""

import asyncio
import json
from collections.abc import Collection
from typing import Any

from components.call.reports import CallState, FailureReport, StateReport, event_record
from components.conversation.director import Director
from components.conversation.transcript.call_mark import Begun
from components.history.history import History
from components.history.notebook import Notebook
from components.history.shelf import Shelf
from components.settings.session import session
from components.settings.settings import Settings
from tests.conversation.transcript import events as e

HOST = 'host'


class Page:
    """A page without widgets."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.is_open = notebook, True
        self.director = Director(Settings(greets=False), session, transcript=notebook.transcript)
        self.kept = asyncio.Queue[str]()
        notebook.is_open = lambda: self.is_open
        self.is_told_of_deletion = False
        notebook.follow(self.director, self.note, self.note_deletion)

    def note(self, ids: Collection[str]) -> None:
        for id in ids:
            self.kept.put_nowait(id)

    def note_deletion(self) -> None:
        self.is_told_of_deletion = True

    def enters(self, *states: CallState, failure: FailureReport | None = None) -> None:
        for state in states:
            self.director.report_state(StateReport(state, failure))

    def receives(self, event: dict[str, Any]) -> None:
        record = event_record({'at': 0, 'direction': 'received', 'event': event})
        assert record
        self.director.report_events([record])

    def receives_words(self, item_id: str, words: str) -> None:
        self.receives(e.done(e.message(item_id, 'user', {'type': 'input_text', 'text': words})))

    async def says(self, item_id: str, words: str) -> None:
        """Say something, and wait until it is stored."""
        self.receives_words(item_id, words)
        assert await asyncio.wait_for(self.kept.get(), 10) == item_id

    @property
    def texts(self) -> list[str]:
        return [turn.text for turn in self.director.transcript.turns]


CALLING = (CallState.PREPARING, CallState.CONNECTING, CallState.LIVE)


async def test_a_page_goes_on_with_the_latest_conversation(history: History) -> None:
    shelf = Shelf(history)
    page = Page(await shelf.latest(HOST))
    assert shelf.take(page.notebook)
    page.enters(*CALLING)
    await page.says('u1', 'Hello')
    page.enters(CallState.ENDED)
    page.is_open = False  # a reload

    again = Page(await shelf.latest(HOST))
    assert again.notebook.id == page.notebook.id
    assert shelf.take(again.notebook)
    shelf.release(page.notebook)  # late
    assert again.texts == ['Hello']
    again.enters(*CALLING)
    await again.says('u2', 'Again')
    again.enters(CallState.RECOVERING, CallState.LIVE, failure=FailureReport('connection_lost'))
    await again.says('u3', 'Still here')
    again.enters(CallState.ENDED, failure=FailureReport('page_offline'))
    again.enters(*CALLING)
    await again.says('u4', 'And here')
    found = await history.load(HOST, page.notebook.id)
    assert found
    sessions = [json.loads(call.settings) for call in found.calls]
    assert sessions == [page.director.session] * 4
    turns = [('Hello', 1), ('Again', 2), ('Still here', 3), ('And here', 4)]
    assert [(turn.text, turn.call) for turn in found.turns] == turns
    assert [(call.begun, call.end_reason) for call in found.calls] == [
        (Begun.STARTED, 'hung_up'),
        (Begun.CONTINUED, 'reconnected'),
        (Begun.RECONNECTED, 'page_offline'),
        (Begun.CONTINUED, None),
    ]


async def test_a_conversation_is_open_on_one_page_at_a_time(history: History) -> None:
    shelf = Shelf(history)
    page = Page(shelf.new(HOST))
    assert shelf.take(page.notebook)
    page.enters(*CALLING)
    await page.says('u1', 'Hello')
    assert not shelf.take(await shelf.latest(HOST))
    second = await shelf.find(HOST, page.notebook.id)
    assert second
    assert not shelf.take(second)
    page.is_open = False
    assert shelf.take(second)
    assert await shelf.find('guest:1', page.notebook.id) is None
    assert await shelf.find(HOST, 'unknown') is None


async def test_turns_of_a_deleted_conversation_are_finished_but_not_kept(history: History) -> None:
    page = Page(Shelf(history).new(HOST))
    page.enters(*CALLING)
    await page.says('u1', 'Hello')
    await history.delete_all(HOST)  # from another tab
    assert not page.is_told_of_deletion
    await page.says('u2', 'Who is there?')
    assert page.is_told_of_deletion
    page.receives_words('u3', 'Nobody?')
    page.enters(CallState.ENDED)
    assert all(map(page.notebook.is_kept, page.director.transcript.turns))
    assert await history.conversations(HOST) == []


async def test_conversations_of_a_guest_are_deleted_when_the_guest_leaves(history: History) -> None:
    shelf = Shelf(history)
    await shelf.keep_guests({'1', '2'})
    for guest in ('1', '2'):
        page = Page(shelf.new(f'guest:{guest}'))
        page.enters(*CALLING)
        await page.says('u1', 'Hello')
    await shelf.keep_guests({'2'})
    assert await history.conversations('guest:1') == []
    assert len(await history.conversations('guest:2')) == 1
