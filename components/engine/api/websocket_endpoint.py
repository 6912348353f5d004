"""The WebSocket endpoint: sessions at `/realtime?model=` or `?intent=transcription`, live calls at `?call_id=`."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.engine.protocol.errors import RealtimeError, internal_error, invalid_value
from components.engine.protocol.session_config import DEFAULT_MODEL, AnyConfig, SessionConfig, TranscriptionConfig
from components.engine.protocol.tools import LONGEST_NAME
from components.engine.protocol.wire import new_id
from components.engine.transport.client_connection import ClientConnection

from .admission import Admission

logger = logging.getLogger(__name__)


class Sessions(Protocol):
    """The engine's sessions. Both methods raise `RealtimeError`."""

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a session."""

    async def attach(self, call_id: str) -> ClientConnection:
        """Join a live call as a sideband, which watches and steers it."""


class WebSocketEndpoint:
    """Accepts WebSockets and carries messages between them and the engine."""

    def __init__(self, sessions: Sessions, admission: Admission) -> None:
        self._sessions = sessions
        self._admission = admission

    async def serve(self, websocket: WebSocket) -> None:
        """Handle a WebSocket until it is closed."""
        with suppress(WebSocketDisconnect):
            try:
                connection = await self._open(websocket)
            except RealtimeError as error:
                return await _refuse(websocket, error)
            except Exception:
                logger.exception('A WebSocket could not be opened')
                return await _refuse(websocket, internal_error())
            try:
                offered = websocket.scope['subprotocols']
                await websocket.accept(subprotocol='realtime' if 'realtime' in offered else None)
                await _converse(websocket, connection)
            finally:
                connection.close()

    async def _open(self, websocket: WebSocket) -> ClientConnection:
        _refuse_beta(websocket)
        if call_id := websocket.query_params.get('call_id'):
            self._admission.check_owner(websocket)
            return await self._sessions.attach(call_id)
        config = _of_intent(self._admission.session(websocket), websocket.query_params.get('intent'))
        return await self._sessions.connect(_with_model(config, websocket.query_params.get('model')))


def _refuse_beta(websocket: WebSocket) -> None:
    """Refuse clients of the beta API, which would not understand the events."""
    if websocket.headers.get('openai-beta') == 'realtime=v1' or _BETA_PROTOCOL in websocket.scope['subprotocols']:
        message = 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.'
        raise RealtimeError(message, code='beta_api_shape_disabled')


def _of_intent(config: AnyConfig | None, intent: str | None) -> AnyConfig | None:
    """Return the session of the key, or a new one if the URL asks for transcription."""
    if intent != 'transcription' or isinstance(config, TranscriptionConfig):
        return config
    if config is None:
        return TranscriptionConfig()
    raise invalid_value('intent', 'This key does not open transcription sessions.')


def _with_model(config: AnyConfig | None, model: str | None) -> AnyConfig:
    """Return the session of the key, or a new one. The URL names the model if the key was minted without one."""
    if isinstance(config, TranscriptionConfig):
        if model is not None:
            message = 'You must not provide a model parameter for transcription sessions.'
            raise RealtimeError(message, code='invalid_model')
        return config
    if model is None:
        if config is None:
            raise RealtimeError('You must provide a model parameter.', code='missing_model', param='model')
        return config
    if len(model) > LONGEST_NAME:
        raise invalid_value('model', f'Expected at most {LONGEST_NAME} characters.')
    if config is None or config.model == DEFAULT_MODEL:
        return (config or SessionConfig()).model_copy(update={'model': model})
    if config.model != model:
        raise invalid_value('model', f"This key opens sessions with '{config.model}' only.")
    return config


async def _converse(websocket: WebSocket, connection: ClientConnection) -> None:
    """Carry messages both ways until one side ends the connection."""
    tasks = [asyncio.create_task(_read(websocket, connection)), asyncio.create_task(_write(websocket, connection))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        if not task.cancelled():  # which happens when the engine's loop ends
            with suppress(RealtimeError, TimeoutError):
                task.result()


async def _read(websocket: WebSocket, connection: ClientConnection) -> None:
    while (message := await websocket.receive())['type'] == 'websocket.receive':
        text: str | None = message.get('text')
        await connection.send(message['bytes'] if text is None else text)


async def _write(websocket: WebSocket, connection: ClientConnection) -> None:
    while True:
        outgoing = await connection.receive()
        for event in outgoing.events:
            async with asyncio.timeout(_WRITE_SECONDS):
                await websocket.send_text(event.text)
        if outgoing.close:
            async with asyncio.timeout(_WRITE_SECONDS):
                await websocket.close(outgoing.close.code, outgoing.close.reason)
            return


async def _refuse(websocket: WebSocket, error: RealtimeError) -> None:
    headers = {'X-Request-Id': new_id('req')}
    await websocket.send_denial_response(JSONResponse(error.body(), status_code=error.status, headers=headers))


_BETA_PROTOCOL = 'openai-beta.realtime-v1'  # for browsers, which cannot send headers
_WRITE_SECONDS = 20.0  # how long a client may read nothing; web servers wait as long for a pong
