"""One answer of the assistant, from `response.created` to `response.done`."""

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Literal, TypeAlias

from components.engine.minds.mind import CallPiece, CutReason, CutShort, MindError, Piece
from components.engine.protocol.errors import RealtimeError, internal_error
from components.engine.protocol.items import Item, Message
from components.engine.protocol.usage import Usage, rate_limits, text_tokens
from components.engine.protocol.wire import JsonObject, new_id
from components.engine.speech.speech_process import SpeechError
from components.engine.transport.transport import ResponseAudio

from .conversation import Conversation
from .output_function_call import OutputFunctionCall
from .output_item import Emit, Position
from .output_message import OutputMessage
from .response_options import ResponseOptions

ResponseStatus: TypeAlias = Literal['in_progress', 'completed', 'cancelled', 'incomplete', 'failed']
logger = logging.getLogger(__name__)


class Response:
    """Turns the pieces of an answer into events and, with a `playback`, into sound.

    Everything that is said is one message, even if function calls come in between. Each call is an item of its own. All
    items end together with the response. `speak` synthesises one sentence; without `playback` the answer is text.
    `context` returns what is being answered. A response that is done, for whatever reason, emits nothing more.
    """

    def __init__(
        self,
        options: ResponseOptions,
        conversation: Conversation,
        *,
        emit: Emit,
        context: Callable[[], Sequence[Item]],
        speak: Callable[[str], AsyncGenerator[bytes, None]],
    ) -> None:
        self.id = new_id('resp')
        self.options = options
        self.status: ResponseStatus = 'in_progress'
        self.playback: ResponseAudio | None = None
        self._conversation = conversation
        self._emit = emit
        self._context = context
        self._speak = speak
        self._message: OutputMessage | None = None
        self._calls: dict[str, OutputFunctionCall] = {}
        self._outputs: list[OutputMessage | OutputFunctionCall] = []

    @property
    def active(self) -> bool:
        """Whether the answer is still being made."""
        return self.status == 'in_progress'

    @property
    def message(self) -> Message | None:
        """The message, once it has begun."""
        return self._message.item if self._message else None

    def announce(self) -> None:
        """Tell the client that the response begins."""
        self._emit('response.created', response=self._wire())

    async def run(self, pieces: AsyncGenerator[Piece, None]) -> None:
        """Make the whole answer. Problems end the response and are reported to the client, never raised."""
        try:
            if cut := await self._take_all(pieces):
                self._finish('incomplete', {'type': 'incomplete', 'reason': cut})
            else:
                self._finish('completed')
        except RealtimeError as problem:
            self.fail(problem)
        except MindError as problem:
            self.fail(RealtimeError(str(problem), code='mind_failed', type='server_error'))
        except SpeechError as problem:
            self.fail(RealtimeError(str(problem), code='speech_failed', type='server_error'))
        except Exception:
            logger.exception('A response failed')
            self.fail(internal_error())

    def cancel(self, reason: Literal['turn_detected', 'client_cancelled']) -> None:
        """Stop the response."""
        self._finish('cancelled', {'type': 'cancelled', 'reason': reason})

    def fail(self, problem: RealtimeError) -> None:
        """End the response with an error."""
        self._finish('failed', {'type': 'failed', **problem.body()})

    async def _take_all(self, pieces: AsyncGenerator[Piece, None]) -> CutReason | None:
        """Return why the answer is incomplete, or None."""
        cut: CutReason | None = None
        async with aclosing(pieces):
            try:
                async for piece in pieces:
                    await self._take(piece)
                    if self._is_too_long():
                        return 'max_output_tokens'
            except CutShort as problem:
                cut = problem.reason
        await self._flush()
        return cut

    async def _take(self, piece: Piece) -> None:
        if isinstance(piece, CallPiece):
            await self._flush()
            if piece.call_id not in self._calls:
                self._calls[piece.call_id] = OutputFunctionCall(piece, self._next_position())
                self._outputs.append(self._calls[piece.call_id])
            self._calls[piece.call_id].add(piece)
        elif piece:
            if not self._message:
                self._message = OutputMessage(
                    self._next_position(),
                    playback=self.playback,
                    speak=self._speak,
                    language=self.options.language,
                )
                self._outputs.append(self._message)
            await self._message.add(piece)

    async def _flush(self) -> None:
        if self._message:
            await self._message.flush()

    def _next_position(self) -> Position:
        conversation = self._conversation if self.options.in_conversation else None
        return Position(self.id, len(self._outputs), conversation, self._emit)

    def _finish(self, status: ResponseStatus, details: JsonObject | None = None) -> None:
        if not self.active:
            return
        self.status = status
        for output in self._outputs:
            output.end('completed' if status == 'completed' else 'incomplete')
        if self.playback:
            self.playback.finish()
        items = [output.item for output in self._outputs]
        usage = Usage.measured(self.options.instructions, self.options.callable_tools, self._context(), items)
        self._emit('response.done', response=self._wire(details, usage))
        self._emit('rate_limits.updated', rate_limits=rate_limits(usage))

    def _is_too_long(self) -> bool:
        limit = self.options.max_output_tokens
        return limit is not None and sum(text_tokens(output.item.text) for output in self._outputs) >= limit

    def _wire(self, details: JsonObject | None = None, usage: Usage | None = None) -> JsonObject:
        output = self.options.voice.wire()
        return {
            'object': 'realtime.response',
            'id': self.id,
            'status': self.status,
            'status_details': details,
            'output': [output.item.wire() for output in self._outputs],
            'conversation_id': self._conversation.id if self.options.in_conversation else None,
            'output_modalities': [self.options.modality],
            'max_output_tokens': self.options.max_output_tokens or 'inf',
            'audio': {'output': {'format': output['format'], 'voice': output['voice']}},
            'usage': None if usage is None else usage.wire(),
            'metadata': None if self.options.metadata is None else {**self.options.metadata},
        }
