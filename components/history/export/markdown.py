"""A conversation as Markdown (CommonMark, as GitHub and most editors show it)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.call.items import IMAGE
from components.history.entries import StoredConversation
from components.words.language import Text

from .shown_turn import ShownTurn, break_text, facts, one_line, shown_turns, time_of_day


def markdown(conversation: StoredConversation, text: Text) -> str:
    """Return a conversation as Markdown. The words said are only ever text in it, never a heading, a link or HTML."""
    blocks = [f'# {escape(one_line(conversation.entry.title))}', escape(facts(conversation, text))]
    for turn in shown_turns(conversation, text):
        blocks += _blocks(turn, text)
    return '\n\n'.join(blocks) + '\n'


def escape(words: str) -> str:
    """Escape words so that a reader of the Markdown sees them as they are. Blank lines remain between paragraphs."""
    lines = [_escape_line(line.strip()) for line in re.split(r'\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]', words)]
    paragraphs = '\n'.join(lines).strip('\n')
    return re.sub(r'(?<!\n)\n(?!\n)', '\\\\\n', paragraphs)  # a backslash at the end of a line is a hard break


def _escape_line(line: str) -> str:
    line = re.sub(r'[\x00-\x08\x0e-\x1f\x7f]', '', line)
    line = re.sub(r'[\\`*_{}\[\]<>#|~&$]', r'\\\g<0>', line)
    line = re.sub(r'^[-+=:]', r'\\\g<0>', line)  # lists, rules, headings, definitions
    return re.sub(r'^(\d{1,9})([.)])(?=\s|$)', r'\1\\\2', line)


def _blocks(turn: ShownTurn, text: Text) -> Iterator[str]:
    if turn.before:
        yield '---'
        yield f'*{escape(break_text(turn.before, text))}*'
    when = f' · {time_of_day(turn.at)}' if turn.at is not None else ''
    yield f'**{escape(turn.name)}**{when}'
    for number, url in enumerate(turn.images, 1):
        name = escape(text('chat.picture', number=number, count=len(turn.images)))
        yield f'![{name}]({url})' if IMAGE.fullmatch(url) else name
    if turn.words:
        yield escape(turn.words)
    if turn.note:
        yield f'*({escape(turn.note)})*'
