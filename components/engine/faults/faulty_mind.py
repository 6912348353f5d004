"""A mind with faults."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from components.engine.minds.mind import Mind, Piece, Prompt

from .faults import Faults


class FaultyMind:
    """Answers as another mind does, but late, or with an error."""

    def __init__(self, mind: Mind, faults: Faults) -> None:
        self._mind = mind
        self._faults = faults

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Yield the other mind's answer, after the delay.

        Raises:
            RealtimeError: The answer is to fail.
        """
        await self._faults.before_answer()
        async with aclosing(self._mind.answer(prompt)) as pieces:
            async for piece in pieces:
                yield piece
