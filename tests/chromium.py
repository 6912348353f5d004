"""A real browser whose microphone plays a file, or fails in the ways microphones fail."""

import os
import platform
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from . import speech
from .browser import ONE_AT_A_TIME, ensure_browser, ensure_headless_shell, this_machine
from .visitors import ONE_PROCESS_PER_SITE, Visitors

Microphone = Path | Literal['silent', 'refused', 'missing', 'busy']
"""The microphone that a page gets: a 48 kHz WAV file that is played once, whenever the
microphone opens; silence; a person who says no; no device; a device that cannot be started."""

FLAGS = (
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',  # a machine may have no other network
    '--disable-domain-reliability',
    '--host-resolver-rules=MAP *.test 127.0.0.1',  # to reach this machine by a name that does not count as secure
    '--disable-sync',
    '--no-pings',
    ONE_PROCESS_PER_SITE,
    '--js-flags=--no-opt',  # no test runs long enough to gain what the second optimising compiler costs
)

ALLOW = '--use-fake-ui-for-media-stream'  # the headless shell has nobody to answer its questions

DESKTOP: dict[str, Any] = {'viewport': {'width': 1280, 'height': 800}}
PHONE: dict[str, Any] = {
    'viewport': {'width': 390, 'height': 844},
    'device_scale_factor': 2,
    'is_mobile': True,
    'has_touch': True,
}

# Chromium offers no flag that hides real devices.
HIDE_DEVICES = """
    navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("Requested device not found", "NotFoundError");
    };
"""


