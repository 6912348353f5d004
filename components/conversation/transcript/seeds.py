"""The conversation so far, told to a new call."""

from collections.abc import Iterable
from typing import Any

from components.call.items import Speaker

from .turn import Turn

MOST_TURNS = 100  # what was said before is hardly still of use, and every answer costs its whole past again
LONGEST_ID = 32  # the service's own limit

PARTS = {Speaker.USER: 'input_text', Speaker.ASSISTANT: 'output_text'}


def seeds(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """Return the `conversation.item.create` events that tell a service who said what, to be sent before it answers.

    The items keep their ids, so that a transcript knows them again. What has no words is left out, and so is what
    tools did.
    """
    told = [turn for turn in turns if turn.speaker in PARTS and turn.text.strip() and len(turn.item_id) <= LONGEST_ID]
    return [{'type': 'conversation.item.create', 'item': _item(turn)} for turn in told[-MOST_TURNS:]]


def _item(turn: Turn) -> dict[str, Any]:
    content = [{'type': PARTS[turn.speaker], 'text': turn.text}]
    return {'type': 'message', 'id': turn.item_id, 'role': turn.speaker.value, 'content': content}
