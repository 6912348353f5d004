"""JavaScript modules of a call, for tests that need no call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page

from tests.chromium import Chromium
from tests.parley import Parley

from .witness import WitnessedPage

SPEECH = {'type': 'input_audio_buffer.speech_started'}
COMMITTED = {'type': 'input_audio_buffer.committed'}
CREATED = {'type': 'response.created', 'response': {'id': 'r1', 'conversation_id': 'c'}}
STARTED = {'type': 'output_audio_buffer.started', 'response_id': 'r1'}
"""Events of a service: of a turn, and of the answer to it."""


@asynccontextmanager
async def page_with_modules(
    chromium: Chromium, parley: Parley, *names: str, stops_clock: bool = False
) -> AsyncIterator[Page]:
    """A page that has imported these modules as Parley serves them: what they export is global there."""
    async with chromium.visitors.context(await chromium.silent()) as context:
        page = await context.new_page()
        await import_modules(page, parley, *names)
        if stops_clock:
            await page.clock.install()
            await page.clock.pause_at(await page.evaluate('Date.now() / 1000') + 5)
        yield page


async def import_modules(page: Page, parley: Parley, *names: str) -> None:
    """Open Parley in a page, and let it import these modules: what they export is global there."""
    await WitnessedPage(page, parley.url).open()
    await page.evaluate(
        'async (names) => { for (const name of names) Object.assign(window, await import(name)); }', names
    )


async def strip(page: Page, event: dict[str, Any]) -> Any:
    """Return what Python gets of an event."""
    return await page.evaluate('(event) => new ForwardedEvents().strip(event, "received")', event)
