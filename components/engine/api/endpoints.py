"""The engine's HTTP endpoints: those of the Realtime API for keys and calls."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Literal, Protocol

from pydantic import Field, TypeAdapter
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Receive

from components.engine.protocol.errors import RealtimeError, internal_error
from components.engine.protocol.reading import parse_json, read
from components.engine.protocol.session_config import (
    DEFAULT_MODEL,
    AnyConfig,
    ConfigUpdate,
    SessionConfig,
    laid_over,
    new_config,
    read_config,
)
from components.engine.protocol.wire import JsonObject, new_id
from components.engine.protocol.wire_model import WireModel

from .admission import Admission
from .keys import Keys
from .websocket_endpoint import Sessions, WebSocketEndpoint


class Calls(Sessions, Protocol):
    """The engine's calls. Placing and hanging up raise `RealtimeError`."""

    def expect_call(self) -> None:
        """Prepare for a call, because a key was minted."""

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call. Returns its ID and the SDP answer."""

    async def hang_up(self, call_id: str) -> None:
        """End a call."""


class Endpoints:
    """The engine's web app.

    Clients need `key` to mint short-lived keys; without one, every client may. `more_routes` are served as well.
    """

    def __init__(self, calls: Calls, keys: Keys, *, key: str | None = None, more_routes: Sequence[Route] = ()) -> None:
        self._calls = calls
        self._keys = keys
        self._admission = Admission(keys, key)
        self.app = Starlette(
            routes=[
                WebSocketRoute('/realtime', WebSocketEndpoint(calls, self._admission).serve),
                Route('/models', self._models, methods=['GET']),
                Route('/realtime/client_secrets', self._mint, methods=['POST']),
                Route('/realtime/calls', self._place, methods=['POST']),
                Route('/realtime/calls', self._preflight, methods=['OPTIONS']),
                Route('/realtime/calls/{call_id}/hangup', self._hang_up, methods=['POST']),
                *more_routes,
            ],
            exception_handlers={RealtimeError: _refusal, HTTPException: _http_refusal, Exception: _failure},
        )

    async def _models(self, request: Request) -> Response:
        self._admission.check_owner(request)
        model: JsonObject = {'id': DEFAULT_MODEL, 'object': 'model', 'created': 0, 'owned_by': 'parley'}
        return JSONResponse({'object': 'list', 'data': [model]}, headers=_traced())

    async def _mint(self, request: Request) -> Response:
        self._admission.check_owner(request)
        _check_type(request, 'application/json')
        asked = read(_KEY_REQUEST, parse_json(await _body(request) or '{}'))
        config = new_config(asked.session)
        key = self._keys.mint(config, seconds=asked.expires_after.seconds)
        self._calls.expect_call()
        session = config.session(id=new_id('sess'), expires_at=0)
        return JSONResponse({'value': key.value, 'expires_at': key.expires_at, 'session': session}, headers=_traced())

    async def _place(self, request: Request) -> Response:
        offer, config = await self._read_call(request)
        call_id, answer = await self._calls.place(offer, config)
        location = f'{request.scope.get("root_path", "")}/realtime/calls/{call_id}'
        return PlainTextResponse(answer, status_code=201, headers={'Location': location, **_shared()})

    async def _hang_up(self, request: Request) -> Response:
        self._admission.check_owner(request)
        await self._calls.hang_up(request.path_params['call_id'])
        return Response(headers=_traced())

    async def _preflight(self, request: Request) -> Response:
        allowed = {
            'Access-Control-Allow-Methods': 'POST, OPTIONS',
            'Access-Control-Allow-Headers': request.headers.get('access-control-request-headers', '*'),
            'Access-Control-Max-Age': '600',
        }
        return Response(status_code=204, headers={**_shared(), **allowed})

    async def _read_call(self, request: Request) -> tuple[str, AnyConfig]:
        """Return the offer and the session: that of the key, with the fields of the form laid over it."""
        of_key = self._admission.session(request)
        config = of_key or SessionConfig()
        if _check_type(request, 'application/sdp', 'multipart/form-data') != 'multipart/form-data':
            return (await _body(request)).decode(errors='replace'), config
        async with (
            _in_time(),
            Request(request.scope, _bounded(request.receive)).form(max_files=2, max_fields=2) as form,
        ):
            parts = {name: await _part_text(part) for name, part in form.items()}
        if session := parts.get('session'):
            asked = parse_json(session)
            config = laid_over(of_key, asked) if of_key else read_config(asked)
        if 'sdp' not in parts:
            raise RealtimeError("Missing required parameter: 'sdp'.", code='missing_required_parameter', param='sdp')
        return parts['sdp'], config


class _Expiry(WireModel):
    anchor: Literal['created_at'] = 'created_at'
    seconds: Annotated[int, Field(ge=10, le=7200)] = 600


class _KeyRequest(WireModel):
    expires_after: _Expiry = _Expiry()
    session: ConfigUpdate = SessionConfig()


_KEY_REQUEST = TypeAdapter(_KeyRequest)


def _check_type(request: Request, *types: str) -> str:
    """Return the type of the body, without parameters. Without a header it is the first of the allowed types."""
    header = request.headers.get('content-type', types[0])
    kind = header.partition(';')[0].strip().lower()
    if kind not in types:
        accepted = ' or '.join(f"'{each}'" for each in types)
        raise RealtimeError(
            f"Unsupported content type: '{header}'. This API method only accepts {accepted} requests.",
            code='unsupported_content_type',
            status=415,
        )
    return kind


async def _body(request: Request) -> bytes:
    async with _in_time():
        return await Request(request.scope, _bounded(request.receive)).body()


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """Limits how long a client may take to send its body, and handles clients that disconnect."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            yield
    except TimeoutError as problem:
        reason = f'The body did not arrive within {BODY_SECONDS:g} seconds.'
        raise RealtimeError(reason, code='request_timeout', status=408) from problem
    except ClientDisconnect as gone:  # nobody will read this answer
        raise RealtimeError('The connection was closed before the body was complete.', code='incomplete_body') from gone


