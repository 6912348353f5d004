"""Takes pictures of the page: `python -m tests.screenshots [--out DIR]`.

Idle, live, written and failed, in light and dark, on a desktop with both drawers open and on a phone. The live pictures
show a call with Parley's own engine, which really was spoken to.
"""

import asyncio
import tempfile
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import async_playwright

from tests import speech
from tests.browser import ensure_browser, this_machine
from tests.chromium import Chromium, Microphone
from tests.page import EAR, ParleyPage
from tests.parley import ROOT, Parley


@dataclass(frozen=True)
class Scene:
    name: str
    microphone: Microphone
    play: Callable[[ParleyPage], Awaitable[None]]


async def take_all(out: Path, directory: Path) -> None:
    question = speech.microphone(directory / 'question.wav', 2.0, 'what_can_you_do', 1.0)
    scenes = [Scene('idle', 'silent', idle), Scene('live', question, live)]
    scenes += [Scene('written', 'silent', written), Scene('failed', 'refused', failed)]
    parley = Parley(directory)
    await parley.start()
    try:
        async with async_playwright() as playwright:
            executable = ensure_browser(this_machine(), Path(playwright.chromium.executable_path))
            chromium = Chromium(playwright, executable, directory)
            for scene in scenes:
                for dark in (False, True):
                    for phone in (False, True):
                        print(await take(scene, out, chromium, parley, dark=dark, phone=phone))
    finally:
        await parley.stop()


async def take(scene: Scene, out: Path, chromium: Chromium, parley: Parley, *, dark: bool, phone: bool) -> Path:
    page = await chromium.open_page(scene.microphone, dark=dark, phone=phone, init_script=EAR)
    visit = await ParleyPage(page, parley.url).open()
    if not phone:
        await page.get_by_role('button', name='Call status').click()
    await scene.play(visit)
    await visit.wait_still()
    picture = out / f'{scene.name}-{"phone" if phone else "desktop"}-{"dark" if dark else "light"}.png'
    await page.screenshot(path=picture)
    if page.context.browser:
        await page.context.browser.close()
    return picture


async def idle(page: ParleyPage) -> None:
    await page.wait_state('idle')


async def live(page: ParleyPage) -> None:
    """The picture is taken while the answer is being spoken."""
    await page.press_call()
    await page.wait_state('live')
    await page.wait_turn('user', containing='what can you do')
    await page.wait_turn('assistant')
    await page.wait_voice()


async def written(page: ParleyPage) -> None:
    """A picture was shown, its answer was stopped, and another message is being written."""
    box, send = page.page.get_by_test_id('message-box'), page.page.get_by_test_id('send-message')
    await show(page)
    await box.fill('Tell me about the moon.')
    await send.click()
    await page.page.wait_for_function('ear.loudness.filter(([, rms]) => rms > 0.01).length > 150')
    await page.page.get_by_test_id('stop-answer').click()
    await page.wait_turn('assistant', status='interrupted')
    await show(page)
    await box.fill('Thank you. And what about this one?\nIt was taken in the evening.')


async def show(page: ParleyPage) -> None:
    await page.page.get_by_test_id('picture-file').set_input_files(ROOT / 'assets' / 'screenshot.png')
    await page.page.get_by_test_id('message-picture').wait_for()


async def failed(page: ParleyPage) -> None:
    await page.press_call()
    await page.wait_state('failed')


if __name__ == '__main__':
    options = ArgumentParser(description='Take pictures of the page.')
    options.add_argument('--out', type=Path, default=Path('tests/screenshots'), help='where to put them')
    target: Path = options.parse_args().out
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(take_all(target, Path(directory)))
