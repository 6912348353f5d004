"""The lines of a running engine, taken by callers who say nothing: what a test sees of them without being in them."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType

import httpx
from aiortc import RTCConfiguration, RTCPeerConnection

from components.engine.limits import Limits
from tests.page import WAIT

CAPACITY = Limits().calls


class Lines:
    """Takes lines of the engine at `url` by the public protocol; hung up at the end of the context.

    A caller who never connects is hung up by the engine after 15 s, which is long enough for a test.
    """

    def __init__(self, url: str) -> None:
        # the engine may only start now, which takes some seconds on a busy machine
        # the server closes connections that were idle, perhaps just as they are used again
        limits = httpx.Limits(max_keepalive_connections=0)
        root = f'{url}engine/v1/realtime'
        self._client = httpx.AsyncClient(base_url=root, trust_env=False, timeout=WAIT, limits=limits)
        self._taken: list[str] = []

    async def __aenter__(self) -> 'Lines':
        async with AsyncExitStack() as closing:
            caller = RTCPeerConnection(RTCConfiguration(iceServers=[]))
            closing.push_async_callback(caller.close)
            caller.addTransceiver('audio')
            caller.createDataChannel('oai-events')
            await caller.setLocalDescription()
            self._offer = caller.localDescription.sdp
        await self.wait_free(CAPACITY, within=WAIT)  # of calls before, too
        await self.free()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.free()
        await self._client.aclose()

    async def take(self, count: int) -> None:
        """Take so many lines, all of which must be free."""
        for _ in range(count):
            assert await self._take_one(), 'No line was free.'

    async def free(self) -> None:
        """Hang up all that were taken."""
        while self._taken:
            await self._client.post(f'/calls/{self._taken.pop()}/hangup')

    async def wait_free(self, count: int, *, within: float = 10) -> None:
        """Wait until so many lines are free, and take them.

        Within 10 s only a hang-up frees a line: a caller who vanished is noticed after 15.
        """
        async with asyncio.timeout(within):
            while count:
                if await self._take_one():
                    count -= 1
                else:
                    await asyncio.sleep(0.02)

    async def _take_one(self) -> bool:
        key = (await self._client.post('/client_secrets', json={})).raise_for_status().json()['value']
        headers = {'Authorization': f'Bearer {key}', 'Content-Type': 'application/sdp'}
        response = await self._client.post('/calls', content=self._offer, headers=headers)
        if response.status_code == 503:
            return False
        self._taken.append(response.raise_for_status().headers['Location'].rpartition('/')[2])
        return True