def _bounded(receive: Receive) -> Receive:
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get('body', b''))
        if received > LONGEST_BODY:
            raise RealtimeError(
                f'The body may have at most {LONGEST_BODY} bytes.', code='request_too_large', status=413
            )
        return message

    return receive_bounded


async def _part_text(part: UploadFile | str) -> str:
    return part if isinstance(part, str) else (await part.read()).decode(errors='replace')


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, RealtimeError)
    return JSONResponse(error.body(), status_code=error.status, headers=_headers(request))


async def _http_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # no such route, or a form that cannot be read
    asked = f'{request.method} {request.url.path}'
    code, message = {
        404: ('unknown_url', f'Unknown request URL: {asked}. Please check the URL for typos.'),
        405: ('method_not_supported', f'Not allowed: {asked}. Perhaps you meant to use a different HTTP method?'),
    }.get(error.status_code, ('invalid_request', error.detail))
    return await _refusal(request, RealtimeError(message, code=code, status=error.status_code))


async def _failure(request: Request, error: Exception) -> Response:
    return await _refusal(request, internal_error())


def _headers(request: Request) -> dict[str, str]:
    return _shared() if request.url.path.endswith('/realtime/calls') else _traced()


def _shared() -> dict[str, str]:
    """Return headers that let pages from anywhere read the response. OpenAI allows the same for calls."""
    return {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Location, X-Request-Id',
        **_traced(),
    }


def _traced() -> dict[str, str]:
    return {'X-Request-Id': new_id('req')}


# A form that cannot be read is answered, and need not be logged as well: clients could fill the log.
logging.getLogger('python_multipart').setLevel(logging.ERROR)

LONGEST_BODY = 262_144
BODY_SECONDS = 15.0
