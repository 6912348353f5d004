"""The cost of a new word in a conversation of 1,000 turns, beside one of ten: for the reader, the page and Python.

    python -m tests.bench.history.words [--turns 1000] [--rounds 9]

Words come by the data channel of a live call, 50 a second, as in `tests.bench.page.text`: 100 to either conversation in
turns. Times of the page and of Python are processor time, which a busy machine hardly changes.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import CDPSession, Page

from components.history.history import History
from tests.bench.figures import Figure, Side, figure, table
from tests.bench.fresh import Fresh, fresh
from tests.bench.page.text import KEEP_CHANNEL, TURN, stream
from tests.bench.processes import processor_seconds
from tests.page import ParleyPage
from tests.parley import Parley

from .database import conversation

FEW_TURNS = 10
RATE = 50  # words per second


@dataclass
class Conversation:
    """An open conversation with a live call, and its costs so far: milliseconds per word, and what the page holds."""

    page: Page
    devtools: CDPSession
    parley: Parley
    until_visible: list[float] = field(default_factory=list)
    of_the_page: list[float] = field(default_factory=list)
    of_python: list[float] = field(default_factory=list)
    nodes: float = 0
    heap_mb: float = 0

    async def speak(self, turn: int) -> None:
        """Let a turn of words come."""
        before, page_before = processor_seconds(self.parley), await self._metric('ThreadTime')
        self.until_visible += await stream(self.page, turn, RATE, parley=True)
        self.of_the_page.append((await self._metric('ThreadTime') - page_before) / TURN * 1000)
        self.of_python.append((processor_seconds(self.parley) - before) / TURN * 1000)

    async def weigh(self) -> None:
        """Note how much the page holds."""
        await self.devtools.send('HeapProfiler.collectGarbage')
        self.nodes = await self._metric('Nodes')
        self.heap_mb = await self._metric('JSHeapUsedSize') / 1e6

    async def _metric(self, name: str) -> float:
        metrics = (await self.devtools.send('Performance.getMetrics'))['metrics']
        return float(next(each['value'] for each in metrics if each['name'] == name))


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--turns', type=int, default=1_000)
    parser.add_argument('--rounds', type=int, default=9)
    options = parser.parse_args()
    print(table(await measure(options.rounds, options.turns)))


async def measure(rounds: int, turns: int = 1_000) -> list[Figure]:
    """Let a turn of words come to either conversation in so many rounds."""
    async with fresh() as running, AsyncExitStack() as closing:
        few, many = [await _open(running, id, closing) for id in await _store(running, FEW_TURNS, turns)]
        for round in range(rounds + 1):
            for each in (few, many):
                await each.speak(round)
                if round == 0:  # compiles the page's code
                    each.until_visible, each.of_the_page, each.of_python = [], [], []
        for each in (few, many):
            await each.weigh()

    def compared(name: str, values: Callable[[Conversation], list[float]], unit: str) -> Figure:
        return figure(f'{name}, {turns:,} turns', values(many), unit, against=Side(f'{FEW_TURNS} turns', values(few)))

    return [
        compared('word in the data channel to visible text', lambda each: each.until_visible, 'ms'),
        compared("the page's processor time for a word", lambda each: each.of_the_page, 'ms'),
        compared("Python's processor time for a word", lambda each: each.of_python, 'ms'),
        compared('nodes of the page', lambda each: [each.nodes], ''),
        compared("heap of the page's scripts", lambda each: [each.heap_mb], 'MB'),
    ]


async def _store(running: Fresh, *counts: int) -> list[str]:
    """Store conversations of so many turns, and return their ids."""
    history = History(f'sqlite:///{Path(running.parley.data) / "history.sqlite3"}')
    try:
        return [await history.import_conversation('host', conversation(count, 0)) for count in counts]
    finally:
        await history.close()


async def _open(running: Fresh, id: str, closing: AsyncExitStack) -> Conversation:
    """Open a conversation and call."""
    page = await running.chromium.open_page(init_script=KEEP_CHANNEL)
    shown = ParleyPage(page, f'{running.parley.url}c/{id}')
    await shown.open()
    await page.get_by_test_id('turn').last.wait_for()
    await shown.call()
    closing.push_async_callback(shown.hang_up)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send('Performance.enable', {'timeDomain': 'threadTicks'})
    return Conversation(page, devtools, running.parley)


if __name__ == '__main__':
    asyncio.run(main())
