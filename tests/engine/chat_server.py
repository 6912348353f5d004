"""A language model's server on a real socket, whose every byte a test decides."""

import asyncio
import json
from types import TracebackType
from typing import Any

from components.engine.servers.stage_server import StageServer

HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n'


class ChatServer:
    """Takes one request after the other and answers the newest. `hung_up` tells that its client has gone."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.asked = asyncio.Event()
        self.hung_up = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> 'ChatServer':
        self._server = await asyncio.start_server(self._serve, '127.0.0.1', 0)
        port = self._server.sockets[0].getsockname()[1]
        self.stage = StageServer(f'http://127.0.0.1:{port}/v1', 'small', 'sk-mind')
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._server.close()

    async def question(self) -> dict[str, Any]:
        """The body of the next request."""
        async with asyncio.timeout(10):
            await self.asked.wait()
        self.asked.clear()
        return self.requests[-1]

    def begin(self, head: str = HEAD) -> None:
        self._write(head)

    def say(self, *texts: str) -> None:
        for text in texts:
            self.send(delta(content=text))

    def send(self, chunk: dict[str, Any]) -> None:
        self._write(f'data: {json.dumps(chunk)}\n\n')

    def finish(self, reason: str = 'stop') -> None:
        """End the answer as servers do."""
        self.send({'choices': [{'index': 0, 'delta': {}, 'finish_reason': reason}]})
        self._write('data: [DONE]\n\n')
        self.end()

    def end(self) -> None:
        """Hang up."""
        if self._writer:
            self._writer.close()

    def _write(self, text: str) -> None:
        assert self._writer
        self._writer.write(text.encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b'\r\n\r\n')).decode()
        length = next(int(line[15:]) for line in head.lower().split('\r\n') if line.startswith('content-length:'))
        self.requests.append(json.loads(await reader.readexactly(length)))
        self.heads.append(head)
        self._writer = writer
        self.hung_up.clear()
        self.asked.set()
        await reader.read()
        self.hung_up.set()
        writer.close()


def delta(**fields: Any) -> dict[str, Any]:
    """A chunk of a streamed answer."""
    return {'choices': [{'index': 0, 'delta': fields, 'finish_reason': None}]}


def call(index: int = 0, *, id: str | None = None, name: str | None = None, arguments: str = '') -> dict[str, Any]:
    """A chunk with a piece of a function call."""
    function = {'name': name, 'arguments': arguments} if name else {'arguments': arguments}
    return delta(tool_calls=[{'index': index, **({'id': id} if id else {}), 'function': function}])
