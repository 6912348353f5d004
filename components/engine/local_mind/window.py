"""The part of a conversation that fits into a model's context."""

import json
import math
from dataclasses import replace

from components.engine.minds.mind import Prompt
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Item, Message


def within(prompt: Prompt, budget: int, *, scale: float = 1.0) -> Prompt:
    """Return the prompt without its oldest turns if it would have more than `budget` tokens.

    The instructions, the tools and the newest turn stay in any case. Turns go in groups of a quarter of the budget, so
    that most prompts begin as the one before, of which the model has kept its work.

    Args:
        prompt: The whole conversation.
        budget: Tokens that the prompt may have.
        scale: Corrects the estimates: how many tokens of the model one estimated token was.
    """
    sizes = [scale * _item_tokens(item) for item in prompt.items]
    excess = scale * _fixed_tokens(prompt) + sum(sizes) - budget
    if excess <= 0:
        return prompt
    group = budget / 4
    least = math.ceil(excess / group) * group
    turns = [index for index, item in enumerate(prompt.items) if isinstance(item, Message) and item.role == 'user']
    begin, dropped = 0, 0.0
    for turn in turns:
        dropped += sum(sizes[begin:turn])
        begin = turn
        if dropped >= least:
            break
    return replace(prompt, items=prompt.items[begin:])


def tokens(prompt: Prompt) -> float:
    """Estimate the tokens of a prompt, rather too many than too few."""
    return _fixed_tokens(prompt) + sum(_item_tokens(item) for item in prompt.items)


def _fixed_tokens(prompt: Prompt) -> float:
    texts = [prompt.instructions, *(json.dumps(tool.wire()) for tool in prompt.tools)]
    return sum(_text_tokens(text) for text in texts)


def _item_tokens(item: Item) -> float:
    match item:
        case Message():
            return _text_tokens(item.text)
        case FunctionCall():
            return _text_tokens(item.name + item.arguments)
        case FunctionCallOutput():
            return _text_tokens(item.output)
    return 0.0


def _text_tokens(text: str) -> float:
    """A token has four to five bytes of English and, in models that know the language, about three of Chinese."""
    return len(text.encode()) / 3 + _TOKENS_AROUND


_TOKENS_AROUND = 8  # which a chat template puts around a message
