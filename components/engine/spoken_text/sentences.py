"""Cuts a stream of text into sentences, so that the first is spoken while the next ones are still being made."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal['prose', 'code']


@dataclass(frozen=True)
class Cut:
    """A sentence, or a line of a code block, as it was written. White space before it belongs to it."""

    text: str
    kind: Kind = 'prose'


class SentenceCutter:
    """Takes text in pieces of any size and returns sentences as soon as they are complete; joined, they are the text.

    The cuts do not depend on the pieces. Markdown that must not be cut stays together: links, code spans and formulas.
    """

    def __init__(self) -> None:
        self._text = ''
        self._fence = ''  # that of the code block that is open

    def feed(self, piece: str) -> list[Cut]:
        """Take more text. Return the sentences that are complete now."""
        self._text += piece
        cuts = []
        while cut := self._next():
            cuts.append(cut)
            self._text = self._text[len(cut.text) :]
        return cuts

    def flush(self) -> list[Cut]:
        """Return the unfinished sentence at the end of the text, if any."""
        rest, self._text = self._text, ''
        kind: Kind = 'code' if self._fence or _opening(rest) else 'prose'
        self._fence = ''
        return [Cut(rest, kind)] if rest else []

    def _next(self) -> Cut | None:
        if self._fence:
            return self._next_code()
        if fence := _opening(self._text):
            if end := _line_end(self._text):
                self._fence = fence
                return Cut(self._text[:end], 'code')
            return None
        end = _sentence_end(self._text)
        return Cut(self._text[:end]) if end else None

    def _next_code(self) -> Cut | None:
        end = _line_end(self._text)
        if not end:
            return None
        line = self._text[:end].strip('> \t\n')
        if line.startswith(self._fence) and not line.strip(self._fence[0]):
            self._fence = ''
        return Cut(self._text[:end], 'code')


def _opening(text: str) -> str:
    """The fence that begins a code block in the first line of a text; '' if there is none, or not for certain yet."""
    found = _FENCE.match(text)
    if not found or (found['marks'][0] == '`' and '`' in found['info']):
        return ''
    return found['marks']


def _line_end(text: str) -> int:
    """The end of the first line that is not blank, before its line break; 0 if that is not known yet."""
    found = re.match(r'\s*\S[^\n]*(?=\n)', text)
    return found.end() if found else 0


def _sentence_end(text: str) -> int:
    """The end of the first sentence, 0 if that is not known yet."""
    start = 0
    for longest in (_LONGEST, _LONGEST_FORMULA):
        for found in _END.finditer(text[: longest + 1], start):
            if not _NO_END.search(text, 0, found.end()) and not _is_open(text[: found.end()], text[found.end()]):
                return found.end()
        if len(text) <= longest:
            return 0
        if not _has_open_formula(text[:longest]):
            break
        start = longest
    return max(text.rfind(mark, 1, longest) for mark in ' ,;:，、；：') + 1 or longest


def _is_open(text: str, following: str) -> bool:
    """Whether a text ends within Markdown that continues behind it."""
    if _has_open_formula(text):
        return True
    if following == '\n':
        return False
    code = _CODE_SPAN.sub('', text)
    return '`' in code or bool(_OPEN_LINK.search(code))


def _has_open_formula(text: str) -> bool:
    """Whether a text ends within a formula that may take several lines. A blank line ends it in any case."""
    rest = _CODE_SPAN.sub('', text).rpartition('\n\n')[2]
    return bool(_OPEN_FORMULA.search(_FORMULA.sub('', rest)))


_FENCE = re.compile(r'\s*(?:>[ \t]*)*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*)')
_CODE_SPAN = re.compile(r'(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)')
_OPEN_LINK = re.compile(r'\[[^\[\]\n]*$|\]\([^()\s]*$')
_FORMULA = re.compile(r'\$\$(?!\$).+?\$\$|\\\[.+?\\\]', re.DOTALL)
_OPEN_FORMULA = re.compile(r'(?<![\w$\\])\$\$(?!\$)|(?<!\\)\\\[')
_CLOSING = r'"\'”’»)\]」』）】*_'
_END = re.compile(
    rf'[.!?…]+[{_CLOSING}]*(?=\s)'  # the space distinguishes a full stop from a decimal point
    rf'|[。！？…]+[{_CLOSING}]*(?=[^{_CLOSING}。！？….!?])'  # Chinese and Japanese put no space
    r'|(?<=\S)(?=\n)'
    r'|(?<=[^\s`])(?=[ \t]*```)'  # code that begins in the middle of a line
)
# A full stop that ends no sentence: of an abbreviation, an initial, or a number in front of a line.
_NO_END = re.compile(
    r'(?:\b(?i:mr|mrs|ms|dr|prof|st|vs|approx|fig|pp?|vol|e\.g|i\.e|cf|et al|[ap]\.m|z\.b|d\.h|bzw|ca|nr|sra?)'
    r'|(?<=\w )No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|\b(?!I\b)[A-Z]|^\s*\d+)\.\Z'
)
_LONGEST = 300  # characters; some 20 seconds of speech
_LONGEST_FORMULA = 1000  # characters
