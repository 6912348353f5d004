"""The older part of a long conversation is summarised in the background, and told to the next call."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from components.call.items import Speaker
from components.call.reports import CallState, StateReport, event_record
from components.conversation.director import Director
from components.conversation.transcript.seeds import MOST_TURNS
from components.conversation.transcript.turn import Status, Turn
from components.history.history import History
from components.history.notebook import Notebook
from components.history.summariser import MOST_REQUESTS, WORTH_IT
from components.providers.error import ProviderError
from components.providers.text_writer import TextWriter
from components.settings.session import session
from components.settings.settings import Settings
from tests.conversation.transcript import events as e
from tests.history.conversations import conversation

OLD = WORTH_IT + 5
HOST = 'host'


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f'sqlite:///{tmp_path / "history.sqlite3"}'


def said(first: int, count: int, words: str = 'Hello') -> list[Turn]:
    return [Turn(f'item_{n}', Speaker.USER, f'{words} {n}', Status.DONE) for n in range(first, first + count)]


@dataclass
class Model:
    """A text model that writes as many summaries as it is allowed to."""

    answers_calls: bool = False
    fails: bool = False
    asked: list[str] = field(default_factory=list)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_write: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, instructions: str, text: str) -> str:
        assert 'Summarise' in instructions
        self.asked.append(text)
        self.is_asked.set()
        if self.fails:
            raise ProviderError('http_404', 'No such model')
        await self.may_write.wait()
        return f'Summary {len(self.asked)}'

    def find(self, settings: Settings) -> TextWriter:
        return TextWriter(self.write, self.answers_calls)


class Page:
    """A page with a conversation that was kept before."""

    def __init__(self, history: History, notebook: Notebook, model: Model) -> None:
        self.history, self.notebook, self.model = history, notebook, model
        self.director = Director(Settings(greets=False), session, transcript=notebook.transcript)
        notebook.follow(self.director, lambda ids: None, text_writer=model.find)

    @classmethod
    async def open(cls, history: History, turns: list[Turn], model: Model) -> 'Page':
        id = await history.import_conversation(HOST, conversation(*turns, calls=0))
        stored = await history.load(HOST, id)
        page = cls(history, Notebook(history, HOST, id, stored), model)
        model.may_write.set()
        return page

    def calls(self) -> None:
        self.director.begin('webrtc')
        for state in (CallState.PREPARING, CallState.CONNECTING, CallState.LIVE):
            self.director.report_state(StateReport(state))

    def hangs_up(self) -> None:
        self.director.report_state(StateReport(CallState.ENDED))

    async def summarised(self) -> None:
        """Wait until nothing is summarised any more."""
        while tasks := [task for task in asyncio.all_tasks() if task.get_name() == 'summary']:
            await asyncio.wait(tasks)

    async def stored(self, url: str) -> tuple[str, str] | None:
        """End the program, and return the summary that it has stored."""
        await self.history.close()
        found = await History(url).load(HOST, self.notebook.id)
        assert found
        return (found.summary.text, found.summary.until) if found.summary else None

    def receives_words(self, item_id: str, words: str) -> None:
        event = e.done(e.message(item_id, 'user', {'type': 'input_text', 'text': words}))
        record = event_record({'at': 0, 'direction': 'received', 'event': event})
        assert record
        self.director.report_events([record])

    def told(self) -> str:
        """How the next call is told the older part."""
        text: str = self.director.seeds()[0]['item']['content'][0]['text']
        return text


async def test_the_older_part_is_summarised_and_stored_once_a_call_has_ended(history: History, url: str) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + OLD), Model())
    assert 'Extracts' in page.told()
    page.calls()
    page.hangs_up()
    await page.summarised()
    assert [text.count('User: Hello') for text in page.model.asked] == [OLD]
    assert await page.stored(url) == ('Summary 1', f'item_{OLD - 1}')
    assert 'Summary 1' in page.told()


async def test_a_summary_is_extended_while_a_call_goes_on(history: History, url: str) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + OLD), Model())
    page.calls()
    page.hangs_up()
    await page.summarised()
    page.calls()
    for number in range(WORTH_IT):
        page.receives_words(f'new_{number}', 'And more.')
        await page.summarised()
    assert len(page.model.asked) == 2
    assert 'Summary 1' in page.model.asked[1]
    assert page.model.asked[1].count('User: Hello') == WORTH_IT
    assert await page.stored(url) == ('Summary 2', f'item_{OLD + WORTH_IT - 1}')


async def test_a_short_conversation_costs_nothing(history: History) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + WORTH_IT - 1), Model())
    page.calls()
    page.hangs_up()
    await page.summarised()
    assert page.model.asked == []


async def test_one_occasion_costs_a_limited_number_of_requests(history: History) -> None:
    page = await Page.open(history, said(0, 1000, 'word ' * 50), Model())
    page.calls()
    page.hangs_up()
    await page.summarised()
    assert len(page.model.asked) == MOST_REQUESTS
    assert f'Summary {MOST_REQUESTS}' in page.told()
    assert 'Extracts of what followed' in page.told()


async def test_nothing_is_summarised_off_the_record(history: History) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + OLD), Model())
    page.notebook.off_the_record = True
    page.calls()
    page.hangs_up()
    await page.summarised()
    assert page.model.asked == []


async def test_a_model_that_fails_leaves_extracts_and_is_not_asked_at_once_again(
    history: History, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + OLD), Model(fails=True))
    with caplog.at_level(logging.WARNING, 'parley.history'):
        for _ in range(2):
            page.calls()
            page.hangs_up()
            await page.summarised()
    assert len(page.model.asked) == 1
    assert 'was not summarised: http_404: No such model' in caplog.text
    assert await page.stored(url) is None
    assert 'Extracts' in page.told()


async def test_a_model_that_answers_calls_summarises_only_between_them(history: History, url: str) -> None:
    page = await Page.open(history, said(0, MOST_TURNS + OLD), Model(answers_calls=True))
    page.model.may_write.clear()
    page.calls()
    page.hangs_up()
    await asyncio.wait_for(page.model.is_asked.wait(), 10)
    page.calls()
    await page.summarised()
    assert page.director.transcript.summary is None  # the call was more urgent
    page.model.may_write.set()
    page.hangs_up()
    await page.summarised()
    assert await page.stored(url) == ('Summary 2', f'item_{OLD - 1}')
