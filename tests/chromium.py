"""A real browser whose microphone plays a file, or fails in the ways microphones fail."""

import os
import platform
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, Playwright, async_playwright

from . import speech
from .browser import ONE_AT_A_TIME, ensure_browser, this_machine

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
)

# Chromium offers no flag that hides real devices.
HIDE_DEVICES = """
    navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("Requested device not found", "NotFoundError");
    };
"""


class Chromium:
    """Launches the browser and opens pages in it. `directory` is for its temporary files."""

    def __init__(self, playwright: Playwright, executable: Path, directory: Path) -> None:
        self._playwright = playwright
        self.executable = executable
        self._silence = speech.microphone(directory / 'silence.wav', 1.0)

    @classmethod
    @asynccontextmanager
    async def found(cls, directory: Path) -> AsyncIterator['Chromium']:
        """The browser of this machine, installed if need be. Raises BrowserMissing."""
        async with async_playwright() as playwright:
            with ONE_AT_A_TIME:
                executable = ensure_browser(this_machine(), Path(playwright.chromium.executable_path))
            yield cls(playwright, executable, directory)

    def by(self, executable: Path) -> 'Chromium':
        """The same, started by another program."""
        return Chromium(self._playwright, executable, self._silence.parent)

    async def launch(self, microphone: Microphone = 'silent', *flags: str, home: Path | None = None) -> Browser:
        """Start a browser of its own. Nobody answers its questions: contexts need the permission `microphone`.

        `home` is a home folder of its own, with what its user has installed there, such as certificates.
        """
        return await self._playwright.chromium.launch(
            executable_path=self.executable,
            args=[*FLAGS, *self._microphone_flags(microphone), *flags],
            env={
                **os.environ,
                'ALSA_CONFIG_PATH': '/dev/null',
                'PULSE_SERVER': '/dev/null',
                **({'HOME': str(home)} if home else {}),
            },
        )

    async def open_page(
        self,
        microphone: Microphone = 'silent',
        *,
        dark: bool = False,
        phone: bool = False,
        init_script: str = '',
        flags: Sequence[str] = (),
    ) -> Page:
        """Open an empty page in a browser of its own; closing the page's browser is the caller's job.

        `phone` makes a small touch screen; `init_script` runs in every document before its own scripts; `flags` are
        for Chromium's command line.
        """
        browser = await self.launch(microphone, *flags)
        context = await browser.new_context(
            color_scheme='dark' if dark else 'light',
            viewport={'width': 390, 'height': 844} if phone else {'width': 1280, 'height': 800},
            device_scale_factor=2 if phone else 1,
            is_mobile=phone,
            has_touch=phone,
            permissions=[] if microphone == 'refused' else ['microphone'],
        )
        if microphone == 'missing' and platform.system() != 'Linux':
            await context.add_init_script(HIDE_DEVICES)
        if init_script:
            await context.add_init_script(init_script)
        return await context.new_page()

    def _microphone_flags(self, microphone: Microphone) -> list[str]:
        if microphone == 'missing':
            return []
        flags = ['--use-fake-device-for-media-stream']
        if microphone == 'busy':
            return [*flags, '--fail-audio-stream-creation']
        file = microphone if isinstance(microphone, Path) else self._silence
        return [*flags, f'--use-file-for-fake-audio-capture={file.resolve()}%noloop']
