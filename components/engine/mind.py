"""What the engine answers. The mind that comes with it is a small rehearsal partner, not a language model."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Literal, Protocol

from .small_talk import Occasion, reply


@dataclass(frozen=True)
class Utterance:
    """One thing said in a conversation."""

    speaker: Literal['user', 'assistant', 'system']
    text: str


class Mind(Protocol):
    """Finds answers."""

    def answer(self, conversation: Sequence[Utterance], *, instructions: str) -> AsyncIterator[str]:
        """The answer to a conversation in pieces, sentence by sentence or finer, that make up the text when joined."""
        ...


class RehearsalMind:
    """Answers in English by simple rules, and says so when asked. It keeps nothing between answers.

    `now` tells the local time and `random` throws the coins and dice.
    """

    def __init__(self, *, now: Callable[[], datetime] = datetime.now, random: Random | None = None) -> None:
        self._now = now
        self._random = random or Random()

    async def answer(self, conversation: Sequence[Utterance], *, instructions: str) -> AsyncIterator[str]:
        """The answer to what the user said last, or a greeting where nothing was said yet."""
        heard = [each.text for each in conversation if each.speaker == 'user']
        said = [each.text for each in conversation if each.speaker == 'assistant']
        occasion = Occasion(
            now=self._now(),
            random=self._random,
            turn=max(len(heard) - 1, 0),
            said_before=said[-1] if said else '',
            has_instructions=bool(instructions.strip()),
        )
        text = reply(heard[-1] if heard else 'hello', occasion)
        for sentence in re.findall(r'.+?(?:[.!?]\s+|$)', text, re.DOTALL):
            yield sentence
