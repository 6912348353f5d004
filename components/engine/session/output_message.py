"""A message that a response says or writes."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from components.engine.protocol.items import Message, Part, Status
from components.engine.protocol.wire import JsonObject
from components.engine.spoken_text.spoken_text import Sentence, SpokenText
from components.engine.transport.transport import ResponseAudio

from .output_item import OutputItem, Position


class OutputMessage:
    """Turns the text of an answer into events: as it comes if it is written, else sentence by sentence.

    With a `playback` the answer is spoken; `speak` synthesises one sentence. The text is shown as it was written, and
    spoken in plain words. `language` is the one to expect, if known.
    """

    def __init__(
        self,
        position: Position,
        *,
        playback: ResponseAudio | None,
        speak: Callable[[str], AsyncGenerator[bytes, None]],
        language: str | None = None,
    ) -> None:
        self.item = Message('assistant', status='in_progress')
        self._playback = playback
        self._speak = speak
        self._spoken_text = SpokenText(language=language)
        self._names = _SPOKEN if playback else _WRITTEN
        self._output = OutputItem(self.item, position)
        self._part = Part(self._names.content, '')
        self.item.content.append(self._part)
        self._emit('response.content_part.added', part=self._part_wire())

    async def add(self, text: str) -> None:
        """Take a piece of the answer."""
        if not self._playback:
            self._write(text)
            return
        for sentence in self._spoken_text.feed(text):
            await self._say(sentence, self._playback)

    async def flush(self) -> None:
        """Say the rest of the text, which has no end of a sentence."""
        if self._playback:
            for sentence in self._spoken_text.flush():
                await self._say(sentence, self._playback)

    def end(self, status: Status) -> None:
        """End the message, whatever has been said of it."""
        text = self._part.text or ''
        if self._playback:
            self._deliver(self._playback.finish())
            self._emit('response.output_audio.done')
        self._emit(f'{self._names.stream}.done', **{self._names.key: text})
        self._emit('response.content_part.done', part=self._part_wire())
        self._output.end(status)

    async def _say(self, sentence: Sentence, playback: ResponseAudio) -> None:
        # Words are sent with the first of their sound, so that an interruption leaves no words that had no sound.
        written = False
        if sentence.spoken:
            async with aclosing(self._speak(sentence.spoken)) as sound:
                async for pcm in sound:
                    if not written:
                        self._write(sentence.shown)
                        written = True
                    self._deliver(playback.play(pcm))
                    self._part.milliseconds = playback.milliseconds
        if not written:
            self._write(sentence.shown)
        self._part.sentence_ends.append((len(self._part.text or ''), self._part.milliseconds))

    def _write(self, text: str) -> None:
        for word in re.findall(r'\s*\S+(?:\s+$)?|\s+', text):
            self._part.text = f'{self._part.text}{word}'
            self._emit(f'{self._names.stream}.delta', delta=word)

    def _deliver(self, sound: bytes) -> None:
        if sound:
            self._emit('response.output_audio.delta', delta=sound)

    def _emit(self, type: str, **fields: str | bytes | JsonObject) -> None:
        self._output.emit(type, content_index=0, **fields)

    def _part_wire(self) -> JsonObject:
        return {'type': self._names.modality, self._names.key: self._part.text}


@dataclass(frozen=True)
class _Names:
    """OpenAI's names for the parts of a spoken or a written answer."""

    modality: str
    content: Literal['output_text', 'output_audio']
    stream: str
    key: str


_SPOKEN = _Names('audio', 'output_audio', 'response.output_audio_transcript', 'transcript')
_WRITTEN = _Names('text', 'output_text', 'response.output_text', 'text')