class Chromium:
    """Launches the browser and opens pages in it. `directory` is for its temporary files.

    `headless_shell` is the same browser without a user interface, which takes two thirds of the processor time. It
    cannot ask for a permission, so pages without a microphone get the whole browser.
    """

    def __init__(
        self,
        playwright: Playwright,
        executable: Path,
        directory: Path,
        *,
        headless_shell: Path | None = None,
        home: Path | None = None,
    ) -> None:
        self.visitors = Visitors()
        self._playwright = playwright
        self.executable = executable
        self._headless_shell = headless_shell
        self._home = home
        self._silence = speech.microphone(directory / 'silence.wav', 1.0)
        self._sound = directory / 'sound.wav'
        self._silent: Browser | None = None
        self._speaking: Browser | None = None
        self._speaks = False  # whether a page of the speaking browser is open
        self._closing: dict[Page, AsyncExitStack] = {}

    @classmethod
    @asynccontextmanager
    async def found(cls, directory: Path) -> AsyncIterator['Chromium']:
        """The browser of this machine, installed if need be. Raises BrowserMissing."""
        async with async_playwright() as playwright:
            with ONE_AT_A_TIME:
                machine, playwrights_own = this_machine(), Path(playwright.chromium.executable_path)
                executable = ensure_browser(machine, playwrights_own)
                headless_shell = ensure_headless_shell(machine, playwrights_own)
            chromium = cls(playwright, executable, directory, headless_shell=headless_shell)
            yield chromium
            await chromium.close()

    def by(self, wrapper: Callable[[Path], Path]) -> 'Chromium':
        """The same, started by the programs that `wrapper` returns for its own."""
        shell = wrapper(self._headless_shell) if self._headless_shell else None
        return Chromium(self._playwright, wrapper(self.executable), self._silence.parent, headless_shell=shell)

    @asynccontextmanager
    async def of(self, home: Path) -> AsyncIterator['Chromium']:
        """The same with a home folder, which has what its user has installed there, such as certificates."""
        shell = self._headless_shell
        chromium = Chromium(self._playwright, self.executable, home, headless_shell=shell, home=home)
        yield chromium
        await chromium.close()

    async def close(self) -> None:
        """Close the pages that are still open, and the browsers that serve many pages."""
        for page in list(self._closing):
            await self.close_page(page)
        for browser in filter(None, (self._silent, self._speaking)):
            await browser.close()

    async def launch(self, microphone: Microphone = 'silent', *flags: str) -> Browser:
        """Start a browser of its own. Nobody answers its questions: contexts need the permission `microphone`."""
        shell = self._headless_shell if microphone != 'refused' else None
        return await self._playwright.chromium.launch(
            executable_path=shell or self.executable,
            args=[*FLAGS, *([ALLOW] if shell else []), *self._microphone_flags(microphone), *flags],
            env={
                **os.environ,
                'ALSA_CONFIG_PATH': '/dev/null',
                'PULSE_SERVER': '/dev/null',
                **({'HOME': str(self._home)} if self._home else {}),
            },
        )

    @asynccontextmanager
    async def lasting(self, profile: Path, *flags: str) -> AsyncIterator[BrowserContext]:
        """The whole browser with a profile in this folder. All others are private windows, which install nothing."""
        environment: dict[str, str | float | bool] = {**os.environ, **({'HOME': str(self._home)} if self._home else {})}
        context = await self._playwright.chromium.launch_persistent_context(
            profile, executable_path=self.executable, args=[*FLAGS, *flags], env=environment
        )
        yield context
        await context.close()

    async def silent(self) -> Browser:
        """The one browser for all pages that hear silence: a new context takes a tenth of the time of a new browser."""
        self._silent = self._silent or await self.launch('silent')
        return self._silent

    async def speaking(self, sound: Path) -> Browser:
        """The one browser for all pages that hear something: this sound from now on.

        Chromium reads the file anew whenever a page opens the microphone, so only one such page can be open at a time:
        `open_page` gives a second one a browser of its own.
        """
        fresh = self._sound.with_suffix('.fresh')
        shutil.copyfile(sound, fresh)
        fresh.replace(self._sound)
        self._speaking = self._speaking or await self.launch(self._sound)
        return self._speaking

    async def open_page(
        self,
        microphone: Microphone = 'silent',
        *,
        dark: bool = False,
        phone: bool = False,
        init_script: str = '',
        flags: Sequence[str] = (),
        **options: Any,
    ) -> Page:
        """Open an empty page with storage of its own; `close_page` is the caller's job.

        `phone` makes a small touch screen; `init_script` runs in every document before its own scripts; `flags` are
        for the command line of a browser of its own; `options` are what Playwright's contexts take.
        """
        async with AsyncExitStack() as opening:
            browser = await self._browser(microphone, flags)
            if browser is self._speaking:
                opening.callback(setattr, self, '_speaks', False)
            elif browser is not self._silent:
                opening.push_async_callback(browser.close)
            context = await opening.enter_async_context(
                self.visitors.context(
                    browser,
                    permissions=[] if microphone == 'refused' else ['microphone'],
                    **(PHONE if phone else DESKTOP),
                    color_scheme='dark' if dark else 'light',
                    **options,
                )
            )
            page = await context.new_page()
            if microphone == 'missing' and platform.system() != 'Linux':
                await page.add_init_script(HIDE_DEVICES)
            if init_script:
                await page.add_init_script(init_script)
            self._closing[page] = opening.pop_all()
        return page

    async def close_page(self, page: Page) -> None:
        """Close the page, what it stored, and its browser if that was for this page alone."""
        await self._closing.pop(page).aclose()

    async def _browser(self, microphone: Microphone, flags: Sequence[str]) -> Browser:
        if not flags and microphone == 'silent':
            return await self.silent()
        if not flags and isinstance(microphone, Path) and not self._speaks:
            self._speaks = True
            return await self.speaking(microphone)
        return await self.launch(microphone, *flags)

    def _microphone_flags(self, microphone: Microphone) -> list[str]:
        if microphone == 'missing':
            return []
        flags = ['--use-fake-device-for-media-stream']
        if microphone == 'busy':
            return [*flags, '--fail-audio-stream-creation']
        file = microphone if isinstance(microphone, Path) else self._silence
        return [*flags, f'--use-file-for-fake-audio-capture={file.resolve()}%noloop']
