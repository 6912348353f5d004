"""Asks a server for a streamed chat completion, and does not wait for ever."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import httpx

from components.engine.protocol.wire import JsonObject, to_text

from .chat_chunk import Chunk, error_message
from .mind_problems import MindProblems
from .sent_events import SentEvents
from .stage_server import StageServer


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, in seconds: until it is reached, until it begins to answer, and between pieces.

    A local server may have to load its model before it begins.
    """

    connect: float = 5.0
    first: float = 90.0
    between: float = 30.0


class ChatStream:
    """Streams the answers of `server`. The client is the caller's to close."""

    def __init__(self, server: StageServer, client: httpx.AsyncClient, patience: Patience) -> None:
        self._server = server
        self._client = client
        self._patience = patience
        self._problems = MindProblems(server)

    async def chunks(self, request: JsonObject) -> AsyncGenerator[Chunk, None]:
        """The answer as it comes. Closing the generator closes the connection. Raises MindError."""
        response = await self._send(request)
        try:
            if not response.is_success:
                raise self._problems.refused(response.status_code, await _error_of(response))
            events, pieces = SentEvents(), response.aiter_bytes()
            begun = finished = False
            while piece := await self._next(pieces, begun=begun, finished=finished):
                for data in events.feed(piece):
                    if data.strip() == '[DONE]':
                        await _drain(pieces)
                        return
                    chunk = Chunk.parse(data)
                    begun, finished = True, finished or bool(chunk.finish_reason)
                    yield chunk
            if not finished:
                raise self._problems.broken() if begun else self._problems.not_understood()
        except httpx.HTTPError:
            raise self._problems.broken() from None
        except ValueError:
            raise self._problems.not_understood() from None
        finally:
            await response.aclose()

    async def _send(self, body: JsonObject) -> httpx.Response:
        patience = self._patience
        try:
            request = self._client.build_request(
                'POST',
                f'{self._server.url}/chat/completions',
                content=to_text(body).encode(),
                headers={'Content-Type': 'application/json', 'Accept': 'text/event-stream', **self._server.headers},
                timeout=httpx.Timeout(None, connect=patience.connect),
            )
            async with asyncio.timeout(patience.connect + patience.first):
                return await self._client.send(request, stream=True)
        except TimeoutError:
            raise self._problems.slow(patience.connect + patience.first, begun=False) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):  # ValueError: a key that cannot be a header
            raise self._problems.unreachable() from None

    async def _next(self, pieces: AsyncIterator[bytes], *, begun: bool, finished: bool) -> bytes:
        """The next bytes, none at the end."""
        seconds = self._patience.between if begun else self._patience.first
        try:
            async with asyncio.timeout(_GOODBYE if finished else seconds):
                return await anext(pieces, b'')
        except TimeoutError:
            if finished:
                return b''
            raise self._problems.slow(seconds, begun=begun) from None


async def _error_of(response: httpx.Response) -> str:
    """What the server says is wrong, as far as it says so in time."""
    body = b''
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_GOODBYE):
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _LONGEST_ERROR:
                    break
    text = body.decode(errors='replace')
    try:
        return error_message(json.loads(text)) or text
    except (ValueError, RecursionError):
        return text


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end, which follows at once, so the connection can serve the next answer."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_DRAIN):
            async for _ in pieces:
                pass


_GOODBYE = 1.0  # seconds
_DRAIN = 0.1
_LONGEST_ERROR = 65_536  # bytes
