"""A mind on another server: a language model behind the chat completions API, such as Ollama, vLLM or OpenAI."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

import httpx

from components.engine.minds.mind import CallPiece, CutShort, Piece, Prompt
from components.engine.minds.reasoning import ReasoningFilter
from components.engine.protocol.ids import new_id
from components.engine.protocol.items import FunctionCall

from .chat_chunk import CallDelta
from .chat_request import chat_request
from .chat_stream import ChatStream, Patience
from .mind_problems import MindProblems
from .stage_server import StageServer


class ChatMind:
    """Asks `server` by `client`, which is the caller's to close. It keeps nothing between answers."""

    def __init__(self, server: StageServer, client: httpx.AsyncClient, *, patience: Patience | None = None) -> None:
        self._model = server.model
        self._stream = ChatStream(server, client, patience or Patience())
        self._problems = MindProblems(server)

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """As `Mind.answer`. Closing the generator closes the connection, which tells the server to stop."""
        said, calls = ReasoningFilter(), _Calls(prompt)
        finish_reason = ''
        async with aclosing(self._stream.chunks(chat_request(prompt, model=self._model))) as chunks:
            async for chunk in chunks:
                if chunk.error:
                    raise self._problems.failed(chunk.error)
                if text := said.feed(chunk.text):
                    yield text
                for delta in chunk.calls:
                    if piece := calls.take(delta):
                        if piece.name not in calls.offered:
                            raise self._problems.unknown_function(piece.name)
                        yield piece
                finish_reason = chunk.finish_reason or finish_reason
        if text := said.flush():
            yield text
        if finish_reason == 'length':
            raise CutShort('max_output_tokens')
        for piece in calls.rest():
            yield piece
        if finish_reason == 'content_filter':
            raise CutShort('content_filter')


class _Calls:
    """The function calls of one answer."""

    def __init__(self, prompt: Prompt) -> None:
        self.offered = {tool.name for tool in prompt.tools}
        self._known_ids = {item.call_id for item in prompt.items if isinstance(item, FunctionCall)}
        self._newest: dict[int, tuple[str, CallPiece]] = {}
        self._empty: dict[str, CallPiece] = {}

    def take(self, delta: CallDelta) -> CallPiece | None:
        """The piece that comes with a delta; none where a server does not say what it calls."""
        id, call = self._newest.get(delta.index, ('', None))
        if call is None or (delta.id and delta.id != id):  # some servers give all calls the same index
            if not delta.name:
                return None
            call = CallPiece(delta.name, self._new_id(delta.id))
            self._newest[delta.index] = delta.id, call
            self._empty[call.call_id] = call
        if delta.arguments:
            self._empty.pop(call.call_id, None)
        return replace(call, arguments=delta.arguments)

    def rest(self) -> Iterator[CallPiece]:
        """Makes JSON of the arguments of functions without parameters, for which servers may send nothing."""
        for call in self._empty.values():
            yield replace(call, arguments='{}')

    def _new_id(self, given: str) -> str:
        """The server's own, if it is: some begin to count anew with every answer."""
        id = given if given and given not in self._known_ids else new_id('call')
        self._known_ids.add(id)
        return id
