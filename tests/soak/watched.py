"""A Parley that is watched while a soak runs, and the browser's page in it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Literal

import httpx
from playwright.async_api import CDPSession, expect

from tests.chromium import Chromium
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley

from .figures import Holdings

Transport = Literal['webrtc', 'relay']


class Watched:
    """A running Parley with one page. What goes wrong on the page is in `errors`."""

    def __init__(self, parley: Parley, page: WitnessedPage, devtools: CDPSession) -> None:
        self.parley = parley
        self.page = page
        self.errors: list[str] = []
        self._devtools = devtools
        page.page.on('pageerror', lambda error: self.errors.append(str(error)[:500]))

    async def holdings(self) -> Holdings:
        """Tell what the program has now."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            return Holdings(**(await client.get(f'{self.parley.url}holdings')).json())

    async def settled(self, *, pages: int, within: float = 120.0) -> Holdings:
        """Wait until no call is on and there are no more pages than these, and tell what the program has then."""
        end = monotonic() + within
        while (found := await self.holdings()).calls or found.pages > pages:
            if monotonic() > end:
                self.errors.append(f'After {within:g} s there are still {found.pages} pages and {found.calls} calls.')
                break
            await asyncio.sleep(1)
        return found

    async def browser(self) -> str:
        """Tell what the browser keeps for the page. Its recorder keeps the events of calls, but not their tracks."""
        await self.page.page.evaluate('witness.tracks.length = 0; witness.turns.length = 0')
        await self._devtools.send('HeapProfiler.collectGarbage')
        listed = (await self._devtools.send('Performance.getMetrics'))['metrics']
        metrics = {each['name']: each['value'] for each in listed}
        heap, nodes = metrics['JSHeapUsedSize'] / 1e6, int(metrics['Nodes'])
        return f'page: {heap:5.1f} MB, {nodes:6} nodes, {int(metrics["JSEventListeners"]):4} listeners'

    async def ask(self, number: int) -> None:
        """Type a question, and wait until its answer was heard."""
        spoken = 'witness.received.filter(({type}) => type === "output_audio_buffer.stopped").length'
        before = await self.page.page.evaluate(spoken)
        box = self.page.page.get_by_test_id('message-box')
        await box.fill(f'What is {number} + 1?')
        await box.press('Enter')
        await self.page.page.wait_for_function(f'(before) => {spoken} > before', arg=before, timeout=30_000)
        await expect(box).to_have_value('')


@asynccontextmanager
async def watched(transport: Transport | None, script: str = 'tests/soak/observed.py') -> AsyncIterator[Watched]:
    """Start a Parley, and open its page, whose calls go by this transport.

    `script` is another program with the address `observed` adds; without a transport, its page has no settings.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        parley = Parley(folder, script=script)
        await parley.start()
        stack.push_async_callback(parley.kill)
        browser = await (await stack.enter_async_context(Chromium.found(folder))).silent()
        page = WitnessedPage(await (await browser.new_context(permissions=['microphone'])).new_page(), parley.url)
        await page.page.add_init_script(WITNESS)
        devtools = await page.page.context.new_cdp_session(page.page)
        await devtools.send('Performance.enable')
        found = Watched(parley, page, devtools)
        await page.open()
        if transport:
            await page.choose_transport(transport)
        yield found
        await parley.stop()
        if 'Traceback' in parley.output:
            found.errors.append(parley.output[-4_000:])
