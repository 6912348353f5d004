"""Measures how long a conversation of 5,000 turns takes to open, compared with an empty one, in turns.

python -m tests.bench.history.opening
"""

import asyncio
import statistics
from pathlib import Path

from playwright.async_api import Page

from components.history.history import History
from tests.bench.figures import report
from tests.bench.fresh import fresh

from .database import conversation

TURNS = 5_000
TIMES = 7
OWNER = 'host'

# when a turn, or the welcome of an empty conversation, is there and drawn
WATCH = """
    new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-testid=turn], .chat__empty > *')) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.shownAt = performance.now(); }));
    }).observe(document, { childList: true, subtree: true });
"""


async def opened(page: Page, url: str) -> float:
    """Open an address. Returns after how many milliseconds the conversation was visible."""
    await page.goto('about:blank')
    await page.goto(url)
    shown = await page.wait_for_function('window.shownAt')
    return float(await shown.json_value())


async def main() -> None:
    async with fresh() as running:
        history = History(f'sqlite:///{Path(running.parley.data) / "history.sqlite3"}')
        id = await history.import_conversation(OWNER, conversation(TURNS, 0))
        await history.close()
        page = await running.chromium.open_page(init_script=WATCH)
        url = running.parley.url
        times: dict[str, list[float]] = {'new': [], f'c/{id}': []}
        for _ in range(TIMES + 1):
            for path in times:
                times[path].append(await opened(page, url + path))
        empty, long = (each[1:] for each in times.values())  # the first ones filled the browser's cache
        report('open an empty conversation', empty)
        report(f'open one of {TURNS:,} turns', long)
        print(f'one takes {statistics.median(b / a for a, b in zip(empty, long, strict=True)):.2f} times as long')


if __name__ == '__main__':
    asyncio.run(main())
