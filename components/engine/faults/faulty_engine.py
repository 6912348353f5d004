"""An engine that fails when a client asks it to."""

from functools import cached_property

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from components.engine.api.admission import Admission
from components.engine.api.endpoints import Endpoints
from components.engine.api.keys import Key, Keys
from components.engine.engine import Engine
from components.engine.protocol.reading import parse_json
from components.engine.protocol.session_config import AnyConfig
from components.engine.stages import Stages
from components.engine.switchboard import Switchboard
from components.engine.transport.client_connection import ClientConnection, run_in_loop

from .faults import Faults, LiveFaults
from .faulty_switchboard import FaultySwitchboard


class FaultyEngine(Engine):
    """An engine for tests of its clients: they choose its faults with `POST /faults`, and end them with `DELETE`.

    It takes the same options as `Engine`. The owner of its key alone may choose faults; see `Faults` for the JSON.
    """

    def _make_app(self, key: str | None) -> ASGIApp:
        keys = FaultyKeys(self._faults)
        self._admission = Admission(keys, key)
        route = Route('/faults', self._serve_faults, methods=['POST', 'DELETE'])
        return Endpoints(self, keys, key=key, more_routes=[route]).app

    @cached_property
    def _faults(self) -> Faults:
        return Faults()

    def _make_switchboard(self, stages: Stages) -> Switchboard:
        return FaultySwitchboard(stages, self._limits, self._faults)

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call, unless it is to be refused."""
        self._faults.refuse('calls')
        return await super().place(offer, config)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a session, unless it is to be refused."""
        self._faults.refuse('socket')
        return await super().connect(config)

    async def attach(self, call_id: str) -> ClientConnection:
        """Add a sideband, unless it is to be refused."""
        self._faults.refuse('socket')
        return await super().attach(call_id)

    async def _serve_faults(self, request: Request) -> Response:
        self._admission.check_owner(request)
        if request.method == 'DELETE':
            self._faults.clear()
            return Response(status_code=204)
        live = self._faults.update(parse_json(await request.body()))
        return JSONResponse({'calls': await self._apply(live)})

    async def _apply(self, faults: LiveFaults) -> int:
        """Returns how many calls are live."""
        if not (running := self._running):
            return 0
        assert isinstance(running.switchboard, FaultySwitchboard)
        return await run_in_loop(running.switchboard.apply(faults), running.loop)


class FaultyKeys(Keys):
    """Keys that may be refused."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def mint(self, config: AnyConfig, *, seconds: int) -> Key:
        """Make a key, unless it is to be refused."""
        self._faults.refuse('client_secrets')
        return super().mint(config, seconds=seconds)
