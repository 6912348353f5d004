"""An answer of the chat completions API: from the deltas of its stream to the pieces that a session takes."""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from components.engine.minds.mind import CallPiece, CutShort, Piece, Prompt
from components.engine.protocol.items import FunctionCall
from components.engine.protocol.wire import new_id


@dataclass(frozen=True)
class CallDelta:
    """The part of a function call that a chunk adds. `arguments` is JSON, or from some servers what it stands for."""

    index: int
    id: str
    name: str
    arguments: object


@dataclass(frozen=True)
class Delta:
    """The part of an answer that a chunk adds."""

    text: str = ''
    calls: list[CallDelta] = field(default_factory=list)
    finish_reason: str = ''


async def chat_answer(
    stream: AsyncGenerator[Delta, None], prompt: Prompt, unknown_function: Callable[[str], Exception]
) -> AsyncGenerator[Piece, None]:
    """Yield the pieces of an answer. Closing the generator closes the stream.

    Args:
        stream: The deltas of the answer.
        prompt: The prompt that is answered.
        unknown_function: Makes the error for a call of a function that was not offered.

    Raises:
        CutShort: The answer ends although it is not complete.
    """
    calls = _Calls(prompt)
    finish_reason = ''
    async with aclosing(stream) as deltas:
        async for delta in deltas:
            if delta.text:
                yield delta.text
            for call in delta.calls:
                if piece := calls.take(call):
                    if piece.name not in calls.offered:
                        raise unknown_function(piece.name)
                    yield piece
            finish_reason = delta.finish_reason or finish_reason
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
        """Return the piece that comes with a delta; None if the server does not say what it calls."""
        id, call = self._newest.get(delta.index, ('', None))
        if call is None or (delta.id and delta.id != id):  # some servers give all calls the same index
            if not delta.name:
                return None
            call = CallPiece(delta.name, self._new_id(delta.id))
            self._newest[delta.index] = delta.id, call
            self._empty[call.call_id] = call
        arguments = delta.arguments
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
