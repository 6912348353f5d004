"""A conversation as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.history.entries import StoredConversation
from components.words.language import Text

from .shown_turn import ShownTurn, break_text, facts, one_line, shown_turns, time_of_day

INDENT = '    '
"""Stands before all lines of a turn but its first, so that no words can look like another turn."""


def plain_text(conversation: StoredConversation, text: Text) -> str:
    """Return a conversation as plain text, one paragraph for each turn."""
    blocks = ['\n'.join([one_line(conversation.entry.title), facts(conversation, text)])]
    for turn in shown_turns(conversation, text):
        blocks += _blocks(turn, text)
    return '\n\n'.join(blocks) + '\n'


def _blocks(turn: ShownTurn, text: Text) -> Iterator[str]:
    if turn.before:
        yield f'--- {break_text(turn.before, text)} ---'
    when = f'[{time_of_day(turn.at)}] ' if turn.at is not None else ''
    pictures = f'[{_pictures(turn, text)}]' if turn.images else ''
    note = f'({turn.note})' if turn.note else ''
    said = ' '.join(filter(None, [pictures, turn.words, note]))
    lines = re.sub(r'[^\S\n]+', ' ', re.sub(r'[\x00-\x08\x0e-\x1f\x7f]', '', '\n'.join(said.splitlines()))).split('\n')
    yield f'\n{INDENT}'.join([f'{when}{turn.name}: {lines[0]}', *lines[1:]])


def _pictures(turn: ShownTurn, text: Text) -> str:
    return text('chat.one_picture') if len(turn.images) == 1 else text('chat.pictures', count=len(turn.images))
