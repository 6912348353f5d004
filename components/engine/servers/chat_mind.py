"""A mind on another server: a language model behind the chat completions API, such as Ollama, vLLM or OpenAI."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

import httpx2
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import ChoiceDeltaToolCall

from components.engine.minds.mind import CallPiece, CutShort, Piece, Prompt
from components.engine.minds.reasoning import ReasoningFilter
from components.engine.protocol.items import FunctionCall
from components.engine.protocol.wire import new_id

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
        said, calls = ReasoningFilter(), _Calls(prompt)
        finish_reason = ''
        async with aclosing(self._deltas(prompt)) as deltas:
            async for delta in deltas:
                if text := said.feed(delta.text):
                    yield text
                for call in delta.calls:
                    if piece := calls.take(call):
                        if piece.name not in calls.offered:
                            raise self._failures.unknown_function(piece.name)
                        yield piece
                finish_reason = delta.finish_reason or finish_reason
        if text := said.flush():
            yield text
        if finish_reason == 'length':
            raise CutShort('max_output_tokens')
        for piece in calls.rest():
            yield piece
        if finish_reason == 'content_filter':
            raise CutShort('content_filter')

    async def _deltas(self, prompt: Prompt) -> AsyncGenerator['_Delta', None]:
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

    async def _next(self, stream: AsyncStream[ChatCompletionChunk], *, begun: bool, finished: bool) -> '_Delta | None':
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


@dataclass(frozen=True)
class _Delta:
    """Return the text that a chunk adds to the answer."""

    text: str
    calls: list[ChoiceDeltaToolCall]
    finish_reason: str


def _read(chunk: ChatCompletionChunk) -> _Delta:
    """Read a chunk. Servers leave out what the types promise, and some send chunks without a choice."""
    choice = chunk.choices[0] if chunk.choices else None
    delta = choice.delta if choice else None
    return _Delta(
        text=(delta.content or '') if delta else '',
        calls=(delta.tool_calls or []) if delta else [],
        finish_reason=(choice.finish_reason or '') if choice else '',
    )


class _Calls:
    """The function calls of one answer."""

    def __init__(self, prompt: Prompt) -> None:
        self.offered = {tool.name for tool in prompt.tools}
        self._known_ids = {item.call_id for item in prompt.items if isinstance(item, FunctionCall)}
        self._newest: dict[int, tuple[str, CallPiece]] = {}
        self._empty: dict[str, CallPiece] = {}

    def take(self, delta: ChoiceDeltaToolCall) -> CallPiece | None:
        """Return the piece that comes with a delta; None if the server does not say what it calls."""
        function = delta.function
        id, call = self._newest.get(delta.index, ('', None))
        if call is None or (delta.id and delta.id != id):  # some servers give all calls the same index
            if not (function and function.name):
                return None
            call = CallPiece(function.name, self._new_id(delta.id or ''))
            self._newest[delta.index] = delta.id or '', call
            self._empty[call.call_id] = call
        arguments: object = function.arguments if function else None
        if isinstance(arguments, dict):  # some servers send no JSON but what it stands for
            arguments = json.dumps(arguments)
        if not isinstance(arguments, str) or not arguments:
            return call
        self._empty.pop(call.call_id, None)
        return replace(call, arguments=arguments)

    def rest(self) -> Iterator[CallPiece]:
        """Make JSON of the arguments of functions without parameters, for which servers may send nothing."""
        for call in self._empty.values():
            yield replace(call, arguments='{}')

    def _new_id(self, given: str) -> str:
        """Return the server's own id, unless it is taken: some servers count from the start with every answer."""
        id = given if given and given not in self._known_ids else new_id('call')
        self._known_ids.add(id)
        return id


_GOODBYE_SECONDS = 1.0  # for the end of a stream whose answer is complete
