"""Clicks and seconds of five things that people do with the page: `python -m tests.bench.page.tasks`.

Nobody thinks or reads here: the seconds are what the page itself takes, with a browser and the engine on one machine.
Keys that write words are counted as words.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, ViewportSize, expect

from tests import speech
from tests.bench.fresh import Fresh, fresh
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import open_dropdown

DESKTOP: ViewportSize = {'width': 1280, 'height': 800}


class Hand:
    """Presses what people press, and counts it."""

    def __init__(self) -> None:
        self.clicks = self.words = 0
        self.began = time.perf_counter()

    async def press(self, target: Locator) -> None:
        await target.click()
        self.clicks += 1

    async def write(self, target: Locator, text: str) -> None:
        if not await target.evaluate('(it) => it === document.activeElement'):
            await self.press(target)
        await target.fill(text)
        self.words += len(text.split())

    def report(self, task: str) -> None:
        seconds = time.perf_counter() - self.began
        print(f'{task:32} {self.clicks:6} {self.words:6} {seconds:8.1f}', flush=True)


async def main() -> None:
    print(f'{"task":32} clicks  words  seconds')
    async with fresh() as bench:
        async with visitor(bench) as page:
            await first_answer(page)
            await change_voice(page)
            await page.hang_up()
            await find(page)
        async with visitor(bench) as page:
            await share(page)
        async with visitor(bench) as page:
            await enter_key(page)


@asynccontextmanager
async def visitor(bench: Fresh) -> AsyncIterator[WitnessedPage]:
    """Open the page for somebody who says a sentence."""
    sound: Path = speech.microphone(bench.folder / 'microphone.wav', 1.0, 'what_can_you_do', 30.0)
    browser = await bench.chromium.launch(sound)
    context = await browser.new_context(viewport=DESKTOP, permissions=['microphone'], reduced_motion='reduce')
    await context.add_init_script(WITNESS)
    page = WitnessedPage(await context.new_page(), bench.parley.url)
    await page.open()
    yield page
    await browser.close()


async def first_answer(page: WitnessedPage) -> None:
    """From the open page until an answer is heard; the question takes 1 s of silence and 1.4 s of speech."""
    hand = Hand()
    await hand.press(page.call_button)
    await page.wait_turn('user', containing='what can you do')
    await page.wait_voice()
    hand.report('first answer')


async def change_voice(page: WitnessedPage) -> None:
    """In the call, until it goes on with the new voice."""
    hand = Hand()
    options = await open_dropdown(page.page.get_by_test_id('settings-voice'))
    hand.clicks += 1
    await hand.press(options.nth(1))
    await hand.press(page.page.get_by_test_id('new-call-offer').get_by_role('button').first)
    await expect(page.page.get_by_test_id('call-divider')).to_have_count(1)
    await page.wait_state('live')
    hand.report('change the voice in a call')


async def find(page: WitnessedPage) -> None:
    """From the page with a conversation until a sentence of it is in view."""
    hand = Hand()
    await hand.press(page.page.get_by_test_id('conversations'))
    await hand.write(page.page.get_by_test_id('search'), 'what can')
    await hand.press(page.page.get_by_test_id('search-hit').first.get_by_role('link'))
    await expect(page.page.locator('.turn--found')).to_be_in_viewport()
    hand.report('find what was said')


async def share(page: WitnessedPage) -> None:
    """Until the code is shown that a phone scans."""
    hand = Hand()
    await hand.press(page.page.get_by_role('button', name='Share on the network'))
    await hand.press(page.page.get_by_test_id('share-on'))
    await expect(page.page.locator('.share__code').first).to_be_visible()
    hand.report('share with a phone')


async def enter_key(page: WitnessedPage) -> None:
    """Until the page says whether the key works; the service may be out of reach here."""
    hand = Hand()
    await hand.write(page.page.get_by_test_id('key-entry').first, 'sk-for-a-benchmark')
    await hand.press(page.page.get_by_test_id('key-save').first)
    await expect(page.page.get_by_test_id('key-outcome').first).not_to_be_empty(timeout=60_000)
    hand.report('enter a key')


if __name__ == '__main__':
    asyncio.run(main())
