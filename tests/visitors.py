"""Browser contexts that serve one visitor after another."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

ONE_PROCESS_PER_SITE = '--process-per-site'
"""For Chromium: the pages of a context that come from this machine share a process, whatever their ports."""


class Visitors:
    """Lends contexts of Chromium and cleans them when they come back; other browsers get new ones.

    A new context loads and compiles all of NiceGUI again, which costs more processor time than most tests. A used one
    has that in its cache, and in a process that a page of this machine keeps alive. Nothing else stays: cookies,
    storage, permissions, routes and pages are removed.
    """

    def __init__(self) -> None:
        self._free: defaultdict[tuple[Browser, str], list[_Room]] = defaultdict(list)

    @asynccontextmanager
    async def context(
        self, browser: Browser, *, permissions: Sequence[str] = ('microphone',), **options: Any
    ) -> AsyncIterator[BrowserContext]:
        """A context with these options, for one user at a time. Add init scripts to its pages, not to it.

        Its user wants no motion, which takes a sixth of a call's processor time. Tests of motion ask for
        `reduced_motion='no-preference'`.
        """
        options = {'reduced_motion': 'reduce'} | options
        if browser.browser_type.name != 'chromium':
            context = await browser.new_context(**options)
            await context.grant_permissions(permissions)
            yield context
            await context.close()
            return
        free = self._free[browser, repr(sorted(options.items()))]
        room = free.pop() if free else await _Room.of(await browser.new_context(**options))
        await room.context.grant_permissions(permissions)
        try:
            yield room.context
        finally:
            if await room.clean():
                free.append(room)
            else:
                await room.context.close()


@dataclass
class _Room:
    """A context with a page that stays, for the commands that clean it."""

    context: BrowserContext
    keeper: Page
    session: CDPSession

    @classmethod
    async def of(cls, context: BrowserContext) -> '_Room':
        keeper = await context.new_page()
        await keeper.route(_HERE, lambda route: route.fulfill(body=''))
        await keeper.goto(_HERE)
        return cls(context, keeper, await context.new_cdp_session(keeper))

    async def clean(self) -> bool:
        """Make the context as new. False if that is not possible: Playwright never takes back a clock of its own."""
        try:
            for page in self.context.pages:
                if page is not self.keeper:
                    await page.close()
            await self.session.send('Storage.clearDataForOrigin', {'origin': '*', 'storageTypes': _STORED})
            await self.context.clear_cookies()
            await self.context.clear_permissions()
            await self.context.unroute_all()
            await self.context.set_offline(False)
            await self.keeper.reload()
            return bool(await self.keeper.evaluate('String(setTimeout).includes("[native code]")'))
        except Error:  # its process has died
            return False


_HERE = 'http://localhost/keeper'
_STORED = 'cookies,local_storage,indexeddb,service_workers,cache_storage,file_systems,websql'
