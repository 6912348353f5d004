"""Markdown as a tree of the few elements that the chat shows. No HTML of anybody else's ever reaches the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from .formula import formula, recognise_formulas
from .node import Node

LONGEST = 10_000
"""Characters of a text that is formatted, 1,700 words. The parser needs up to half a second for the worst of these."""
DEEPEST = 20
"""Levels of a text that is formatted; a deeper one stays plain."""
SCHEMES = {'http', 'https', 'mailto'}
MARKS = re.compile(r'[*_`~#\[<|$]|\\[([]|https?://|^\s*(?:[-+>]|\d+[.)])\s|^[-=]{2,}\s*$', re.MULTILINE)
"""Matches every text in Markdown that looks different from plain text, and some plain texts."""

TAGS = {
    'paragraph': 'p',
    'bullet_list': 'ul',
    'ordered_list': 'ol',
    'list_item': 'li',
    'blockquote': 'blockquote',
    'hr': 'hr',
    'table': 'table',
    'thead': 'thead',
    'tbody': 'tbody',
    'tr': 'tr',
    'th': 'th',
    'td': 'td',
    'strong': 'strong',
    'em': 'em',
    's': 's',
    'softbreak': 'br',
    'hardbreak': 'br',
}
"""The elements of the types of nodes that need nothing but their children. Headings, code and links follow below."""


def formatted(text: str) -> tuple[Node, ...]:
    """Return the elements of a text in Markdown; none if it looks the same as plain text."""
    if len(text) > LONGEST or not MARKS.search(text):
        return ()
    tokens = _parser().parse(text)
    if _depth(tokens) > DEEPEST:
        return ()
    blocks = _children(SyntaxTreeNode(tokens))
    nodes = tuple(block if isinstance(block, Node) else Node('p', (block,)) for block in blocks)
    return () if all(map(_is_plain, nodes)) else nodes


def _depth(tokens: Sequence[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth + _depth(token.children or ()))
    return deepest


def _is_plain(node: Node) -> bool:
    return node.tag == 'p' and all(isinstance(child, str) or child.tag == 'br' for child in node.children)


def _of(node: SyntaxTreeNode) -> Iterator[Node | str]:
    """The elements of a node, or its text: also of a kind that is unknown here."""
    match node.type:
        case 'heading':
            level = min(int(node.tag[1]) + 2, 6)  # the page has headings of its own
            yield Node(f'h{level}', _children(node))
        case 'fence' | 'code_block':
            yield Node('pre', (node.content.removesuffix('\n'),))
        case 'code_inline':
            yield Node('code', (node.content,))
        case 'math_inline' | 'math_inline_double' | 'math_block':
            yield formula(node.content, is_block=node.type != 'math_inline')
        case 'link' | 'image':  # pictures are not loaded: their server would learn of the reader
            yield from _link(node)
        case 'ordered_list':
            yield Node('ol', _children(node), start=int(node.attrs.get('start', 1)))
        case 'th' | 'td':
            yield Node(node.type, _children(node), align=str(node.attrs.get('style', '')).removeprefix('text-align:'))
        case 'inline':
            yield from _children(node)
        case 'paragraph' if node.hidden:  # in a list without space between its items
            yield from _children(node)
        case kind if kind in TAGS:
            yield Node(TAGS[kind], _children(node))
        case _:
            yield node.content


def _children(node: SyntaxTreeNode) -> tuple[Node | str, ...]:
    return tuple(element for child in node.children for element in _of(child))


def _link(node: SyntaxTreeNode) -> Iterator[Node | str]:
    href = str(node.attrs.get('href') or node.attrs.get('src') or '')
    words = _children(node) or (href,)
    if urlsplit(href).scheme.lower() in SCHEMES:
        yield Node('a', words, href=href)
    else:
        yield from words


@cache
def _parser() -> MarkdownIt:
    # what is deeper than `maxNesting` would be left out
    parser = MarkdownIt('commonmark', {'html': False, 'linkify': True, 'maxNesting': 2 * DEEPEST})
    parser.enable(['table', 'strikethrough', 'linkify'])
    recognise_formulas(parser)
    assert parser.linkify
    parser.linkify.set({'fuzzy_link': False, 'fuzzy_email': False})  # only what begins with https://
    return parser
