"""Reads a sentence of Markdown as plain words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .formulas import replace_formulas


def plain_text(text: str, *, english: bool) -> str:
    """Return the words of a sentence without Markdown, emoji and addresses.

    Formulas become words if the sentence is `english`; else they are left out.
    """
    if _NO_WORDS.fullmatch(text):
        return ''
    text = _STAR_BETWEEN_NUMBERS.sub('×', _without_symbols(text[:_LONGEST]))
    blocks = _blocks(_parser().parse(replace_formulas(text, english=english).strip()))
    return _without_marks(' '.join(filter(None, blocks)))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text of each block. A heading, an item of a list and a row of a table end like a sentence."""
    number = ''
    closed = False
    for token in tokens:
        if token.type == 'list_item_open':
            number, closed = f'{token.info}. ' if token.info else '', True
        elif token.type == 'heading_open':
            closed = True
        elif token.type == 'inline':
            words = ' '.join(''.join(_inline(token.children or [])).split())
            if '|' in words:
                words, closed = ', '.join(cell for cell in re.split(r'[\s|]*\|[\s|]*', words) if cell), True
            yield f'{number}{words}' + ('.' if closed and words and words[-1].isalnum() else '')
            number, closed = '', False


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case 'text':
                yield token.content
            case 'code_inline':
                yield code_in_words(token.content)
            case 'softbreak' | 'hardbreak':
                yield ' '
            case 'html_inline':
                yield ' ' if token.content.lower().startswith('<br') else ''
            case 'image':
                yield from _inline(token.children or [])


def code_in_words(code: str) -> str:
    """Return the words of a code span, such as 'get weather' for `getWeather()`."""
    words = re.sub(r'(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_', ' ', code)
    return re.sub(r'\(\)|:+|[`{}\[\]();<>|\\"\'^~$*#]|(?<!\w)-+(?=[^\W\d])', ' ', words)


def _without_symbols(text: str) -> str:
    """Leave out emoji, control and invisible characters. Letters in mathematical type faces become plain ones."""
    return _KEYCAP.sub('', ''.join(map(_character, text)))


@cache
def _character(char: str) -> str:
    category = unicodedata.category(char)
    if '\U0001d400' <= char <= '\U0001d7ff':
        return unicodedata.normalize('NFKC', char)
    if char in '\t\n\r' or category in ('Zl', 'Zp', 'Zs'):
        return '\n' if char in '\n\r\u2028\u2029' else ' '
    if category[0] == 'C':
        return char if char in '\u200c\u200d' else ''  # joiners belong to the spelling of Persian and Hindi words
    if (category == 'So' and char not in '°℃℉') or '\U0001f3fb' <= char <= '\U0001f3ff':
        return ' '
    return char


def _without_marks(text: str) -> str:
    """Leave out marks without a partner, addresses and notes. Words of an identifier are separated."""
    for pattern, replacement in _LEFTOVERS:
        text = pattern.sub(replacement, text)
    return ' '.join(text.split())


@cache
def _parser() -> MarkdownIt:
    # Sentences come one by one, with the indentation of their list, so that indented code cannot be told.
    rules = ['code', 'lheading', 'html_block', 'reference', 'fence']
    return MarkdownIt('commonmark').disable(rules)


_LONGEST = 2000  # characters
_NO_WORDS = re.compile(r'[\s|:=+*_\-]*|\s*\[[^\]\n]+\]:\s*\S*/\S*[^\n]*')  # a line of a table, or the address of a link
_STAR_BETWEEN_NUMBERS = re.compile(r'(?<=\d)\*(?=\d)')
_KEYCAP = re.compile('[\ufe0e\ufe0f\u20e3]|(?<!\\w)[\u200c\u200d]|[\u200c\u200d](?!\\w)')
_LEFTOVERS = [
    (re.compile(r'\[\^[^\]\s]*\]|(?<=\S)\s?\[\d+(?:[,–-]\s?\d+)*\]|【[^】]*】'), ''),  # footnotes and sources
    (
        re.compile(r'\bhttps?://(?:www\.)?([^/\s?#:()<>"]+)[^\s()<>"]*?(?=[.,;:!?]*(?:[\s()<>"]|$))', re.IGNORECASE),
        r'\1',
    ),
    (re.compile(r'(?<![\w:;])[:;][-o]?[)(DPp](?!\w)'), ''),  # emoticons
    (re.compile(r'\b([a-z]{2,})(?=[A-Z][a-z])'), r'\1 '),  # camelCase, but neither iPhone nor JavaScript
    (re.compile(r'(?<=[\w°])[\[{](?=\w)'), ' '),
    (re.compile(r'~+(?!\d)|\$\$+|\*+|`+|_+|\\|[\[\]{}]|(?<!\w)#+(?!\d)|^\s*>+'), ' '),
    (re.compile(r'^\s*[-+•◦‣–]\s+'), ''),
    (re.compile(r'\s+(?=[,.;:!?](?:\s|$)|[，。！？；：、])'), ''),
]
