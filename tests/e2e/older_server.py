"""A server of the beta's protocol, over WebSocket only: a real engine behind older names."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from pydantic import TypeAdapter
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.engine import Engine
from components.engine.transport.client_connection import ClientConnection
from components.providers.connection.dialect import Event, from_service
from tests.providers.older import older

from .server_thread import ServerThread


@dataclass
class OlderServer:
    """The server at `base_url`, as an asynchronous context. It takes and says nothing in today's names."""

    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)  # addresses and headers of its sockets
    taken: list[Event] = field(default_factory=list)

    async def __aenter__(self) -> 'OlderServer':
        from openai.types.beta.realtime import RealtimeClientEvent  # takes a second, which every process would spend

        self._client_event: TypeAdapter[Any] = TypeAdapter(RealtimeClientEvent)
        self._engine = Engine()
        self._server = ServerThread('older-server', [WebSocketRoute('/v1/realtime', self._serve)], self._engine)
        self.base_url = f'http://127.0.0.1:{self._server.port}/v1'
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    async def _serve(self, client: WebSocket) -> None:
        self.asked.append((str(client.url), client.headers))
        await client.accept()
        engine = await self._engine.open_session({'type': 'realtime', 'model': client.query_params['model']})
        talking = [asyncio.create_task(self._hear(client, engine)), asyncio.create_task(self._say(client, engine))]
        await asyncio.wait(talking, return_when=asyncio.FIRST_COMPLETED)
        for task in talking:
            task.cancel()
        engine.close()

    async def _hear(self, client: WebSocket, engine: ClientConnection) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                event = json.loads(await client.receive_text())
                self._client_event.validate_python(event)
                if event['type'] != 'input_audio_buffer.append':
                    self.taken.append(event)
                (today,) = from_service(event, 'beta')
                await engine.send(json.dumps(today))

    async def _say(self, client: WebSocket, engine: ClientConnection) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                for event in (await engine.receive()).events:
                    if translated := older(json.loads(event.text)):
                        await client.send_text(json.dumps(translated))
