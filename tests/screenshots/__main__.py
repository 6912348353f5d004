"""Takes pictures of every state of the page, to be looked at: `python -m tests.screenshots [--out DIR] [SCENE ...]`.

`scenes.py` lists the scenes; here each is played in light and dark, on a desktop and on a phone, which is also
turned, at a zoom of 200 %, and with the few colours that a system forces on pages.
The conversations are real: Parley's own engine was really spoken to.
"""

import asyncio
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Error

from tests import speech
from tests.chromium import Chromium, Microphone
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley, free_port

from .camera import Camera, Scene
from .scenes import SCENES

PASSCODE = '123456'
TOUCH = {'is_mobile': True, 'has_touch': True, 'device_scale_factor': 2}
DESKTOP = {'viewport': {'width': 1280, 'height': 800}}
PHONE = {'viewport': {'width': 360, 'height': 740}, **TOUCH}


@dataclass(frozen=True)
class Look:
    """How a page is looked at; `context` is what Playwright's contexts take."""

    name: str
    context: dict[str, Any]


LOOKS = [
    Look(f'{screen}-{scheme}', {**context, 'color_scheme': scheme})
    for screen, context in (('desktop', DESKTOP), ('phone', PHONE))
    for scheme in ('light', 'dark')
] + [
    Look('phone-landscape', {'viewport': {'width': 740, 'height': 360}, **TOUCH}),
    Look('zoomed', {'viewport': {'width': 640, 'height': 400}, 'device_scale_factor': 2}),  # as a desktop at 200 %
    Look('forced-colors', {**DESKTOP, 'forced_colors': 'active'}),
]


class Studio:
    """Two running programs, one of them shared, and the browsers that listen to what scenes say, each started once."""

    def __init__(self, chromium: Chromium, directory: Path, alone: Parley, shared: Parley) -> None:
        self._chromium = chromium
        self._directory = directory
        self._alone, self._shared = alone, shared
        self._browsers: dict[tuple[Any, ...], Browser] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, directory: Path) -> AsyncIterator['Studio']:
        async with AsyncExitStack() as closing:
            chromium = await closing.enter_async_context(Chromium.found(directory))
            guests = ('--share', '--share-port', str(free_port()), '--passcode', PASSCODE)
            alone, shared = Parley(directory), Parley(directory, arguments=guests)
            for parley in (alone, shared):
                await parley.start()
                closing.push_async_callback(parley.stop)
            yield cls(chromium, directory, alone, shared)

    async def play(self, scene: Scene, look: Look, out: Path) -> None:
        """Play a scene from a fresh visit on, and keep its pictures as `<picture>-<look>.png`."""
        browser = await self._browser(scene)
        visitor = await browser.new_context(
            **{'permissions': ['microphone', 'camera'], 'ignore_https_errors': True, **look.context, **scene.context}
        )
        await visitor.add_init_script(WITNESS + scene.init_script)
        parley = self._shared if scene.shared else self._alone
        page = WitnessedPage(await visitor.new_page(), parley.url)

        async def take(picture: str) -> None:
            await page.wait_still()
            await page.page.screenshot(path=out / f'{picture}-{look.name}.png')

        try:
            await page.open()
            await scene.play(Camera(page, take, narrow=look.context['viewport']['width'] < 1024))
        finally:
            await visitor.close()

    async def _browser(self, scene: Scene) -> Browser:
        kind = (scene.says, scene.flags, scene.refuses)
        if kind not in self._browsers:
            file = self._directory / f'microphone-{len(self._browsers)}.wav'
            sound: Microphone = 'refused' if scene.refuses else speech.microphone(file, *(scene.says or (1.0,)))
            self._browsers[kind] = await self._chromium.launch(sound, *scene.flags)
        return self._browsers[kind]


async def take_all(out: Path, names: Collection[str], looks: Collection[str]) -> list[str]:
    """Play the named scenes in the named looks, or all of them. Returns which could not be played to their end."""
    failed = []
    with tempfile.TemporaryDirectory() as directory:
        async with Studio.opened(Path(directory)) as studio:
            for scene in SCENES:
                for look in LOOKS:
                    if (not names or scene.name in names) and (not looks or look.name in looks):
                        played = f'{scene.name}, {look.name}'
                        print(played)
                        try:
                            await studio.play(scene, look, out)
                        except (AssertionError, Error) as error:
                            failed.append(f'{played}: {error}')
    return failed


def arguments() -> Namespace:
    parser = ArgumentParser(description='Take pictures of every state of the page.')
    parser.add_argument('--out', type=Path, default=Path(__file__).with_name('pictures'), help='where to put them')
    parser.add_argument('--look', action='append', choices=[look.name for look in LOOKS], help='only this one')
    parser.add_argument('scene', nargs='*', help=f'only these: {", ".join(scene.name for scene in SCENES)}')
    return parser.parse_args()


if __name__ == '__main__':
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    if failed := asyncio.run(take_all(options.out, options.scene, options.look or ())):
        sys.exit('\n\n'.join(failed))
