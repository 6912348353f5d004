"""The Firefox that the system has, driven by Playwright, which as a rule brings one of its own."""

import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Error, Playwright

from . import firefox_bridge
from .browser import BrowserMissing
from .room import Room

PREFERENCES = {
    'media.autoplay.default': 0,  # allowed
    'permissions.default.microphone': 1,  # granted; nobody answers its questions
    # 100 ms of sound at a time: with its usual 10, Firefox misses some of what a busy sound server sends.
    'media.cubeb_latency_mtg_frames': 4800,
    # No test looks at a picture, and drawing without a GPU takes more processor time than all the rest.
    'layout.frame_rate': 10,
}


class Firefox:
    """Launches the browser. `directory` is for its temporary files."""

    def __init__(self, playwright: Playwright, executable: Path, directory: Path) -> None:
        self._playwright = playwright
        self._launcher = directory / 'firefox'
        self._launcher.write_text(
            f'#!/bin/sh\nexec {shlex.join([sys.executable, firefox_bridge.__file__, str(executable)])} "$@"\n'
        )
        self._launcher.chmod(0o700)

    @asynccontextmanager
    async def launch(self, room: Room) -> AsyncIterator[Browser]:
        """Start a browser whose microphone and speaker are in this room."""
        browser = await self._playwright.firefox.launch(
            channel='moz-firefox',
            executable_path=self._launcher,
            firefox_user_prefs={**PREFERENCES},
            env={**room.environment},
        )
        try:
            yield browser
        finally:
            await browser.close()


async def try_out(browser: Browser) -> None:
    """Open a page. Raises `BrowserMissing` when this Firefox is too old for Playwright."""
    context = await browser.new_context()
    try:
        await context.new_page()
    except Error as problem:
        if 'unknown command' not in problem.message:
            raise
        raise BrowserMissing(f'Firefox {browser.version} is too old to be tested: {problem.message}') from None
    await context.close()
