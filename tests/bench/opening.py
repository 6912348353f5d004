"""Measures the page with a conversation of 5,000 turns: opening it, and scrolling from its end to its start.

    python -m tests.bench.opening

Opening is compared with an empty conversation, in turns. Scrolling is as fast as a hard swipe on a phone; a stall is
the time that the reader waits at the edge of what is rendered until more of it comes.
"""

import asyncio
import statistics
from pathlib import Path

from playwright.async_api import Page

from components.history.history import History

from .figures import report
from .fresh import fresh
from .history import conversation

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

# scrolls so many pixels per frame; returns the milliseconds of all frames, and of all stalls
SCROLL = """async (pixels) => {
    const region = document.querySelector('.follow-end__region');
    const frame = () => new Promise(requestAnimationFrame);
    const frames = [], stalls = [];
    let before = await frame(), stalled = 0;
    while (!document.querySelector('[data-item-id=item_0]') || region.scrollTop > 0) {
        if (region.scrollTop > 0) region.scrollTop -= pixels;
        const now = await frame();
        frames.push(now - before);
        if (region.scrollTop > 0 && stalled) stalls.push(stalled), (stalled = 0);
        else if (region.scrollTop <= 0) stalled += now - before;
        before = now;
    }
    return [frames, stalls];
}"""
PIXELS = 130
"""Pixels per frame: 7,800 in a second."""


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
        await page.wait_for_function('window.did_handshake')
        frames, stalls = await page.evaluate(SCROLL, PIXELS)
        report('frames while scrolling to the start', frames)
        slow = {limit: sum(frame > limit for frame in frames) for limit in (34, 50, 100)}
        counts = ', '.join(f'{count} over {limit} ms' for limit, count in slow.items())
        print(f'longest frame {max(frames):.0f} ms; {counts}; {sum(frames) / 1000:.0f} s in all')
        if stalls:
            report('stalls', stalls)


if __name__ == '__main__':
    asyncio.run(main())
