"""Leaves reasoning out of answers: many models write it into them, between tags."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal, TypeAlias

from .mind import CallPiece, CutShort, Piece


class Reasoning:
    """Leaves reasoning out of the answers of one mind.

    Some chat templates write the opening tag for the model, so an answer begins with reasoning and has its closing tag
    only. The text that was passed on by then cannot be taken back. To prevent that, the text of two kinds of answers is
    held back until the tag, or the end, has come: of those that begin with the words of reasoning, and of all that
    follow an answer like this.
    """

    def __init__(self) -> None:
        self._begins_inside = False

    async def left_out(self, pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
        """Yield the pieces of an answer without its reasoning. Closing this closes `pieces`."""
        said = ReasoningFilter(begins_inside=self._begins_inside)
        cut: CutShort | None = None
        async with aclosing(pieces):
            try:
                async for piece in pieces:
                    if isinstance(piece, CallPiece):
                        yield piece
                    elif text := said.feed(piece):
                        yield text
            except CutShort as problem:
                cut = problem
        if text := said.flush():
            yield text
        self._begins_inside = said.began_inside
        if cut:
            raise cut


class ReasoningFilter:
    """Passes text on in pieces of any size, without reasoning, its tags, and white space before the first word.

    With `begins_inside`, the text up to the first closing tag is reasoning, unless there is none.

    Attributes:
        began_inside: Whether the answer began with reasoning that had no opening tag.
    """

    def __init__(self, *, begins_inside: bool = False) -> None:
        self.began_inside = False
        self._state: _State = 'held' if begins_inside else 'beginning'
        self._text = ''  # that is not decided about
        self._previous = ''  # the character before it
        self._held = ''  # the name of a channel, or a beginning that may be reasoning
        self._reasoned = False
        self._begun = False

    def feed(self, piece: str) -> str:
        """Take the next piece of text. Return what is known to be no reasoning and was not returned before."""
        self._text += piece
        if self._state == 'beginning':
            self._state = self._judge_beginning()
        if self._state == 'beginning':
            return ''
        said, searched = '', 0
        while found := _TAG.search(self._text, searched):
            if self._is_quoted(found):
                searched = found.end()
                continue
            said += self._take(self._text[: found.start()], found[0].lower())
            self._text, searched = self._text[found.end() :], 0
        kept = self._undecided()
        said += self._take(self._text[: len(self._text) - kept])
        self._text = self._text[len(self._text) - kept :]
        return self._trimmed(said)

    def flush(self) -> str:
        """Return the text that was held back, as nothing follows."""
        rest, self._text = self._held + self._text if self._state == 'held' else self._text, ''
        hidden = self._state in ('thinking', 'header', 'hidden channel')
        self._held = ''
        return '' if hidden else self._trimmed(rest)

    def _judge_beginning(self) -> '_State':
        beginning = ' '.join(re.sub(r'[,.!]', '', self._text).lower().split())
        if beginning.startswith(_THOUGHTS):
            return 'held'
        return 'beginning' if any(thought.startswith(beginning) for thought in _THOUGHTS) else 'answer'

    def _take(self, text: str, tag: str = '') -> str:
        """Take a text, and the tag behind it. Return what belongs to the answer."""
        said = text if self._state == 'answer' else ''
        if said:
            self._previous = said[-1]
        if self._state in ('held', 'header'):
            self._held += text
        if tag:
            said += self._enter(tag)
        return said

    def _enter(self, tag: str) -> str:
        """Change the state as a tag says. Return the tag if it is none after all."""
        if self._state == 'thinking':
            if tag in _ENDS:
                self._state = 'answer'
        elif tag in _CHANNELS:
            self._state, self._held = 'header', ''
        elif tag == '<|message|>':
            hidden = re.search(r'analysis|\bto=', self._held) if self._state == 'header' else None
            self._state, self._held = ('hidden channel' if hidden else 'answer'), ''
        elif tag in _BEGINS:
            self._state, self._reasoned = 'thinking', True
        elif tag in _ENDS:
            self.began_inside = self.began_inside or not self._reasoned
            self._state, self._reasoned, self._held = 'answer', True, ''
        elif tag in _WRAPPERS and not self._reasoned:
            return tag
        elif self._state == 'hidden channel':
            self._state = 'answer'
        return ''

    def _is_quoted(self, found: re.Match[str]) -> bool:
        """Whether a tag stands in a code span, so that it is what the answer is about."""
        before = self._text[found.start() - 1] if found.start() else self._previous
        return before == '`' and self._state == 'answer'

    def _undecided(self) -> int:
        """Count the characters at the end that may be the beginning of a tag."""
        ending = self._text[-_LONGEST_TAG:].lower()
        return next((size for size in range(len(ending), 0, -1) if ending[-size:] in _BEGINNINGS), 0)

    def _trimmed(self, text: str) -> str:
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text


_State: TypeAlias = Literal['beginning', 'held', 'answer', 'thinking', 'header', 'hidden channel']

_NAMES = ('think', 'thinking', 'thought', 'thoughts', 'reasoning', 'reason', 'reflection', 'seed:think')
_PAIRS = {
    **{f'<{name}>': f'</{name}>' for name in _NAMES},
    '[think]': '[/think]',  # Mistral
    '◁think▷': '◁/think▷',  # Kimi
    '<|start_thinking|>': '<|end_thinking|>',  # Cohere
    '<|begin_of_thought|>': '<|end_of_thought|>',
    '<|channel>': '<channel|>',  # Gemma
}
_BEGINS, _ENDS = frozenset(_PAIRS), frozenset(_PAIRS.values())
_CHANNELS = ('<|channel|>', '<|start|>')  # of OpenAI's format "harmony": <|channel|>analysis<|message|>…<|end|>
_WRAPPERS = ('<answer>', '</answer>', '<response>', '</response>')
_TOKENS = (
    *('<|end|>', '<|return|>', '<|call|>', '<|im_end|>', '<|eot_id|>'),
    *('<|start_response|>', '<|end_response|>', '<|begin_of_solution|>', '<|end_of_solution|>'),
)
_TAGS = (*_BEGINS, *_ENDS, *_CHANNELS, '<|message|>', *_WRAPPERS, *_TOKENS)
_TAG = re.compile('|'.join(map(re.escape, _TAGS)), re.IGNORECASE)
_LONGEST_TAG = max(map(len, _TAGS))
_BEGINNINGS = frozenset(tag[:size] for tag in _TAGS for size in range(1, len(tag)))
_THOUGHTS = tuple(
    f'{opener}the user {verb}'
    for opener in ('', 'okay ', 'okay so ', 'ok ', 'ok so ', 'alright ', 'alright so ', 'so ', 'hmm ', 'first ')
    for verb in ('is ', 'wants ', 'asks ', 'asked ', 'said ', 'says ', 'just ', 'has ')
)
