"""One call, from its first packet to the last freed task."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig
from components.engine.protocol.wire import new_id
from components.engine.session.clients import SessionClients
from components.engine.session.session import Session
from components.engine.transport.event_transport import EventTransport
from components.engine.transport.transport import Transport, TransportCallbacks

from .limits import Limits
from .stages import Stages

logger = logging.getLogger(__name__)

T = TypeVar('T', bound=Transport)

Connect = Callable[[TransportCallbacks], T]
"""Makes the transport of a call."""


class Call(Generic[T]):
    """A session and its transport. `run` owns everything they need and frees it at the end.

    Sidebands may attach themselves: they get the same events, and their own count as the client's.
    """

    def __init__(
        self,
        connect: Connect[T],
        config: AnyConfig,
        stages: Stages,
        limits: Limits,
        *,
        clients: Callable[[Transport], SessionClients] = SessionClients,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.id = new_id('rtc')
        self._limits = limits
        self._opened = asyncio.Event()
        self._over = asyncio.Event()
        self._expired = asyncio.Event()
        self.transport = connect(
            TransportCallbacks(opened=self._opened.set, message=self._receive, sound=self._hear, gone=self.hang_up)
        )
        self._clients = clients(self.transport)
        expires_at = int(now() + limits.session_seconds)
        self._session = Session(config, stages, self._clients, expires_at=expires_at, now=now)

    @property
    def life_at(self) -> float:
        """When somebody last spoke or wrote, in Unix seconds."""
        return self._session.life_at

    def attach(self) -> EventTransport:
        """Add a sideband, which watches and steers the call.

        Raises:
            RealtimeError: The call is over (`call_id_not_found`).
        """
        if self._over.is_set():
            raise call_not_found(self.id)
        sidebands = self._clients.sidebands
        sideband = EventTransport(
            TransportCallbacks(
                opened=lambda: None,
                message=self._receive,
                sound=lambda _: None,
                gone=lambda: sidebands.remove(sideband) if sideband in sidebands else None,
            )
        )
        sidebands.append(sideband)
        return sideband

    async def run(self) -> None:
        """Hold the call until someone hangs up, the client vanishes, or its time is over."""
        self._session.open()
        expired = False
        try:
            expired = await self._live()
        finally:
            self.hang_up()
            await self._session.close()
            await self._clients.close(expired=expired)

    def hang_up(self) -> None:
        """End the call."""
        self._opened.set()
        self._over.set()

    def expire(self) -> None:
        """End the call as if its time were over."""
        self._opened.set()
        self._expired.set()

    async def _live(self) -> bool:
        """Returns whether the call's time was over."""
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                await self._opened.wait()
        except TimeoutError:
            return False
        timer = asyncio.get_running_loop().call_later(self._limits.session_seconds, self._expired.set)
        ends = [asyncio.create_task(end.wait()) for end in (self._over, self._expired)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        if self._over.is_set():
            return False
        self._session.expire()
        return True

    def _receive(self, message: str | bytes) -> None:
        if not self._over.is_set():
            self._session.receive(message)

    def _hear(self, pcm: bytes) -> None:
        if self._over.is_set():
            return
        try:
            self._session.hear(pcm)
        except Exception:
            logger.exception('The call %s lost a piece of sound', self.id)


def call_not_found(call_id: str) -> RealtimeError:
    """Return the error for a call that does not exist, or no more."""
    return RealtimeError(f"There is no call '{call_id}'.", code='call_id_not_found', status=404)
