"""Measures how Parley's start and page compare with those of an empty NiceGUI program, in turns, and what motion costs.

python -m tests.bench.page
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.async_api import Browser

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.e2e.test_voices import SETUP
from tests.parley import Parley

from .figures import processor_seconds

PAIRS = 9
IDLE_SECONDS = 10.0
FRAMES = 600
FRAME_BUDGET = 0.5
"""Milliseconds of script that a frame of the voices' picture may take."""

EMPTY = """
import sys
from nicegui import ui

@ui.page('/')
def page():
    ui.label('Hello').props('data-testid=call-button')

port = int(sys.argv[sys.argv.index('--port') + 1])
ui.run(port=port, title='Empty', show=False, reload=False, storage_secret='secret', show_welcome_message=False)
"""

# the page is connected to Python and has what one presses
WATCH = """
    const looking = setInterval(() => {
        if (!window.did_handshake || !document.querySelector('[data-testid=call-button]')) return;
        clearInterval(looking);
        window.interactiveAt = performance.now();
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


async def loaded(browser: Browser, url: str) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Load a page in a new context, and again in the same. Returns the figures of both, times in milliseconds."""
    context = await browser.new_context(permissions=['microphone'])
    try:
        found = []
        for _ in range(2):
            page = await context.new_page()
            await page.add_init_script(WATCH)
            await page.goto(url)
            await page.wait_for_function('window.interactiveAt')
            found.append(await page.evaluate(FIGURES))
            await page.close()
        return found[0], found[1]
    finally:
        await context.close()


async def drawn(browser: Browser, parley: Parley) -> list[float]:
    """Return the milliseconds of script of each frame of the voices' picture while both speak."""
    async with page_with_modules(browser, parley, 'voices_picture') as page:
        await page.evaluate(SETUP, {'calm': False})
        await page.evaluate('() => { costs.length = 0; speak(-20, -20); }')
        await page.wait_for_function('(frames) => costs.length > frames', arg=FRAMES)
        found: list[float] = await page.evaluate('costs')
        return found


def compare(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    """Print both medians, and the median of the ratios, pair by pair."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True) if b]
    ratio = f'; {statistics.median(ratios):.2f} times as much, pair by pair' if ratios else ''
    print(
        f'{name}: {statistics.median(ours):.0f} {unit} against {statistics.median(theirs):.0f}{ratio} (n={len(ours)})'
    )


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'empty.py').write_text(EMPTY)
        programs = {'parley': Parley(folder), 'empty': Parley(folder, script=str(folder / 'empty.py'))}
        starts: dict[str, list[float]] = {each: [] for each in programs}
        for _ in range(PAIRS):
            for each, program in programs.items():
                began = time.perf_counter()
                await program.start()
                starts[each].append(1000 * (time.perf_counter() - began))
                await program.kill()
        compare('start to the first page', 'ms', starts['parley'], starts['empty'])

        for program in programs.values():
            await program.start()
        try:
            async with Chromium.found(folder) as chromium:
                browser = await chromium.launch('silent', '--js-flags=')  # it compiles as everybody's does
                for program in programs.values():
                    await loaded(browser, program.url)  # the first page of a program compiles much
                found = [[await loaded(browser, program.url) for program in programs.values()] for _ in range(PAIRS)]
                for way, cache in enumerate(('with an empty cache', 'with all in the cache')):
                    ours, theirs = ([pair[side][way] for pair in found] for side in range(2))
                    for figure, unit in (
                        ('interactive', 'ms'),
                        ('painted', 'ms'),
                        ('longest', 'ms'),
                        ('requests', ''),
                        ('bytes', 'kB'),
                    ):
                        compare(
                            f'{figure}, {cache}', unit, *([each[figure] for each in side] for side in (ours, theirs))
                        )
                costs = sorted(await drawn(browser, programs['parley']))
                print(
                    f"a frame of the voices' picture, 600 x 400 pixels: p50 {statistics.median(costs):.2f} ms, "
                    f'p95 {costs[round(0.95 * len(costs))]:.2f} ms of script (n={len(costs)}); '
                    f'the budget is {FRAME_BUDGET} ms'
                )
                await browser.close()
            before = {each: processor_seconds(program) for each, program in programs.items()}
            await asyncio.sleep(IDLE_SECONDS)
            for each, program in programs.items():
                spent = (processor_seconds(program) - before[each]) / IDLE_SECONDS
                print(f'{each}: {100 * spent:.1f} % of a core when idle, {memory(program):.0f} MB (RSS)')
        finally:
            for program in programs.values():
                await program.kill()


def memory(program: Parley) -> float:
    """Return the resident memory of a program in MB. Reads Linux's /proc."""
    assert program._process
    status = Path(f'/proc/{program._process.pid}/status').read_text()
    return int(status.partition('VmRSS:')[2].split()[0]) / 1000


if __name__ == '__main__':
    asyncio.run(main())
