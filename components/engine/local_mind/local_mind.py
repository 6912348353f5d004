"""A mind on this computer: a small language model, run by llama.cpp in a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from components.engine.minds.mind import CallPiece, MindError, Piece, Prompt
from components.engine.protocol.items import Message, Part
from components.engine.protocol.wire import new_id
from components.engine.servers.chat_answer import Delta, chat_answer
from components.engine.servers.notice import Notice

from .llama_request import llama_request, read_chunk
from .machine import Machine
from .messages import Chunk, Refused, TooLong
from .model_process import ModelFailure, ModelProcess, State
from .models import LocalModel
from .slots import Slots
from .window import tokens, within


class LocalMind:
    """Answers by a model file. It belongs to the engine's event loop.

    The process loads the model with `start` or with the first answer. If it dies, the next answer starts it again.

    Args:
        model: The file.
        context: Tokens of a prompt and its answer together.
        patience_seconds: How long to wait for the next piece of an answer. A model that is still loading counts too.
    """

    def __init__(self, model: LocalModel, *, context: int = 8192, patience_seconds: float = 120.0) -> None:
        self.model = model
        # llama.cpp nearly stands still when it has to share a core, so one is left to everything else.
        self._process = ModelProcess(
            model.path, context=context, slots=_SLOTS, threads=max(1, Machine.this().cores - 1)
        )
        self._slots = Slots(_SLOTS)
        self._answers = 0
        self._preparation: asyncio.Task[None] | None = None
        self._context = context
        self._patience = patience_seconds
        self.timings: dict[str, Any] = {}

    def start(self) -> None:
        """Begin to load the model, if its file and llama.cpp are there."""
        if not self._missing:
            self._process.start()

    async def stop(self) -> None:
        """End the process. Stopping twice does no harm."""
        self._stop_preparing()
        await self._process.stop()

    @property
    def notice(self) -> Notice | None:
        """The news for the user: the model is loading, or why it does not work; None if all is well."""
        state = self._missing or self._process.state
        return None if state in ('idle', 'ready', 'stopped') else self._notice(state)

    def prepare(self, prompt: Prompt) -> None:
        """Evaluate the instructions and the conversation before the user has said more, unless the model is busy."""
        if not self._answers and not self._missing and self._process.state in ('loading', 'ready'):
            self._stop_preparing()
            self._preparation = asyncio.create_task(self._prepare(prompt), name='prepare local model')

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Answer as `Mind.answer` describes. Closing the generator stops the model."""
        self._answers += 1
        call = ''
        try:
            async with aclosing(chat_answer(self._deltas(prompt), prompt, self._unknown_function)) as pieces:
                async for piece in pieces:
                    if prompt.must_call and isinstance(piece, str):
                        call += piece
                    else:
                        yield piece
        finally:
            self._answers -= 1
        if call:
            yield self._required_call(call)

    def _stop_preparing(self) -> None:
        if self._preparation:
            self._preparation.cancel()

    async def _prepare(self, prompt: Prompt) -> None:
        said = replace(prompt, items=(*prompt.items, Message('user', [Part('input_text', '…')])))
        slot = self._slots.of(prompt.items[0].id if prompt.items else '')
        request = llama_request(within(said, self._context * 3 // 4), max_tokens=1) | {'id_slot': slot}
        with suppress(ModelFailure):
            async with aclosing(self._process.answer(request)) as replies:
                async for reply in replies:
                    if isinstance(reply, Chunk):
                        self.timings = reply.chunk.get('timings', self.timings)

    async def _deltas(self, prompt: Prompt) -> AsyncGenerator[Delta, None]:
        if missing := self._missing:
            raise MindError(self._notice(missing))
        most = min(prompt.max_tokens or self._context, self._context // 4)
        scale, slot = 1.0, self._slots.of(prompt.items[0].id if prompt.items else '')
        for _ in range(_TRIES):
            fitting = within(prompt, self._context - most, scale=scale)
            async with aclosing(self._replies(llama_request(fitting, max_tokens=most) | {'id_slot': slot})) as replies:
                async for reply in replies:
                    if isinstance(reply, Chunk):
                        self.timings = reply.chunk.get('timings', self.timings)
                        yield read_chunk(reply.chunk)
                    elif isinstance(reply, Refused):
                        raise MindError(
                            f'The local model {self.model.name} could not answer: {reply.reason.rstrip(".")}. '
                            'Try again, or choose another model.'
                        )
                    else:
                        scale = max(reply.tokens / tokens(fitting), scale * 1.25)
                        break
                else:
                    return
        raise MindError(
            'This is longer than the local model can read at once: please make it shorter, or the instructions.'
        )

    async def _replies(self, request: dict[str, Any]) -> AsyncGenerator[Chunk | TooLong | Refused, None]:
        try:
            async with aclosing(self._process.answer(request)) as replies:
                while True:
                    async with asyncio.timeout(self._patience):
                        reply = await anext(replies, None)
                    if not isinstance(reply, Chunk | TooLong | Refused):
                        return
                    yield reply
        except ModelFailure as failure:
            raise MindError(self._notice(failure.state)) from None
        except TimeoutError:
            raise MindError(
                f'The local model {self.model.name} takes too long on this computer. '
                'Try again, or choose a smaller model.'
            ) from None

    @property
    def _missing(self) -> State | None:
        if not find_spec('xllamacpp'):
            return 'no_package'
        try:
            with self.model.path.open('rb') as file:
                return None if file.read(4) == _MAGIC else 'not_gguf'
        except OSError:
            return 'no_file'

    def _notice(self, state: State) -> Notice:
        return notice(self.model, state)

    def _required_call(self, text: str) -> CallPiece:
        try:
            call = json.loads(text)
            return CallPiece(call['name'], new_id('call'), json.dumps(call['arguments']))
        except (ValueError, KeyError, TypeError):
            raise MindError(
                f'The local model {self.model.name} could not call a function. Try again, or choose a larger model.'
            ) from None

    def _unknown_function(self, name: str) -> Exception:
        return MindError(f'The local model called a function that does not exist: “{name}”. Try again.')


def notice(model: LocalModel, state: State) -> Notice:
    """Say what is the matter with a model in this state, one of `SENTENCES`."""
    values = {'name': model.name, 'path': str(model.path)}
    return Notice(SENTENCES[state].format(**values), f'local_{state}', **values)


_MAGIC = b'GGUF'
_SLOTS = 8  # as many as calls at once, see `limits.py`; they share the context, so more cost nothing
_TRIES = 3  # with a better estimate of the tokens each time
SENTENCES: dict[State, str] = {
    'loading': 'The local model {name} is loading; the first answer waits for it.',
    'no_package': 'The local model {name} cannot run because the package xllamacpp is missing: run pip install '
    'xllamacpp, or choose a server such as Ollama.',
    'no_file': 'The local model {name} is not on this computer: put its file at {path}, or fetch it on the page with '
    '“Give it a mind”.',
    'not_gguf': 'The file {path} is not a GGUF model: choose another file with ENGINE_MIND_MODEL, or fetch a model on '
    'the page.',
    'not_loaded': 'The local model {name} could not be loaded: the file is damaged, or this computer has too little '
    'memory. Fetch it again, or choose a smaller model.',
    'died': 'The local model {name} stopped unexpectedly, perhaps because the memory was used up. Ask again, or choose '
    'a smaller model.',
    'stopped': 'The local model {name} is not running. Start the engine again.',
}
