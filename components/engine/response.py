"""One answer of the assistant, from `response.created` to `response.done`."""

import base64
import logging
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .conversation import Conversation
from .errors import RealtimeError, internal_error
from .ids import new_id
from .items import Item, Message, Part
from .rate_limits import rate_limits
from .response_options import ResponseOptions
from .speech_process import SpeechError
from .stages import Emit, Playback
from .usage import Usage, text_tokens
from .wire import Json, JsonObject

ResponseStatus: TypeAlias = Literal['in_progress', 'completed', 'cancelled', 'incomplete', 'failed']
logger = logging.getLogger(__name__)


class Response:
    """Turns the pieces of an answer into the service's events and, with a `playback`, into sound.

    `speak` synthesises one piece; without `playback` the answer is text. `context` tells what is being answered.
    Once the response is done, by whatever cause, it emits nothing more.
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
        self.playback: Playback | None = None
        self.item: Message | None = None
        self._conversation = conversation
        self._emit = emit
        self._context = context
        self._speak = speak
        self._names = _NAMES[options.modality]

    @property
    def active(self) -> bool:
        return self.status == 'in_progress'

    def announce(self) -> None:
        """Tell the client that this response begins."""
        self._emit('response.created', response=self._wire())

    async def run(self, pieces: AsyncGenerator[str, None]) -> None:
        """Say the whole answer. Problems end the response and are told to the client, never raised."""
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    await self._say(piece)
                    if self._is_too_long():
                        return self._finish('incomplete', {'type': 'incomplete', 'reason': 'max_output_tokens'})
            self._finish('completed')
        except RealtimeError as problem:
            self.fail(problem)
        except SpeechError as problem:
            self.fail(RealtimeError(str(problem), code='speech_failed', type='server_error'))
        except Exception:
            logger.exception('A response failed')
            self.fail(internal_error())

    def cancel(self, reason: Literal['turn_detected', 'client_cancelled']) -> None:
        self._finish('cancelled', {'type': 'cancelled', 'reason': reason})

    def fail(self, problem: RealtimeError) -> None:
        self._finish('failed', {'type': 'failed', **problem.body()})

    async def _say(self, piece: str) -> None:
        item = self.item or self._begin_item()
        if not self.playback:
            return self._write(item, piece)
        # The words come with their first sound, so an interruption leaves no words that had no sound at all.
        written = False
        async with aclosing(self._speak(piece)) as sound:
            async for pcm in sound:
                if not written:
                    self._write(item, piece)
                    written = True
                self._deliver(item, self.playback.play(pcm))
                item.content[0].milliseconds = self.playback.milliseconds
        if not written:
            self._write(item, piece)
        return None

    def _write(self, item: Message, piece: str) -> None:
        part = item.content[0]
        for word in re.findall(r'\s*\S+(?:\s+$)?|\s+', piece):
            part.text = f'{part.text}{word}'
            self._emit(f'{self._names.stream}.delta', **self._place(item), delta=word)

    def _deliver(self, item: Message, sound: bytes) -> None:
        if sound:
            delta = base64.b64encode(sound).decode()
            self._emit('response.output_audio.delta', **self._place(item), delta=delta)

    def _begin_item(self) -> Message:
        item = self.item = Message('assistant', status='in_progress')
        self._emit('response.output_item.added', response_id=self.id, output_index=0, item=item.wire())
        if self.options.in_conversation:
            previous = self._conversation.last_id
            self._conversation.add(item)
            self._emit('conversation.item.added', previous_item_id=previous, item=item.wire())
        item.content.append(Part(self._names.content, ''))
        self._emit('response.content_part.added', **self._place(item), part=self._part(''))
        return item

    def _finish(self, status: ResponseStatus, details: JsonObject | None = None) -> None:
        if not self.active:
            return
        self.status = status
        rest = self.playback.finish() if self.playback else b''
        if self.item:
            self._finish_item(self.item, rest)
        usage = Usage.measured(self.options.instructions, self._context(), self.item)
        self._emit('response.done', response=self._wire(details, usage))
        self._emit('rate_limits.updated', rate_limits=rate_limits(usage))

    def _finish_item(self, item: Message, rest: bytes) -> None:
        item.status = 'completed' if self.status == 'completed' else 'incomplete'
        text = item.content[0].text or ''
        if self.playback:
            self._deliver(item, rest)
            self._emit('response.output_audio.done', **self._place(item))
        self._emit(f'{self._names.stream}.done', **self._place(item), **{self._names.key: text})
        self._emit('response.content_part.done', **self._place(item), part=self._part(text))
        if item in self._conversation.items:
            previous = self._conversation.previous_id(item)
            self._emit('conversation.item.done', previous_item_id=previous, item=item.wire())
        self._emit('response.output_item.done', response_id=self.id, output_index=0, item=item.wire())

    def _is_too_long(self) -> bool:
        limit = self.options.max_output_tokens
        return limit is not None and self.item is not None and text_tokens(self.item.text) >= limit

    def _place(self, item: Message) -> dict[str, Json]:
        return {'response_id': self.id, 'item_id': item.id, 'output_index': 0, 'content_index': 0}

    def _part(self, text: str) -> JsonObject:
        return {'type': self.options.modality, self._names.key: text}

    def _wire(self, details: JsonObject | None = None, usage: Usage | None = None) -> JsonObject:
        output = self.options.voice.wire()
        return {
            'object': 'realtime.response',
            'id': self.id,
            'status': self.status,
            'status_details': details,
            'output': [] if self.item is None else [self.item.wire()],
            'conversation_id': self._conversation.id if self.options.in_conversation else None,
            'output_modalities': [self.options.modality],
            'max_output_tokens': self.options.max_output_tokens or 'inf',
            'audio': {'output': {'format': output['format'], 'voice': output['voice']}},
            'usage': None if usage is None else usage.wire(),
            'metadata': self.options.metadata,
        }


@dataclass(frozen=True)
class _Names:
    """What the service calls the parts of a spoken or a written answer."""

    content: Literal['output_text', 'output_audio']
    stream: str
    key: str


_NAMES = {
    'audio': _Names('output_audio', 'response.output_audio_transcript', 'transcript'),
    'text': _Names('output_text', 'response.output_text', 'text'),
}
