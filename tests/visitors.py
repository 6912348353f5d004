"""Browser contexts that serve one visitor after another."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Route


class Visitors:
    """Lends contexts of Chromium and cleans them when they come back; other browsers get new ones.

    A new context loads and compiles all of NiceGUI again, which costs more processor time than most tests. A used one
    has that in its cache, and in the process of its pages, which stays if Chromium has the flag `--process-per-site`.
    Nothing else stays: cookies, storage, permissions, routes and pages are removed.
    """

    def __init__(self) -> None:
        self._free: defaultdict[tuple[Browser, str], list[_Context]] = defaultdict(list)

    @asynccontextmanager
    async def context(
        self, browser: Browser, *, permissions: Sequence[str] = ('microphone',), **options: Any
    ) -> AsyncIterator[BrowserContext]:
        """A context with these options, for one user at a time. Add init scripts to its pages, not to it."""
        free = self._free[browser, repr(sorted(options.items()))]
        lent = free.pop() if free else _Context(await browser.new_context(**options))
        await lent.context.grant_permissions(permissions)
        try:
            yield lent.context
        finally:
            if browser.browser_type.name == 'chromium' and await lent.clean():
                free.append(lent)
            else:
                await lent.context.close()


@dataclass
class _Context:
    context: BrowserContext
    _keeper: tuple[Page, CDPSession] | None = field(default=None, init=False)

    async def clean(self) -> bool:
        """Make the context as new. False if that is not possible: Playwright never takes back a clock of its own."""
        page, session = self._keeper = self._keeper or await self._open_keeper()
        for other in self.context.pages:
            if other is not page:
                await other.close()
        await page.reload()
        natural = await page.evaluate('String(setTimeout).includes("[native code]")')
        await session.send('Storage.clearDataForOrigin', {'origin': '*', 'storageTypes': _STORED})
        await self.context.clear_cookies()
        await self.context.clear_permissions()
        await self.context.unroute_all()
        await self.context.set_offline(False)
        return bool(natural)

    async def _open_keeper(self) -> tuple[Page, CDPSession]:
        """Open an empty page of Parley's site, for the sake of which the process of its pages stays."""

        async def serve(route: Route) -> None:
            await route.fulfill(body='', content_type='text/html')

        page = await self.context.new_page()
        await page.route('http://localhost/', serve)
        await page.goto('http://localhost/')
        return page, await self.context.new_cdp_session(page)


_STORED = 'cookies,local_storage,indexeddb,service_workers,cache_storage,file_systems,websql'
