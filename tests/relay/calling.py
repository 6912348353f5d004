"""A relayed call between a fake browser and a fake service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from components.providers.connection.connection import SocketConnection
from components.relay.relayed_call import RelayedCall

from .fakes import FakeBrowser, FakeService

SESSION = {'type': 'realtime', 'model': 'm', 'instructions': 'Be brief.', 'audio': {'output': {'voice': 'marin'}}}


class Setting:
    """A call that is on, its service, and the browser it began with."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.browser = FakeBrowser()
        self.call = RelayedCall(self._connect, SESSION)
        self.running = asyncio.create_task(self.call.run())
        self.carrying = self.carry(self.browser)

    def carry(self, browser: FakeBrowser, received: int = 0) -> asyncio.Task[None]:
        return asyncio.create_task(self.call.carry(browser, 'way back', received))

    async def come_back(self) -> FakeBrowser:
        """Lose the browser's socket, and take another one."""
        self.browser.vanish()
        await self.carrying
        again = FakeBrowser()
        self.carrying = self.carry(again, self.browser.count)
        await again.until('relay.welcome')
        return again

    async def _connect(self) -> SocketConnection:
        return SocketConnection(self.service)


@asynccontextmanager
async def calling(service: FakeService | None = None, *, live: bool = True) -> AsyncIterator[Setting]:
    """Afterwards nothing is left."""
    before = asyncio.all_tasks()
    setting = Setting(service or FakeService())
    if live:
        await setting.browser.until('session.created')
    yield setting
    setting.call.end()
    async with asyncio.timeout(5):
        await setting.running
        setting.browser.hang_up()
        await setting.carrying
    assert setting.service.closed
    assert asyncio.all_tasks() == before


async def until(true: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError('It did not come true.')
