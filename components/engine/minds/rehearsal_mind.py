"""The mind that comes with the engine: a small rehearsal partner with plain rules, not a language model."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import datetime
from random import Random

from components.engine.protocol.items import Item, Message, Part
from components.engine.protocol.wire import new_id

from .mind import CallPiece, Piece, Prompt
from .occasion import Occasion
from .small_talk import reply
from .tool_talk import Call, talk_of_tools


class RehearsalMind:
    """Answers in English by simple rules, and says so if asked. It keeps nothing between answers.

    `now` returns the local time, and `random` decides about coins and dice.
    """

    def __init__(self, *, now: Callable[[], datetime] = datetime.now, random: Random | None = None) -> None:
        self._now = now
        self._random = random or Random()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Answer what the user said last, or greet if nothing was said yet."""
        prompt = replace(prompt, items=tuple(map(_beginning, prompt.items)))
        about_tools = await asyncio.to_thread(talk_of_tools, prompt)  # a hundred functions can take a second
        if isinstance(about_tools, Call):
            call_id = new_id('call')
            for arguments in re.findall(r'\s*\S+', json.dumps(about_tools.arguments, ensure_ascii=False)):
                yield CallPiece(about_tools.name, call_id, arguments)
            return
        for sentence in re.findall(r'.+?(?:[.!?]\s+|$)', about_tools or self._small_talk(prompt), re.DOTALL):
            yield sentence

    def draft(self, prompt: Prompt) -> AsyncGenerator[Piece, None] | None:
        """Answer before anybody is sure to want it, unless there are functions, which take time to be considered."""
        return None if prompt.tools else self.answer(prompt)

    def _small_talk(self, prompt: Prompt) -> str:
        messages = [item for item in prompt.items if isinstance(item, Message)]
        heard = [item for item in messages if item.role == 'user']
        occasion = Occasion(
            now=self._now(),
            random=self._random,
            heard=[item.text for item in heard[:-1]],
            said=[item.text for item in messages if item.role == 'assistant'],
            has_instructions=bool(prompt.instructions.strip()),
            sees_picture=bool(heard) and any(part.kind == 'input_image' for part in heard[-1].content),
        )
        return reply(heard[-1].text if heard else 'hello', occasion)


def _beginning(item: Item) -> Item:
    """The item, or the beginning of a long text, on which the rules would hold up all other calls.

    Images are kept.
    """
    if isinstance(item, Message) and len(item.text) > _LONGEST:
        images = [part for part in item.content if part.kind == 'input_image']
        return Message(item.role, [Part('input_text', item.text[:_LONGEST]), *images], item.status, item.id)
    return item


_LONGEST = 2_000  # characters
