"""Seeds: the client events that tell a new call what was said before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from components.call.items import Speaker

from .call_mark import OlderTold
from .summary import NAMES, Summary
from .turn import Status, Turn

MOST_TURNS = 60
"""Turns that are told word by word. Each answer costs all its input again."""
MOST_LETTERS = 16_000
"""Letters of those turns: about 4,000 tokens, an eighth of what `gpt-realtime` can hold."""
MOST_EXTRACTS, EXTRACT_LETTERS = 60, 140
"""How many of the older turns are told in extracts, and the letters of each."""
MOST_PICTURE_BYTES = 400_000
"""Bytes of all pictures of a seeded conversation together, as `data:` URLs. Older ones are told in words."""

PARTS = {Speaker.USER: 'input_text', Speaker.ASSISTANT: 'output_text', Speaker.SYSTEM: 'input_text'}


@dataclass
class Seeds:
    """The client events that tell a new call the conversation."""

    events: list[dict[str, Any]] = field(default_factory=list)
    """`conversation.item.create` events, to be sent in this order before the first answer."""
    copies: dict[str, str] = field(default_factory=dict)
    """The turns that the items of these events repeat, by the ids of the items."""
    until: str = ''
    """The latest turn, which need not be among them."""
    older_told: OlderTold = ''
    older_summary: str = ''
    """How they tell the older part, and by which summary."""


def new_item_id() -> str:
    """Return an id for an item. The service accepts at most 32 characters."""
    return f'item_{uuid4().hex[:24]}'


def seeds(turns: Sequence[Turn], summary: Summary | None = None, *, new_id: Callable[[], str] = new_item_id) -> Seeds:
    """Tell the conversation: its recent turns word by word, older ones by a summary or in extracts.

    Only what was heard of an interrupted answer is told. The items get ids of their own, since the ids of another
    service may be too long for this one, and an id may only be used once in a session.
    """
    earlier, recent = _divided(turns)
    seeded = Seeds(until=turns[-1].item_id if turns else '')
    if earlier:
        rest = unsummarised(turns, summary)
        text = _extracts(earlier)
        seeded.older_told = 'extracts'
        if summary and len(rest) < len(earlier):
            text = f'This conversation began earlier. A summary of its older part:\n{summary.text}'
            if rest:
                text += f'\n\n{_extracts(rest, "Extracts of what followed, with much left out:")}'
            seeded.older_told, seeded.older_summary = 'summary', summary.text
        seeded.events.append(_event(new_id(), Speaker.SYSTEM, [_text(Speaker.SYSTEM, text)]))
    room = MOST_PICTURE_BYTES
    shown: set[str] = set()
    for turn in reversed(recent):
        if turn.images and (room := room - sum(map(len, turn.images))) >= 0:
            shown.add(turn.item_id)
    for turn in recent:
        item_id = new_id()
        seeded.events.append(_event(item_id, *_told(turn, with_pictures=turn.item_id in shown)))
        seeded.copies[item_id] = turn.item_id
    return seeded


def unsummarised(turns: Sequence[Turn], summary: Summary | None) -> Sequence[Turn]:
    """Return the turns that are too old to be told word by word, and follow the summary."""
    earlier, _ = _divided(turns)
    rest = summary.rest_of(turns) if summary else None
    if rest is None:
        return earlier
    after = {turn.item_id for turn in rest}
    return [turn for turn in earlier if turn.item_id in after]


def _divided(turns: Sequence[Turn]) -> tuple[Sequence[Turn], Sequence[Turn]]:
    """Divide the turns that are worth telling into older and recent ones."""
    told = [turn for turn in turns if turn.known_words or turn.images]
    letters, count = 0, 0
    for turn in reversed(told[-MOST_TURNS:]):
        letters += len(turn.known_words)
        if count and letters > MOST_LETTERS:
            break
        count += 1
    return told[: len(told) - count], told[len(told) - count :]


def _told(turn: Turn, *, with_pictures: bool) -> tuple[Speaker, list[dict[str, str]]]:
    """Return who says it, and its content. Calls of tools are told as notes: the new session may not have the tool."""
    words = turn.known_words
    if turn.speaker is Speaker.TOOL:
        return Speaker.SYSTEM, [_text(Speaker.SYSTEM, f'A tool was used: {words}')]
    content = []
    if turn.images:
        if with_pictures:
            content += [{'type': 'input_image', 'image_url': url} for url in turn.images]
        else:
            words = f'[{len(turn.images)} picture(s), not shown again] {words}'.strip()
    if turn.status is Status.FAILED and turn.speaker is Speaker.ASSISTANT:
        words = f'{words} …'
    if words:
        content.append(_text(turn.speaker, words))
    return turn.speaker, content


def _extracts(
    turns: Sequence[Turn],
    title: str = 'This conversation began earlier. Extracts of its older part, with much left out:',
) -> str:
    """Quote the beginnings of old turns: the first of all, and the latest."""
    kept = MOST_EXTRACTS // 4
    if len(turns) > MOST_EXTRACTS:
        turns = [*turns[:kept], *turns[len(turns) - (MOST_EXTRACTS - kept) :]]
    lines = [f'{NAMES[turn.speaker]}: {_shortened(turn.known_words or "[picture]")}' for turn in turns]
    return '\n'.join([title, *lines])


def _shortened(text: str) -> str:
    text = ' '.join(text.split())
    return text if len(text) <= EXTRACT_LETTERS else f'{text[:EXTRACT_LETTERS].rsplit(" ", 1)[0]} …'


def _text(speaker: Speaker, text: str) -> dict[str, str]:
    return {'type': PARTS[speaker], 'text': text}


def _event(item_id: str, speaker: Speaker, content: list[dict[str, str]]) -> dict[str, Any]:
    item = {'type': 'message', 'id': item_id, 'role': speaker.value, 'content': content}
    return {'type': 'conversation.item.create', 'item': item}
