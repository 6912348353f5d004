"""Measures how Parley's start and page compare with those of an empty NiceGUI program, in turns.

python -m tests.bench.page.start [--pairs 9]
"""

import asyncio
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
from playwright.async_api import Browser

from tests.bench.figures import Figure, Side, figure, table
from tests.bench.processes import memory_mb, threads_seconds
from tests.chromium import Chromium
from tests.parley import Parley

IDLE_SECONDS = 20.0

KEPT_SECONDS = 75.0  # NiceGUI keeps what a page has in Python for a minute, in case it comes back

EMPTY = """
import sys
from nicegui import ui

@ui.page('/')
def page():
    ui.label('Hello').props('data-testid=call-button')

port = int(sys.argv[sys.argv.index('--port') + 1])
ui.run(port=port, title='Empty', show=False, reload=False, storage_secret='secret', show_welcome_message=False)
"""

# Python keeps modules compiled from one start to the next. An installer compiles those of libraries.
FIRST_START = {'PYTHONDONTWRITEBYTECODE': '1'}
LATER_START = {'PYTHONDONTWRITEBYTECODE': ''}

REST_MS = 300
"""Milliseconds after a page can be used, whose tasks count for its longest one."""

# The page is connected to Python and has what one presses. It says so itself: a script that Playwright waits with runs
# as soon as the page is loaded, which is before Parley's is rendered, and after the empty one's.
WATCH = """
    const looking = setInterval(() => {
        if (!window.did_handshake || !document.querySelector('[data-testid=call-button]')) return;
        clearInterval(looking);
        window.interactiveAt = performance.now();
        console.debug('usable');
    }, 2);
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask', buffered: true });
"""

FIGURES = """() => ({
    interactive: interactiveAt,
    painted: performance.getEntriesByName("first-paint")[0]?.startTime ?? NaN,
    longest,
    requests: performance.getEntriesByType("resource").filter(({ transferSize }) => transferSize).length + 1,
    bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
})"""


SHOWN = (
    ('interactive', 'navigation to a page that can be used', 'ms'),
    ('painted', 'first paint', 'ms'),
    ('longest', 'longest task', 'ms'),
    ('requests', 'requests', ''),
    ('bytes', 'transferred', 'kB'),
)


async def loaded(browser: Browser, url: str) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Load a page in a new context, and again in the same. Returns the figures of both, times in milliseconds."""
    context = await browser.new_context(permissions=['microphone'])
    try:
        found = []
        for _ in range(2):
            page = await context.new_page()
            await page.add_init_script(WATCH)
            async with page.expect_console_message(lambda message: message.text == 'usable'):
                await page.goto(url, wait_until='commit')
            await page.wait_for_timeout(REST_MS)
            found.append(await page.evaluate(FIGURES))
            await page.close()
        return found[0], found[1]
    finally:
        await context.close()


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--pairs', type=int, default=9)
    print(table(await measure(parser.parse_args().pairs)))


async def measure(pairs: int) -> list[Figure]:
    """Start both programs and load their pages so many times, in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'empty.py').write_text(EMPTY)
        scripts = ('main.py', str(folder / 'empty.py'))
        first = [Parley(folder, FIRST_START, script) for script in scripts]
        both = [Parley(folder, {**LATER_START, 'PYTHONPYCACHEPREFIX': name}, script) for script in scripts]
        for program in both:
            await started(program)  # compiles its modules
        starts = [[await started(program) for program in (*both, *first)] for _ in range(pairs)]
        figures = [
            compared('start to the first page', 'ms', [start[:2] for start in starts]),
            compared('the same after an installation, with modules to compile', 'ms', [start[2:] for start in starts]),
        ]
        for program in both:
            await program.start()
        try:
            async with Chromium.found(folder) as chromium:
                figures += await loads(chromium, [program.url for program in both], pairs)
            figures.append(compared('processor time, idle just after its pages', '% of a core', [await idle(both)]))
            await asyncio.sleep(KEPT_SECONDS)
            figures.append(compared('processor time, idle', '% of a core', [await idle(both)]))
            figures.append(compared('memory, idle (RSS)', 'MB', [[memory_mb(program) for program in both]]))
        finally:
            for program in both:
                await program.kill()
    return figures


async def idle(programs: Sequence[Parley]) -> list[float]:
    """Return the percentages of a core that programs use to which nothing happens."""
    before = [threads_seconds(program) for program in programs]
    await asyncio.sleep(IDLE_SECONDS)
    after = [threads_seconds(program) for program in programs]
    return [100 * (later - earlier) / IDLE_SECONDS for earlier, later in zip(before, after, strict=True)]


async def started(program: Parley) -> float:
    """Start a program, get its page, and end it. Returns after how many milliseconds the page was there."""
    async with httpx.AsyncClient(trust_env=False) as client:
        began = time.perf_counter()
        await program.start()
        (await client.get(program.url)).raise_for_status()
    took = 1000 * (time.perf_counter() - began)
    await program.kill()
    return took


async def loads(chromium: Chromium, urls: Sequence[str], pairs: int) -> list[Figure]:
    """Load both pages in turns, each with an empty cache and again with all in it."""
    browser = await chromium.launch('silent', '--js-flags=')  # it compiles as everybody's does
    for url in urls:
        await loaded(browser, url)  # the first page of a program compiles much
    found = [[await loaded(browser, url) for url in urls] for _ in range(pairs)]
    await browser.close()
    return [
        compared(f'{name}, {cache}', unit, [[load[way][key] for load in pair] for pair in found])
        for way, cache in enumerate(('empty cache', 'full cache'))
        for key, name, unit in SHOWN
    ]


def compared(name: str, unit: str, pairs: Sequence[Sequence[float]]) -> Figure:
    ours, theirs = zip(*pairs, strict=True)
    return figure(name, ours, unit, against=Side('empty NiceGUI program', theirs))


if __name__ == '__main__':
    asyncio.run(main())
