"""A mind on another server: a language model behind the chat completions API, such as Ollama, vLLM or OpenAI."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import httpx2
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from components.engine.minds.mind import Piece, Prompt

from .chat_answer import CallDelta, Delta, chat_answer
from .chat_request import chat_request
from .client import CONNECT_SECONDS
from .failures import Failures
from .stage_server import StageServer


@dataclass(frozen=True)
class Patience:
    """How long to wait for a model, in seconds: until it begins to answer, and between two pieces.

    A local server may have to load its model before it begins.
    """

    first: float = 90.0
    between: float = 30.0


class ChatMind:
    """Asks the model of `server` through `client`, which the caller closes. Nothing is kept between answers."""

    def __init__(self, server: StageServer, client: AsyncOpenAI, *, patience: Patience | None = None) -> None:
        self._model = server.model
        self._client = client
        self._patience = patience or Patience()
        self._failures = Failures('MIND', server)

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Answer as `Mind.answer` describes. Closing the generator closes the connection, which stops the server."""
        async with aclosing(chat_answer(self._deltas(prompt), prompt, self._failures.unknown_function)) as pieces:
            async for piece in pieces:
                yield piece

    async def _deltas(self, prompt: Prompt) -> AsyncGenerator[Delta, None]:
        begun = finished = False
        async with await self._ask(prompt) as stream:
            while delta := await self._next(stream, begun=begun, finished=finished):
                begun, finished = True, finished or bool(delta.finish_reason)
                yield delta
            kind = stream.response.headers.get('Content-Type', '')
        if not finished:
            raise self._failures.broken() if begun else self._failures.wrong_content(kind)

    async def _ask(self, prompt: Prompt) -> AsyncStream[ChatCompletionChunk]:
        seconds = CONNECT_SECONDS + self._patience.first
        try:
            with self._failures.translated():
                async with asyncio.timeout(seconds):
                    return await self._client.chat.completions.create(
                        **chat_request(prompt, model=self._model),
                        timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
                    )
        except TimeoutError:
            raise self._failures.slow(f'did not begin to answer within {seconds:g} seconds') from None

    async def _next(self, stream: AsyncStream[ChatCompletionChunk], *, begun: bool, finished: bool) -> 'Delta | None':
        """The next piece, None at the end."""
        seconds = self._patience.between if begun else self._patience.first
        try:
            with self._failures.translated():
                async with asyncio.timeout(_GOODBYE_SECONDS if finished else seconds):
                    chunk = await anext(stream, None)
                return None if chunk is None else _read(chunk)
        except TimeoutError:
            if finished:
                return None
            what = 'stopped for' if begun else 'did not begin to answer within'
            raise self._failures.slow(f'{what} {seconds:g} seconds') from None


def _read(chunk: ChatCompletionChunk) -> Delta:
    """Read a chunk. Servers leave out what the types promise, and some send chunks without a choice."""
    choice = chunk.choices[0] if chunk.choices else None
    delta = choice.delta if choice else None
    return Delta(
        text=(delta.content or '') if delta else '',
        calls=[
            CallDelta(
                call.index,
                call.id or '',
                (call.function.name or '') if call.function else '',
                call.function.arguments if call.function else None,
            )
            for call in ((delta.tool_calls or []) if delta else [])
        ],
        finish_reason=(choice.finish_reason or '') if choice else '',
    )


_GOODBYE_SECONDS = 1.0  # for the end of a stream whose answer is complete
