"""Browser contexts that serve one visitor after another."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext


class Visitors:
    """Lends contexts of Chromium and cleans them when they come back; other browsers get new ones.

    A new context loads and compiles all of NiceGUI again, which costs more processor time than most tests. A used one
    has that in its cache. Nothing else stays: cookies, storage, permissions, routes and pages are removed.
    """

    def __init__(self) -> None:
        self._free: defaultdict[tuple[Browser, str], list[BrowserContext]] = defaultdict(list)

    @asynccontextmanager
    async def context(
        self, browser: Browser, *, permissions: Sequence[str] = ('microphone',), **options: Any
    ) -> AsyncIterator[BrowserContext]:
        """A context with these options, for one user at a time. Add init scripts to its pages, not to it.

        Its user wants no motion, which takes a sixth of a call's processor time. Tests of motion ask for
        `reduced_motion='no-preference'`.
        """
        options = {'reduced_motion': 'reduce'} | options
        free = self._free[browser, repr(sorted(options.items()))]
        context = free.pop() if free else await browser.new_context(**options)
        await context.grant_permissions(permissions)
        try:
            yield context
        finally:
            if browser.browser_type.name == 'chromium' and await _clean(context):
                free.append(context)
            else:
                await context.close()


async def _clean(context: BrowserContext) -> bool:
    """Make the context as new. False if that is not possible: Playwright never takes back a clock of its own."""
    for page in context.pages:
        await page.close()
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send('Storage.clearDataForOrigin', {'origin': '*', 'storageTypes': _STORED})
    natural = await page.evaluate('String(setTimeout).includes("[native code]")')
    await page.close()
    await context.clear_cookies()
    await context.clear_permissions()
    await context.unroute_all()
    await context.set_offline(False)
    return bool(natural)


_STORED = 'cookies,local_storage,indexeddb,service_workers,cache_storage,file_systems,websql'
