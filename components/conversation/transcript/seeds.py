"""Seeds: the client events that give a new call the earlier conversation."""

from collections.abc import Iterable
from typing import Any

from components.call.items import Speaker

from .turn import Turn

MOST_TURNS = 100  # older turns hardly matter, and each answer costs all its input again
LONGEST_ID = 32  # the service's own limit

PARTS = {Speaker.USER: 'input_text', Speaker.ASSISTANT: 'output_text'}


def seeds(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """Return the `conversation.item.create` events that repeat the conversation, to be sent before the first answer.

    The items keep their ids, so that a transcript recognises them. Turns without words and turns of tools are left out.
    """
    told = [turn for turn in turns if turn.speaker in PARTS and turn.text.strip() and len(turn.item_id) <= LONGEST_ID]
    return [{'type': 'conversation.item.create', 'item': _item(turn)} for turn in told[-MOST_TURNS:]]


def _item(turn: Turn) -> dict[str, Any]:
    content = [{'type': PARTS[turn.speaker], 'text': turn.text}]
    return {'type': 'message', 'id': turn.item_id, 'role': turn.speaker.value, 'content': content}
