"""Another server's end of a stage: real HTTP on a real socket, answered as a test says."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Any

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Question:
    """A request as it came."""

    path: str
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, bytes]:
        """The fields of a multipart body."""
        whole = message_from_bytes(f'Content-Type: {self.headers["Content-Type"]}\r\n\r\n'.encode() + self.body)
        parts = whole.get_payload()
        assert isinstance(parts, list)
        fields: dict[str, bytes] = {}
        for part in parts:
            assert isinstance(part, Message)
            value = part.get_payload(decode=True)
            assert isinstance(value, bytes)
            fields[str(part.get_param('name', header='Content-Disposition'))] = value
        return fields


class SpeechServer:
    """Answers every question by `answer`. `asked` and `left` are set by a question and by a connection's end."""

    def __init__(self, answer: Answer) -> None:
        self.url = ''
        self.answer = answer
        self.questions: list[Question] = []
        self.asked = asyncio.Event()
        self.left = asyncio.Event()
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def __aenter__(self) -> 'SpeechServer':
        self._listening = await asyncio.start_server(self._take, '127.0.0.1', 0)
        self.url = f'http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}/v1'
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        for writer in self._open:
            writer.close()
        if tasks := [task for task in self._open.values() if task]:
            await asyncio.wait(tasks)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = asyncio.current_task()
        first, rest = (await reader.readuntil(b'\r\n\r\n')).split(b'\r\n', 1)
        headers = message_from_bytes(rest)
        body = await reader.readexactly(int(headers['Content-Length']))
        self.questions.append(Question(first.split()[1].decode(), headers, body))
        self.asked.set()
        answering = asyncio.ensure_future(self.answer(writer))
        with suppress(ConnectionError):
            await reader.read()  # until the client closes
        self.left.set()
        answering.cancel()
        writer.close()
        del self._open[writer]


def answer(body: bytes, kind: str = 'application/json', status: str = '200 OK') -> Answer:
    """All at once."""

    async def send(writer: asyncio.StreamWriter) -> None:
        head = f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{_CLOSE}'
        writer.write(head.encode() + body)

    return send


def stream(*pieces: bytes | asyncio.Event, kind: str = 'audio/pcm', ends: bool = True) -> Answer:
    """Piece by piece, each event waited for. Without `ends` the connection breaks after the last one."""

    async def send(writer: asyncio.StreamWriter) -> None:
        head = f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n{_CLOSE}'
        writer.write(head.encode())
        for piece in pieces:
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            else:
                writer.write(b'%x\r\n%b\r\n' % (len(piece), piece))
        if ends:
            writer.write(b'0\r\n\r\n')
        else:
            writer.close()

    return send


async def nothing(writer: asyncio.StreamWriter) -> None:
    """Never answers."""


_CLOSE = 'Connection: close\r\n\r\n'  # one question a connection
