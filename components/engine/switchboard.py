"""All calls of an engine. Lives in the engine's event loop."""

import asyncio
import gc
import logging
import math
import time
from functools import partial
from typing import Any

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig, SessionConfig
from components.engine.transport.event_transport import EventTransport
from components.engine.transport.webrtc_transport import WebRTCTransport

from .call import Call, Connect, T, call_not_found
from .limits import Limits
from .stages import Stages

logger = logging.getLogger(__name__)


class Switchboard:
    """Places calls, ends them, and knows which ones are live.

    Attributes:
        emptied_at: When the last call ended, by `time.monotonic`.
    """

    def __init__(self, stages: Stages, limits: Limits) -> None:
        self._stages = stages
        self._limits = limits
        self._calls: dict[Call[Any], asyncio.Task[None]] = {}
        self.emptied_at = -math.inf

    def __len__(self) -> int:
        return len(self._calls)

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call over WebRTC. Returns its id and the SDP answer.

        Raises:
            RealtimeError: The offer cannot be used (`invalid_offer`), or too many calls are live.
        """
        call = self._begin(partial(WebRTCTransport, speaks=isinstance(config, SessionConfig)), config)
        task = self._calls[call]
        try:
            return call.id, await call.transport.answer(offer)
        except BaseException:
            call.hang_up()
            await asyncio.wait([task])
            raise

    async def connect(self, config: AnyConfig) -> EventTransport:
        """Begin a call whose sound travels in events.

        Raises:
            RealtimeError: Too many calls are live (`session_limit_reached`).
        """
        return self._begin(EventTransport, config).transport

    async def attach(self, call_id: str) -> EventTransport:
        """Add a sideband to a call.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`).
        """
        return self._find(call_id).attach()

    async def hang_up(self, call_id: str) -> None:
        """End a call, and wait until everything it used is freed.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`).
        """
        call = self._find(call_id)
        call.hang_up()
        await asyncio.wait([self._calls[call]])

    def life_at(self, call_id: str) -> float:
        """Return when somebody last spoke or wrote in a call, in Unix seconds; -inf if there is no such call.

        Unlike all others, this may be called from any thread.
        """
        return next((call.life_at for call in list(self._calls) if call.id == call_id), -math.inf)

    async def close(self) -> None:
        """End all calls."""
        for call in self._calls:
            call.hang_up()
        if self._calls:
            await asyncio.wait(self._calls.values())

    def _begin(self, connect: Connect[T], config: AnyConfig) -> Call[T]:
        if len(self) >= self._limits.calls:
            raise RealtimeError(
                f'All {self._limits.calls} lines are busy. Try again when a call has ended.',
                code='session_limit_reached',
                type='server_error',
                status=503,
            )
        call = self._new_call(connect, config)
        self._calls[call] = asyncio.create_task(call.run())
        self._calls[call].add_done_callback(lambda _: self._forget(call))
        return call

    def _new_call(self, connect: Connect[T], config: AnyConfig) -> Call[T]:
        return Call(connect, config, self._stages, self._limits)

    def _find(self, call_id: str) -> Call[Any]:
        for call in self._calls:
            if call.id == call_id:
                return call
        raise call_not_found(call_id)

    def _forget(self, call: Call[Any]) -> None:
        task = self._calls.pop(call)
        if not self._calls:
            self.emptied_at = time.monotonic()
            asyncio.get_running_loop().call_soon(_collect)
        if not task.cancelled() and (problem := task.exception()):
            logger.error('The call %s ended badly', call.id, exc_info=problem)


def _collect() -> None:
    """Free what finished calls leave in cycles: connections of aiortc hold memory of OpenSSL and FFmpeg.

    Python's own collector counts objects, of which these are few, so that 1,000 calls that nobody took left 200 MB. It
    stops all sound for a moment, hence only while no call is live.
    """
    gc.collect()
