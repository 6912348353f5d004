"""The mind that comes with the engine: a small rehearsal partner, not a language model."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import datetime
from random import Random

from components.engine.protocol.ids import new_id
from components.engine.protocol.items import Item, Message, Part

from .mind import CallPiece, Piece, Prompt
from .small_talk import Occasion, reply
from .tool_talk import Call, talk_of_tools


class RehearsalMind:
    """Answers in English by simple rules, and says so when asked. It keeps nothing between answers.

    `now` tells the local time and `random` throws the coins and dice.
    """

    def __init__(self, *, now: Callable[[], datetime] = datetime.now, random: Random | None = None) -> None:
        self._now = now
        self._random = random or Random()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """The answer to what the user said last, or a greeting where nothing was said yet."""
        prompt = replace(prompt, items=tuple(map(_beginning, prompt.items)))
        about_tools = await asyncio.to_thread(talk_of_tools, prompt)  # a hundred functions can take a second
        if isinstance(about_tools, Call):
            call_id = new_id('call')
            for arguments in re.findall(r'\s*\S+', json.dumps(about_tools.arguments, ensure_ascii=False)):
                yield CallPiece(about_tools.name, call_id, arguments)
            return
        for sentence in re.findall(r'.+?(?:[.!?]\s+|$)', about_tools or self._small_talk(prompt), re.DOTALL):
            yield sentence

    def _small_talk(self, prompt: Prompt) -> str:
        heard = [each.text for each in prompt.utterances if each.speaker == 'user']
        said = [each.text for each in prompt.utterances if each.speaker == 'assistant']
        occasion = Occasion(
            now=self._now(),
            random=self._random,
            turn=max(len(heard) - 1, 0),
            said_before=said[-1] if said else '',
            has_instructions=bool(prompt.instructions.strip()),
        )
        return reply(heard[-1] if heard else 'hello', occasion)


def _beginning(item: Item) -> Item:
    """The item, or as much of it as the rules are made for: on a long text they would hold up all other calls."""
    if isinstance(item, Message) and len(item.text) > _LONGEST:
        return Message(item.role, [Part('input_text', item.text[:_LONGEST])], item.status, item.id)
    return item


_LONGEST = 2_000  # characters
