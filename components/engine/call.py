"""One call, from its beginning to the last freed task."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from components.engine.protocol.any_config import AnyConfig
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.ids import new_id
from components.engine.session.audience import Audience
from components.engine.session.session import Session
from components.engine.transport.socket_peer import SocketPeer

from .stages import Listener, Stages, Transport

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How many calls there may be at once, and how long each may take to connect and to last."""

    calls: int = 8  # what two cores hold with margin (engine measurements)
    connect_seconds: float = 15.0  # when Chromium gives up as well
    session_seconds: float = 3600.0  # as the service has it


class Peer(Transport, Protocol):
    """A transport that a call owns."""

    async def cut(self) -> None:
        """Lose the network: nothing gets through any more in either direction, and nobody is told."""

    async def close(self, *, expired: bool = False) -> None:
        """End the connection, after what was sent has left. `expired` tells that time is over."""


P = TypeVar('P', bound=Peer)


class Call(Generic[P]):
    """A peer and its session. `run` owns everything that they need and frees it at the end.

    `connect` makes the peer. Others may attach themselves: they get the same events, and their own count as the
    client's.
    """

    def __init__(
        self,
        connect: Callable[[Listener], P],
        config: AnyConfig,
        stages: Stages,
        limits: Limits,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.id = new_id('rtc')
        self._limits = limits
        self._opened = asyncio.Event()
        self._over = asyncio.Event()
        self._expired = asyncio.Event()
        self.peer = connect(
            Listener(opened=self._opened.set, message=self._receive, sound=self._hear, gone=self.hang_up)
        )
        self._audience = Audience(self.peer)
        self._session = Session(config, stages, self._audience, expires_at=int(now() + limits.session_seconds))

    def attach(self) -> SocketPeer:
        """Let somebody watch and steer. Raises `RealtimeError` (`call_not_found`) when the call is over."""
        if self._over.is_set():
            raise call_not_found(self.id)
        sidebands = self._audience.sidebands
        sideband = SocketPeer(
            Listener(
                opened=lambda: None,
                message=self._receive,
                sound=lambda _: None,
                gone=lambda: sidebands.remove(sideband) if sideband in sidebands else None,
            )
        )
        sidebands.append(sideband)
        return sideband

    async def run(self) -> None:
        """Live until someone hangs up, the client vanishes, or time is over."""
        self._session.open()
        expired = False
        try:
            expired = await self._live()
        finally:
            self.hang_up()
            await self._session.close()
            peers: list[Peer] = [self.peer, *self._audience.sidebands]
            await asyncio.gather(*(peer.close(expired=expired) for peer in peers))

    def hang_up(self) -> None:
        self._opened.set()
        self._over.set()

    def tell(self, error: RealtimeError) -> None:
        """Let the session tell of an error."""
        self._session.tell(error)

    def expire(self) -> None:
        """Let the time of the session be over."""
        self._opened.set()
        self._expired.set()

    async def _live(self) -> bool:
        """Whether time was over."""
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
            logger.exception('The call %s is deaf for a moment', self.id)


def call_not_found(call_id: str) -> RealtimeError:
    return RealtimeError(f"There is no call '{call_id}'.", code='call_not_found', status=404)
