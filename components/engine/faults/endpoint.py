"""Where a test asks an engine to go wrong: `POST` and `DELETE` at `/faults`."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.engine.api.admission import Admission
from components.engine.protocol.fields import parse_object

from .faults import Blow, Faults


class Victims(Protocol):
    """The live calls."""

    async def strike(self, blow: Blow) -> int:
        """Let it happen to all of them. Gives how many there are."""


class FaultServer:
    """The route of the web server. Only the owner of the server's key may use it."""

    def __init__(self, faults: Faults, victims: Victims, admission: Admission) -> None:
        self._faults = faults
        self._victims = victims
        self._admission = admission

    async def serve(self, request: Request) -> Response:
        self._admission.check_owner(request)
        if request.method == 'DELETE':
            self._faults.clear()
            return Response(status_code=204)
        blow = self._faults.plan(parse_object(await request.body()))
        return JSONResponse({'calls': await self._victims.strike(blow)})
