"""All calls of the engine. Lives in the engine's event loop."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from components.engine.faults.faults import Blow
from components.engine.protocol.any_config import AnyConfig
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import SessionConfig
from components.engine.transport.peer import Peer
from components.engine.transport.socket_peer import SocketPeer

from .call import Call, Limits, P, call_not_found
from .stages import Listener, Stages

logger = logging.getLogger(__name__)


class Switchboard:
    """Places calls, ends them, and knows which are live."""

    def __init__(self, stages: Stages, limits: Limits) -> None:
        self._stages = stages
        self._limits = limits
        self._calls: dict[Call[Any], asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call over WebRTC. Gives its id and the SDP answer. Raises `RealtimeError`."""
        call = self._begin(partial(Peer, speaks=isinstance(config, SessionConfig)), config)
        task = self._calls[call]
        try:
            return call.id, await call.peer.answer(offer)
        except BaseException:
            call.hang_up()
            await asyncio.wait([task])
            raise

    async def connect(self, config: AnyConfig) -> SocketPeer:
        """Begin a call over a WebSocket. Raises `RealtimeError` when there are too many."""
        return self._begin(SocketPeer, config).peer

    async def attach(self, call_id: str) -> SocketPeer:
        """Watch and steer a call. Raises `RealtimeError` (`call_not_found`)."""
        return self._find(call_id).attach()

    async def hang_up(self, call_id: str) -> None:
        """End a call and wait until all of it is freed. Raises `RealtimeError` (`call_not_found`)."""
        call = self._find(call_id)
        call.hang_up()
        await asyncio.wait([self._calls[call]])

    async def strike(self, blow: Blow) -> int:
        """Let something go wrong with all calls. Gives how many there are."""
        calls = list(self._calls)
        for call in calls:
            if blow.error:
                call.tell(blow.error)
            if blow.expire:
                call.expire()
            if blow.drop_network:
                await call.peer.cut()
        return len(calls)

    async def close(self) -> None:
        """End all calls."""
        for call in self._calls:
            call.hang_up()
        if self._calls:
            await asyncio.wait(self._calls.values())

    def _begin(self, connect: Callable[[Listener], P], config: AnyConfig) -> Call[P]:
        if len(self) >= self._limits.calls:
            raise RealtimeError(
                f'All {self._limits.calls} lines are busy. Try again when a call has ended.',
                code='session_limit_reached',
                type='server_error',
                status=503,
            )
        limits = faults.limits(self._limits) if (faults := self._stages.faults) else self._limits
        call = Call(connect, config, self._stages, limits)
        self._calls[call] = asyncio.create_task(call.run())
        self._calls[call].add_done_callback(lambda _: self._forget(call))
        return call

    def _find(self, call_id: str) -> Call[Any]:
        for call in self._calls:
            if call.id == call_id:
                return call
        raise call_not_found(call_id)

    def _forget(self, call: Call[Any]) -> None:
        task = self._calls.pop(call)
        if not task.cancelled() and (problem := task.exception()):
            logger.error('The call %s ended badly', call.id, exc_info=problem)
