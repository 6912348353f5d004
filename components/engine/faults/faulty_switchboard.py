"""Calls that fail when a client asks for it. Lives in the engine's event loop."""

from dataclasses import replace
from functools import partial

from components.engine.call import Call, Connect, T
from components.engine.limits import Limits
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig
from components.engine.protocol.wire import new_id
from components.engine.stages import Stages
from components.engine.switchboard import Switchboard
from components.engine.transport.transport import TransportCallbacks
from components.engine.transport.webrtc_transport import WebRTCTransport

from .faults import Faults, LiveFaults
from .faulty_clients import FaultyClients
from .faulty_mind import FaultyMind


class FaultySwitchboard(Switchboard):
    """A switchboard whose calls can be made to expire, get errors, or lose their network."""

    def __init__(self, stages: Stages, limits: Limits, faults: Faults) -> None:
        super().__init__(replace(stages, mind=FaultyMind(stages.mind, faults)), limits)
        self._faults = faults

    async def apply(self, faults: LiveFaults) -> int:
        """Apply these faults to all calls. Returns the number of calls."""
        calls = [call for call in self._calls if isinstance(call, FaultyCall)]
        for call in calls:
            if faults.error:
                call.tell(faults.error)
            if faults.expire:
                call.expire()
            if faults.drop_network:
                await call.drop_network()
        return len(calls)

    def _new_call(self, connect: Connect[T], config: AnyConfig) -> Call[T]:
        return FaultyCall(connect, config, self._stages, self._faults.shorten(self._limits), self._faults)


class FaultyCall(Call[T]):
    """A call that can lose the connection between its session and its client."""

    def __init__(self, connect: Connect[T], config: AnyConfig, stages: Stages, limits: Limits, faults: Faults) -> None:
        self._network_dropped = False
        super().__init__(
            partial(self._connect, connect), config, stages, limits, clients=partial(FaultyClients, faults)
        )

    def tell(self, error: RealtimeError) -> None:
        """Send an `error` event to all clients."""
        self._clients.send({'type': 'error', 'event_id': new_id('event'), **error.event()})

    async def drop_network(self) -> None:
        """Silently drop everything from now on, in both directions."""
        assert isinstance(self._clients, FaultyClients)
        self._network_dropped = self._clients.network_dropped = True
        if isinstance(self.transport, WebRTCTransport):
            await self.transport.ice.stop()

    def _connect(self, connect: Connect[T], callbacks: TransportCallbacks) -> T:
        def message(text: str | bytes) -> None:
            if not self._network_dropped:
                callbacks.message(text)

        def sound(pcm: bytes) -> None:
            if not self._network_dropped:
                callbacks.sound(pcm)

        return connect(replace(callbacks, message=message, sound=sound))
