"""A stand-in for OpenAI's Realtime service: it records what it is asked, fails as it is told to, and really talks."""

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
from openai.types.realtime import RealtimeSessionCreateRequest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from components.engine import Engine
from components.engine.limits import Limits
from components.engine.minds.mind import Mind

from .server_thread import ServerThread

KEY = 'sk-proj-CANARY_canary-0123456789-abcdefghij'
"""The server key that the service accepts. It has the form of a real one and must be found nowhere else."""


@dataclass(frozen=True)
class Mint:
    """A request for a ticket as it arrived, with the token that was given for it, or '' when it was refused."""

    url: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    token: str

    @property
    def voice(self) -> str:
        """The voice that the token is bound to."""
        voice: str = self.body['session']['audio']['output']['voice']
        return voice


@dataclass(frozen=True)
class Offer:
    """A request to place a call as it arrived, or the preflight before it."""

    method: str
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)  # what Python sends, where it places the call

    @property
    def token(self) -> str:
        return self.headers['authorization'].removeprefix('Bearer ')


@dataclass
class StandIn:
    """The service at `base_url`, as an asynchronous context. Its voice is a real engine, so calls have real sound.

    While `failure` is set, that is what every request for a ticket is answered with, and `call_failure` every request
    to place a call. While `free` is not set, calls wait for their answer, and so does the question whether they can be
    ended. Without `hangs_up` they cannot, as with LiteLLM.
    """

    port: int = 0
    mind: Mind | None = None
    limits: Limits = field(default_factory=Limits)
    hangs_up: bool = True
    failure: Response | None = None
    call_failure: Response | None = None
    free: threading.Event = field(default_factory=threading.Event)
    offered: threading.Event = field(default_factory=threading.Event)  # somebody asked to place a call
    hung_up: threading.Event = field(default_factory=threading.Event)  # somebody who holds the key asked for it
    mints: list[Mint] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    hangups: list[str] = field(default_factory=list)  # the ids of the calls
    sockets: list[Mapping[str, str]] = field(default_factory=list)  # the headers of each WebSocket

    async def __aenter__(self) -> 'StandIn':
        self.free.set()
        self._engine = Engine(key=KEY, mind=self.mind, limits=self.limits)
        routes = [
            Route('/v1/realtime/client_secrets', self._mint, methods=['POST']),
            Route('/v1/realtime/calls', self._call, methods=['POST', 'OPTIONS']),
            Route('/v1/realtime/calls/{id}/hangup', self._hang_up, methods=['POST']),
            WebSocketRoute('/v1/realtime', self._converse),
        ]
        self._server = ServerThread('stand-in', routes, self._engine, self.port)
        self.port = self._server.port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    @property
    def base_url(self) -> str:
        return f'http://127.0.0.1:{self.port}/v1'

    @property
    def calls(self) -> int:
        """The calls that are on."""
        return self._engine.calls

    def forget(self) -> None:
        """Begin anew, for the next test."""
        self.failure = self.call_failure = None
        self.free.set()
        self.offered.clear()
        self.hung_up.clear()
        self.hangups.clear()
        self.mints.clear()
        self.offers.clear()
        self.sockets.clear()

    async def _mint(self, request: Request) -> Response:
        body = await request.json()
        answer = self.failure or await self._ticket(request, body)
        token = json.loads(bytes(answer.body))['value'] if answer.status_code == 200 and not self.failure else ''
        self.mints.append(Mint(str(request.url), dict(request.headers), body, token))
        return answer

    async def _ticket(self, request: Request, body: dict[str, Any]) -> Response:
        return _session_refusal(body['session']) or await self._pass_on(request)

    async def _call(self, request: Request) -> Response:
        form = await _form(request)
        self.offers.append(Offer(request.method, dict(request.headers), form))
        self.offered.set()
        await asyncio.to_thread(self.free.wait)
        wrong = _session_refusal(json.loads(form['session'])) if form else None
        return self.call_failure or wrong or await self._pass_on(request)

    async def _hang_up(self, request: Request) -> Response:
        if not self.hangs_up:
            return JSONResponse({'detail': 'Not Found'}, 404)
        if not self.offers:  # Parley asks whether calls can be hung up here
            await asyncio.to_thread(self.free.wait)
            error = {'type': 'invalid_request_error', 'code': 'call_id_not_found', 'message': 'No such call.'}
            return JSONResponse({'error': error}, 404)
        self.hangups.append(request.path_params['id'])
        self.hung_up.set()
        return await self._pass_on(request)

    async def _converse(self, websocket: WebSocket) -> None:
        if self.call_failure:
            return await websocket.send_denial_response(self.call_failure)
        self.sockets.append(dict(websocket.headers))
        scope = {**websocket.scope, 'path': '/realtime', 'root_path': ''}
        return await self._engine.app(scope, websocket.receive, websocket.send)

    async def _pass_on(self, request: Request) -> Response:
        inside = httpx.ASGITransport(self._engine.app, root_path='/v1')
        async with httpx.AsyncClient(transport=inside, base_url='http://engine', trust_env=False) as engine:
            answer = await engine.request(
                request.method, request.url.path, content=await request.body(), headers=request.headers.raw
            )
        return Response(answer.content, answer.status_code, dict(answer.headers))


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get('content-type', '').startswith('multipart/form-data'):
        return {}
    await request.body()  # so that it can be read once more
    return {name: str(value) for name, value in (await request.form()).items()}


def _session_refusal(session: object) -> Response | None:
    try:
        RealtimeSessionCreateRequest.model_validate(session, extra='forbid', strict=True)
    except ValueError as error:
        return refusal(400, 'unknown_parameter', str(error))
    return None


def refusal(status: int, code: str | None, message: str = 'So it is.') -> Response:
    """An error in the form in which the service puts it."""
    error = {'message': message, 'type': 'invalid_request_error', 'param': None, 'code': code}
    return JSONResponse({'error': error}, status)
