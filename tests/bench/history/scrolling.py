"""Measures how smoothly a conversation of 5,000 turns scrolls, on a desktop and in a phone's window.

    python -m tests.bench.history.scrolling

It is compared with a conversation that is rendered as a whole. The longest task is told in processor time of the
page's thread, which a busy machine hardly changes; frames are told as they came. The phone's processor is slowed down
four times.
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
        row = document.elementFromPoint(left + width / 2, edge + height / 2)?.closest("li") ?? row;
        top = row?.getBoundingClientRect().top ?? 0;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


class Scrolling:
    """Frames and places that were seen while somebody scrolled."""

    def __init__(self, frames: list[float], tasks: list[float], moved_back: int, first: str) -> None:
        self.frames, self.moved_back, self.first = frames, moved_back, first
        self.longest_task = max(tasks)
        self.work = sum(tasks)


async def scrolled(page: Page, *, phone: bool) -> Scrolling:
    """Scroll towards the start, or to and fro where that is nearer."""
    devtools = await page.context.new_cdp_session(page)
    if phone:
        await devtools.send('Emulation.setCPUThrottlingRate', {'rate': THROTTLE})
    box = await page.locator('.chat__region').bounding_box()
    assert box
    x, y = box['x'] + box['width'] / 2, box['y'] + box['height'] / 2
    await page.mouse.move(x, y)
    await page.evaluate(WATCH)
    trace = Trace(devtools)
    await trace.begin()
    direction, left = -1, DISTANCE
    while left > 0:
        length = min(left, 1_500)
        for _ in range(length // STEP):
            await page.mouse.wheel(0, direction * STEP)
            await page.evaluate('new Promise(requestAnimationFrame)')
        left -= length
        if await page.evaluate('document.querySelector(".chat__region").scrollTop < 1'):
            direction = 1
        elif direction == 1:
            direction = -1
        await page.evaluate('scrolls', direction)
    first = await page.get_by_test_id('turn').first.get_attribute('data-item-id')
    frames, moved_back = await page.evaluate('[frames_ms, movedBack]')
    return Scrolling(frames[1:], await trace.end(), moved_back, first or '')


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
        slow = ', '.join(f'{sum(ms > limit for ms in seen.frames)} over {limit} ms' for limit in (34, 50, 100))
        print(f'{slow}; longest {max(seen.frames):.0f} ms; longest task {seen.longest_task:.0f} ms of processor time')
        print(f'moved back {seen.moved_back} times; the first turn on the page is {seen.first} in the end')
    few, many = found
    print(
        f'work of the page per frame: {many.work / len(many.frames) / (few.work / len(few.frames)):.2f} times as much'
    )


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
