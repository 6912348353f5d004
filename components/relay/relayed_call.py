"""One call whose events and sound go through Python: from the browser's WebSocket to the service, and back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol

from components.providers.connection import ServiceConnection, ServiceEvent
from components.providers.error import SERVICE_CODES, ProviderError
from components.providers.socket import ServiceClosed

from .downlink import Downlink
from .frames import PCM, Tracks, to_event, to_text
from .uplink import Uplink

logger = logging.getLogger(__name__)

AWAY_SECONDS = 10.0
"""How long a browser whose socket broke may stay away. The service keeps running, and so do its costs."""

SILENT_SECONDS = 20.0
"""How long a browser may send or confirm nothing; its microphone alone sends 25 frames per second."""

LONGEST_FRAME = 96_000
"""Bytes of sound in one message of the browser, two seconds at most."""

SESSION_UPDATE = 'relay_session'


class BrowserSocket(Protocol):
    """An accepted WebSocket of a browser."""

    async def send(self, message: str | bytes) -> None:
        """Send a message. It is lost if the browser has left."""

    async def receive(self) -> str | bytes:
        """Wait for a message. Raises BrowserGone."""


class BrowserGone(Exception):
    """The browser's socket is closed; `hung_up` if on purpose."""

    def __init__(self, hung_up: bool = False) -> None:
        super().__init__()
        self.hung_up = hung_up


class RelayedCall:
    """A call that outlives the browser's socket for a while, so that a new one can take its place.

    Args:
        connect: Opens the session with the service; may raise ProviderError.
        session: The session object of the call.
    """

    def __init__(self, connect: Callable[[], Awaitable[ServiceConnection]], session: Mapping[str, Any]) -> None:
        self.uplink = Uplink()
        self.downlink = Downlink()
        self._connect = connect
        self._session = session
        self._tracks = Tracks()
        self._created: Mapping[str, Any] = {'type': 'session.created'}
        self._live = False
        self._received = 0  # events of the browser
        self._carrying: asyncio.Future[None] | None = None
        self._absence: asyncio.TimerHandle | None = None
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Hold the call until either side ends it. Never raises."""
        try:
            await _first_of(self._hold(), self._ended())
        except ProviderError as error:
            self._fail(error.code, error.detail)
        except ServiceClosed as closed:
            self._fail('channel_closed', closed.reason)
        except Exception:
            logger.exception('A relayed call failed')
            self._fail('unknown')
        finally:
            self.downlink.finish()
            await self._ended()  # a browser that is away for a moment still gets the end

    def end(self) -> None:
        """Hang up."""
        self._over.set()

    async def carry(self, browser: BrowserSocket, ticket: str, received: int) -> None:
        """Carry messages between this browser socket and the call, until the socket breaks or the call is over.

        Args:
            browser: The socket.
            ticket: Lets another socket take this one's place.
            received: How many messages the browser got over earlier sockets.
        """
        if self._carrying:
            self._carrying.cancel()
            await asyncio.wait([self._carrying])
        if self._absence:
            self._absence.cancel()
        self.downlink.rewind(received)
        carrying = self._carrying = asyncio.ensure_future(self._carry(browser, ticket))
        try:
            await asyncio.wait([carrying])
        except asyncio.CancelledError:
            carrying.cancel()
            self.end()
            raise
        if carrying.cancelled():
            return  # another socket has taken its place
        gone = carrying.exception()
        if isinstance(gone, BrowserGone) and not gone.hung_up:
            self._absence = asyncio.get_running_loop().call_later(AWAY_SECONDS, self.end)
        else:
            self.end()
        if gone and not isinstance(gone, BrowserGone):
            raise gone

    async def _carry(self, browser: BrowserSocket, ticket: str) -> None:
        await browser.send(to_text({'type': 'relay.welcome', 'ticket': ticket, 'received': self._received}))
        await _first_of(self._hear(browser), self._tell(browser))

    async def _hear(self, browser: BrowserSocket) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    message = await browser.receive()
            except TimeoutError:
                raise BrowserGone from None
            if isinstance(message, bytes):
                if len(message) % 2 == 0 and 0 < len(message) <= LONGEST_FRAME:
                    self.uplink.add_sound(message)
            elif not self._control(message):
                self._received += 1
                if not self.uplink.add_event(message):
                    raise BrowserGone(hung_up=True)
                self.downlink.add(to_text({'type': 'relay.received', 'count': self._received}))

    def _control(self, message: str) -> bool:
        """Take a message for the relay itself. Returns whether it was one."""
        if not message.startswith('{"type":"relay.'):
            return False
        event = to_event(message) or {}
        if event.get('type') == 'relay.confirm' and isinstance(count := event.get('count'), int):
            self.downlink.confirm(count)
        return True

    async def _tell(self, browser: BrowserSocket) -> None:
        while (message := await self.downlink.next()) is not None:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    await browser.send(message)
                    await self.downlink.room()
            except TimeoutError:
                raise BrowserGone from None

    async def _hold(self) -> None:
        service = await self._connect()
        try:
            self.downlink.add(to_text({'type': 'relay.connected'}))
            await _first_of(self._read(service), self._write(service))
        finally:
            await service.close()

    async def _ended(self) -> None:
        await self._over.wait()

    async def _read(self, service: ServiceConnection) -> None:
        while True:
            self._take(await service.receive())
            if self.downlink.overflown:
                return

    def _take(self, event: ServiceEvent) -> None:
        if event.sound is not None:
            for message in self._tracks.messages(event.fields, event.sound):
                self.downlink.add(message)
        elif self._live or not self._begin(event.fields):
            self.downlink.add(event.text)

    def _begin(self, event: Mapping[str, Any]) -> bool:
        """Follow the session's configuration, so that the browser sees it configured from the start.

        Returns whether the event was part of it. Raises ProviderError if the service refuses the session.
        """
        if event['type'] == 'session.created':
            self._created = event
        elif event['type'] == 'session.updated':
            self.downlink.add(to_text({**self._created, 'session': event.get('session')}))
            self._live = True
        elif event['type'] == 'error' and (error := event.get('error') or {}).get('event_id') == SESSION_UPDATE:
            code = error.get('code')
            raise ProviderError(code if code in SERVICE_CODES else 'http_4xx', str(error.get('message') or ''))
        else:
            return False
        return True

    async def _write(self, service: ServiceConnection) -> None:
        session = session_over_socket(self._session)
        await service.send(to_text({'type': 'session.update', 'event_id': SESSION_UPDATE, 'session': session}))
        while True:
            message = await self.uplink.next()
            if isinstance(message, bytes):
                await service.send_sound(message)
            else:
                await service.send(message)

    def _fail(self, code: str, detail: str = '') -> None:
        self.downlink.add(to_text({'type': 'relay.failed', 'code': code, 'detail': detail}))


def session_over_socket(session: Mapping[str, Any]) -> dict[str, Any]:
    """Return a session object as an update of a session that has begun: without model, and with formats of sound."""
    audio = session.get('audio', {})
    formats = {side: {**audio.get(side, {}), 'format': PCM} for side in ('input', 'output')}
    return {**{name: value for name, value in session.items() if name != 'model'}, 'audio': {**audio, **formats}}


async def _first_of(*work: Coroutine[Any, Any, None]) -> None:
    """Run all of this until one part is done or fails."""
    tasks = [asyncio.ensure_future(part) for part in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _cancelled(*tasks)


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
