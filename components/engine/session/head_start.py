"""The first sentence of an answer, made while the user pauses and may have finished."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from components.engine.minds.mind import Piece
from components.engine.spoken_text.spoken_text import SpokenText

from .response_options import ResponseOptions


class HeadStart:
    """Finds the first sentence of an answer and begins to speak it: its first phrase, and the rest once it is wanted.

    `spoken` is that sentence, in plain words, '' until it is known. `speak` synthesises a sentence by the `options` of
    the answer.
    """

    def __init__(
        self,
        answer: AsyncGenerator[Piece, None],
        options: ResponseOptions,
        speak: Callable[[ResponseOptions, str], AsyncGenerator[bytes, None]],
    ) -> None:
        self.options = options
        self.spoken = ''
        self._sound: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._problem: Exception | None = None
        self._speak = speak
        self.task = asyncio.create_task(self._run(answer))

    async def sound(self) -> AsyncGenerator[bytes, None]:
        """The sound of the sentence, as `speak` would give it."""
        try:
            while (pcm := await self._sound.get()) is not None:
                yield pcm
            if self._problem:
                raise self._problem
        finally:
            self.drop()

    def drop(self) -> None:
        """Give the sentence up."""
        self.task.cancel()

    async def _run(self, answer: AsyncGenerator[Piece, None]) -> None:
        try:
            self.spoken = await self._first_sentence(answer)
            if self.spoken:
                async with aclosing(self._speak(self.options, self.spoken)) as sound:
                    async for pcm in sound:
                        await self._sound.put(pcm)
        except Exception as problem:  # it is that of whoever wants the sentence
            self._problem = problem
        await self._sound.put(None)

    async def _first_sentence(self, answer: AsyncGenerator[Piece, None]) -> str:
        text = SpokenText(language=self.options.language)
        async with aclosing(answer):
            async for piece in answer:
                if not isinstance(piece, str):
                    return ''
                if sentences := text.feed(piece):
                    return sentences[0].spoken
        return next((sentence.spoken for sentence in text.flush()), '')
