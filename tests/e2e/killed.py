"""Kills Parley while somebody talks with it, and compares what looked finished on the page with what is stored."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from random import Random

from playwright.async_api import BrowserContext, expect

from components.history.history import History
from components.words.language import ENGLISH
from tests.page import ParleyPage
from tests.parley import Parley

MOST_EVENTS = 30
"""The events of the longest exchange: of the message, the answer with its words, and what ends them."""
MESSAGES = (
    'Please count from one to fifteen.',
    'My name is Ada.',
    'What is my name?',
    'Please repeat: the sea is calm tonight and the moon is bright.',
    'What time is it?',
)

COUNT_EVENTS = """
    window.received = { count: 0, spoken: 0 };
    addEventListener("realtime", ({ detail }) => {
        received.count += 1;
        received.spoken += detail.type === "output_audio_buffer.stopped";
    });
"""

# what the page shows as finished, from top to bottom; nothing while it says that it cannot keep anything
FINISHED = """() => {
    if (document.querySelector('[data-testid=keeping-note]').checkVisibility()) return [];
    const turns = document.querySelectorAll('[data-testid=turn]:not([data-status=open])');
    return [...turns].map((turn) => [
        turn.dataset.itemId, turn.dataset.speaker, turn.querySelector('[data-testid=turn-text]').textContent.trim(),
    ]);
}"""

WORDLESS = {ENGLISH.text('chat.no_words'), ENGLISH.text('chat.spoken')}
"""Stand in for the words of a turn that was cut off before any came."""


@dataclass(frozen=True)
class Moment:
    """When the program is killed: after so many events that follow a message, at the latest after the answer.

    With `is_locked` another program holds the database meanwhile, as if the disk were slow.
    """

    message: str
    event: int
    is_locked: bool


def moments(seed: int, count: int) -> list[Moment]:
    """Choose moments, all of them in the middle of an exchange."""
    chance = Random(seed)
    return [
        Moment(chance.choice(MESSAGES), chance.randrange(MOST_EVENTS), is_locked=bool(number % 2))
        for number in range(count)
    ]


class KilledConversation:
    """One conversation in which the program is killed again and again.

    Args:
        parley: The program. It runs only while somebody talks with it.
        context: Where its page is opened.
    """

    def __init__(self, parley: Parley, context: BrowserContext) -> None:
        self.finished: dict[str, tuple[str, str]] = {}
        """Speaker and words of every turn that has looked finished, by its id."""
        self._parley, self._context = parley, context
        self._file = parley.data / 'history.sqlite3'

    async def kill_at(self, moment: Moment) -> None:
        """Start the program, go on with the conversation in a new call, and kill the program at this moment.

        Raises:
            AssertionError: Something that looked finished is not stored, or was not shown again.
        """
        await self._parley.start()
        page = await self._open()
        await self._assert_shown(page)
        await page.call()
        before = await page.page.evaluate('received')
        with self._locked() if moment.is_locked else nullcontext():
            box = page.page.get_by_role('textbox', name='Message')
            await box.fill(moment.message)
            await box.press('Enter')
            reached = '([before, count]) => received.count >= before.count + count || received.spoken > before.spoken'
            await page.page.wait_for_function(reached, arg=[before, moment.event])
            await self._parley.kill()
        shown = await page.page.evaluate(FINISHED)
        await page.page.close()
        self.finished |= {id: (speaker, '' if words in WORDLESS else words) for id, speaker, words in shown}
        await self._assert_kept([id for id, *_ in shown])

    async def _assert_shown(self, page: ParleyPage) -> None:
        for id in self.finished:
            await expect(page.page.locator(f'[data-item-id="{id}"]')).to_be_attached()
        shown = {turn.item_id: (turn.speaker, turn.text) for turn in await page.turns()}
        for id, (speaker, words) in self.finished.items():
            expected = speaker, ' '.join(words.split()) or shown[id][1]
            assert shown[id] == expected, f'{expected} is shown as {shown[id]}'

    async def _assert_kept(self, order: list[str]) -> None:
        """Assert that everything is stored which has looked finished: with the same words, once, and in this order."""
        history = History(f'sqlite:///{self._file}')
        stored = await history.latest('host')
        await history.close()
        turns = stored.turns if stored else ()
        ids = [turn.item_id for turn in turns]
        assert len(set(ids)) == len(ids), f'stored twice: {ids}'
        assert [id for id in ids if id in order] == order, f'shown: {order}, stored: {ids}'
        words = {turn.item_id: (turn.speaker.value, turn.text.strip()) for turn in turns}
        for id, finished in self.finished.items():
            assert words.get(id) == finished, f'{finished} is stored as {words.get(id)}'

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as database:
            database.execute('BEGIN IMMEDIATE')
            yield

    async def _open(self) -> ParleyPage:
        page = await self._context.new_page()
        await page.add_init_script(COUNT_EVENTS)
        await page.goto(self._parley.url)
        await page.wait_for_function('window.did_handshake')
        return ParleyPage(page, self._parley.url)
