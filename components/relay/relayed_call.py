"""One call whose events and sound go through Python: from the browser's WebSocket to the service, and back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Set
from typing import Any, Protocol

from components.providers.connection.connection import ServiceConnection, ServiceEvent
from components.providers.connection.socket import ServiceClosed
from components.providers.error import ProviderError
from components.words.endings import cleaned, known_code, of_close

from .downlink import Downlink
from .frames import PCM, Tracks, to_event, to_text, track_of
from .life import LifeSigns
from .uplink import Uplink

logger = logging.getLogger(__name__)

AWAY_SECONDS = 10.0
"""How long a browser whose socket broke may stay away. The service keeps running, and so do its costs."""

SILENT_SECONDS = 20.0
"""How long a browser may send or confirm nothing; its microphone alone sends 25 frames per second."""

LONGEST_FRAME = 96_000
"""Bytes of sound in one message of the browser, two seconds at most."""

SESSION_UPDATE = 'relay_session'

_TRUNCATION = '{"type":"conversation.item.truncate"'
_URGENT = ('error', 'input_audio_buffer.')
"""Events that pass sound on its way to the browser. All others belong to answers, and keep their place in them."""


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
        on_life: Called again and again while somebody speaks or is answered.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[ServiceConnection]],
        session: Mapping[str, Any],
        on_life: Callable[[], None] = lambda: None,
    ) -> None:
        self.uplink = Uplink()
        self.downlink = Downlink()
        self._connect = connect
        self._session = session
        self._life = LifeSigns(on_life)
        self._tracks = Tracks()
        self._created: Mapping[str, Any] = {'type': 'session.created'}
        self._live = False
        self._interruptible = True
        self._out_of_band: set[str] = set()
        self._received = 0  # events of the browser
        self._carrying: asyncio.Future[None] | None = None
        self._absence: asyncio.TimerHandle | None = None
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Hold the call until either side ends it. Never raises."""
        try:
            await _first_of(self._hold(), self._ended())
            self._fail('channel_closed')  # else the browser would look for the call, and take its network for broken
        except ProviderError as error:
            self._fail(error.code, error.detail)
        except ServiceClosed as closed:
            ending = of_close(closed.code, closed.reason)
            logger.info('The service closed a relayed call: %s', closed)
            self._fail(ending.code, ending.detail)
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
                    self._life.send_sound()
            elif not self._control(message):
                self._received += 1
                if not self.uplink.add_event(message):
                    raise BrowserGone(hung_up=True)
                self._life.send(message)
                self._drop_cut(message)
                self._confirm()

    def _confirm(self) -> None:
        """Tell the browser how many of its events have arrived, which is also a sign of life."""
        self.downlink.add(to_text({'type': 'relay.received', 'count': self._received}), urgent=True)

    def _drop_cut(self, message: str) -> None:
        """Drop the waiting sound of an answer that the browser stopped, which it tells by truncating the item."""
        if message.startswith(_TRUNCATION) and (event := to_event(message)):
            item = event.get('item_id')
            self._drop_sound(self._tracks.of(lambda _, item_id: item_id == item))

    def _control(self, message: str) -> bool:
        """Take a message for the relay itself. Returns whether it was one."""
        if not message.startswith('{"type":"relay.'):
            return False
        event = to_event(message) or {}
        if event.get('type') == 'relay.confirm' and isinstance(count := event.get('count'), int):
            self.downlink.confirm(count)
        if event.get('type') == 'relay.ping':
            self._confirm()
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
        self._life.receive(event.fields)
        if event.sound is not None:
            for message in self._tracks.messages(event.fields, event.sound):
                self.downlink.add(message)
        elif self._live or not self._begin(event):
            self._follow(event.fields)
            self.downlink.add(event.text, urgent=event.fields['type'].startswith(_URGENT))

    def _follow(self, event: Mapping[str, Any]) -> None:
        """Drop the waiting sound of answers that the user interrupts: the browser would play none of it."""
        match event:
            case {'type': 'session.updated', 'session': session}:
                self._interruptible = _is_interruptible(session)
            case {'type': 'response.created', 'response': {'id': str(id), 'conversation_id': None}}:
                self._out_of_band.add(id)
            case {'type': 'input_audio_buffer.speech_started'} if self._interruptible:
                self._drop_sound(self._tracks.of(lambda response, _: response not in self._out_of_band))

    def _drop_sound(self, tracks: Set[int]) -> None:
        if tracks:
            self.downlink.drop_sound(lambda frame: track_of(frame) in tracks)

    def _begin(self, event: ServiceEvent) -> bool:
        """Follow the session's configuration, so that the browser sees it configured from the start.

        Returns whether the event was part of it. Raises ProviderError if the service refuses the session.
        """
        match event.fields:
            case {'type': 'session.created'}:
                self._created = event.fields
            case {'type': 'session.updated', 'session': dict(session)}:
                self.downlink.add(to_text({**self._created, 'session': session}))
                self._interruptible = _is_interruptible(session)
                self._live = True
            case {'type': 'error', 'error': {'event_id': str(id)}} if (
                id != SESSION_UPDATE and 'session' in self._created
            ):
                return False
            case {'type': 'error', 'error': error}:  # nothing else was asked of the service yet
                self.downlink.add(event.text)  # for the log of events
                raise _refusal(error)
            case _:
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


def _is_interruptible(session: object) -> bool:
    """Whether speech interrupts an answer in this session; that is the default."""
    match session:
        case {'audio': {'input': {'turn_detection': {'interrupt_response': False}}}}:
            return False
    return True


def _refusal(error: object) -> ProviderError:
    """Return why a service refused a session, in its own words where it has any."""
    fields = error if isinstance(error, dict) else {'message': error}
    code, kind, message = (str(fields.get(name) or '') for name in ('code', 'type', 'message'))
    return ProviderError(known_code(code, kind, message=message) or 'http_4xx', cleaned(message))


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
