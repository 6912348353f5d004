"""Measures how smoothly a conversation of 5,000 turns scrolls, on a desktop and in a phone's window.

    python -m tests.bench.history.scrolling

It is compared with a conversation that is rendered as a whole. Tasks are told in processor time of the page's thread,
which a busy machine changes less than frames; these are told as they came. The desktop scrolls by the wheel, below a
pointer. The phone is swiped, and its processor is slowed down four times.
"""

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from components.history.history import History
from tests.bench.figures import report
from tests.bench.fresh import fresh
from tests.chromium import Chromium

from .database import conversation

TURNS = 5_000
FEW_TURNS = 40
DISTANCE = 60_000
"""Pixels to scroll, about 600 turns."""
STEP = 130
"""Pixels of a step: one per frame is as fast as a hard swipe."""
THROTTLE = 4

# notes the milliseconds of all frames, and how often what is read moved although nobody scrolled that way
WATCH = """() => {
    const region = document.querySelector(".chat__region");
    window.frames_ms = [], window.movedBack = 0;
    let last = performance.now(), row = null, top = 0, sign = -1;
    window.scrolls = (direction) => { sign = direction; row = null; };
    const frame = (now) => {
        frames_ms.push(now - last);
        last = now;
        const next = row?.isConnected ? row.getBoundingClientRect().top : null;
        if (next !== null && (next - top) * -sign < -2) movedBack += 1;
        const { left, width, height, top: edge } = region.getBoundingClientRect();
        const middle = edge + height / 2;
        if (!row?.isConnected) row = document.elementFromPoint(left + width / 2, middle)?.closest("li") ?? null; // dear
        const { top: start = 0, bottom: end = 0 } = row?.getBoundingClientRect() ?? {};
        if (start > middle) row = row.previousElementSibling ?? row;
        if (end < middle) row = row?.nextElementSibling ?? row;
        top = row?.getBoundingClientRect().top ?? 0;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


class Scrolling:
    """Frames and places that were seen while somebody scrolled."""

    def __init__(self, frames: list[float], tasks: list[float], moved_back: int, first: str) -> None:
        self.frames, self.moved_back, self.first = frames, moved_back, first
        self.tasks = tasks
        self.work = sum(tasks)


async def scrolled(page: Page, *, phone: bool) -> Scrolling:
    """Scroll towards the start, or to and fro where that is nearer."""
    devtools = await page.context.new_cdp_session(page)
    if phone:
        await devtools.send('Emulation.setCPUThrottlingRate', {'rate': THROTTLE})
    box = await page.locator('.chat__region').bounding_box()
    assert box
    x, y = box['x'] + box['width'] / 2, box['y'] + box['height'] / 2
    if not phone:
        await page.mouse.move(x, y)
    await page.evaluate(WATCH)
    trace = Trace(devtools)
    await trace.begin()
    direction, left = -1, DISTANCE
    while left > 0:
        length = min(left, 1_500)
        if phone:
            await _touch(devtools, 'touchStart', x, y)
        for step in range(1, length // STEP + 1):
            if phone:
                await _touch(devtools, 'touchMove', x, y - direction * STEP * step)
            else:
                await page.mouse.wheel(0, direction * STEP)
            await page.evaluate('new Promise(requestAnimationFrame)')
        if phone:
            await devtools.send('Input.dispatchTouchEvent', {'type': 'touchCancel', 'touchPoints': []})
        left -= length
        if await page.evaluate('document.querySelector(".chat__region").scrollTop < 1'):
            direction = 1
        elif direction == 1:
            direction = -1
        await page.evaluate('scrolls', direction)
    first = await page.get_by_test_id('turn').first.get_attribute('data-item-id')
    frames, moved_back = await page.evaluate('[frames_ms, movedBack]')
    return Scrolling(frames[1:], await trace.end(), moved_back, first or '')


async def _touch(devtools: CDPSession, type_: str, x: float, y: float) -> None:
    await devtools.send('Input.dispatchTouchEvent', {'type': type_, 'touchPoints': [{'x': x, 'y': y}]})


class Trace:
    """The tasks of a page's main thread."""

    def __init__(self, devtools: CDPSession) -> None:
        self._devtools = devtools
        self._events: list[dict[str, Any]] = []
        self._complete = asyncio.Event()
        devtools.on('Tracing.dataCollected', lambda message: self._events.extend(message['value']))
        devtools.on('Tracing.tracingComplete', lambda _: self._complete.set())

    async def begin(self) -> None:
        config = {'includedCategories': ['toplevel', 'devtools.timeline']}
        await self._devtools.send('Tracing.start', {'transferMode': 'ReportEvents', 'traceConfig': config})

    async def end(self) -> list[float]:
        """Return the milliseconds of processor time that each task took."""
        await self._devtools.send('Tracing.end')
        await self._complete.wait()
        named = [event for event in self._events if event['name'] == 'thread_name']
        threads = {(event['pid'], event['tid']): event['args']['name'] for event in named}
        return [
            event.get('tdur', 0) / 1000
            for event in self._events
            if event['name'] == 'ThreadControllerImpl::RunTask'
            and threads.get((event['pid'], event['tid'])) == 'CrRendererMain'
        ]


async def measure(chromium: Chromium, urls: list[str], *, phone: bool) -> None:
    """Scroll through a short and a long conversation, and report."""
    found = []
    for url in urls:
        page = await chromium.open_page(phone=phone, flags=['--js-flags=--opt'])
        await page.goto(url)
        await page.wait_for_function('window.did_handshake')
        await page.get_by_test_id('turn').last.wait_for()
        await page.wait_for_timeout(1000)
        found.append(await scrolled(page, phone=phone))
        await chromium.close_page(page)
    name = 'phone' if phone else 'desktop'
    for turns, seen in zip((FEW_TURNS, TURNS), found, strict=True):
        report(f'{name}: frames in {turns:,} turns', seen.frames)
        print(f'frames: {_slow(seen.frames)}')
        print(f'tasks of the page in processor time: {_slow(seen.tasks)}; {seen.work:.0f} ms in all')
        print(f'moved back {seen.moved_back} times; the first turn on the page is {seen.first} in the end')
    few, many = found
    print(
        f'work of the page per frame: {many.work / len(many.frames) / (few.work / len(few.frames)):.2f} times as much'
    )


def _slow(ms: list[float]) -> str:
    counts = ', '.join(f'{sum(each > limit for each in ms)} over {limit} ms' for limit in (34, 50, 100))
    return f'{counts}; longest {max(ms):.0f} ms'


async def main() -> None:
    async with fresh() as running:
        history = History(f'sqlite:///{Path(running.parley.data) / "history.sqlite3"}')
        ids = [await history.import_conversation('host', conversation(count, 0)) for count in (FEW_TURNS, TURNS)]
        await history.close()
        urls = [f'{running.parley.url}c/{id}' for id in ids]
        for phone in (False, True):
            await measure(running.chromium, urls, phone=phone)


if __name__ == '__main__':
    asyncio.run(main())
