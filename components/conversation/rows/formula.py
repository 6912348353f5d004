"""Formulas in LaTeX as a tree of the elements of MathML, which browsers show and screen readers read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin

from .node import Node

LONGEST = 1000
"""Characters of a formula; the source of a longer one is shown as code."""
DEEPEST = 30
"""Levels of a formula; the source of a deeper one is shown as code."""
DISPLAYED = re.compile(r'\\\[(.+?)\\\]', re.DOTALL)

ELEMENTS = {
    *('math', 'mrow', 'mi', 'mn', 'mo', 'mtext', 'mspace', 'msup', 'msub', 'msubsup', 'mfrac', 'msqrt', 'mroot'),
    *('mover', 'munder', 'munderover', 'mtable', 'mtr', 'mtd', 'mstyle', 'mpadded', 'mphantom'),
}
ATTRIBUTES = {
    *('display', 'mathvariant', 'stretchy', 'fence', 'form', 'accent', 'linethickness', 'columnalign', 'width'),
    *('lspace', 'rspace', 'minsize', 'maxsize', 'movablelimits', 'displaystyle', 'scriptlevel'),
}
"""Attributes that only arrange a formula: none that links, loads or styles anything."""


def recognise_formulas(parser: MarkdownIt) -> None:
    r"""Let a parser of Markdown find formulas between `$` and `$`, `$$` and `$$`, `\(` and `\)`, `\[` and `\]`."""
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    texmath_plugin(parser, delimiters='brackets')
    parser.inline.ruler.before('escape', 'displayed_formula', _displayed_formula)


def formula(latex: str, *, is_block: bool) -> Node:
    """Return the element of a formula, or its source as code if it is none that is understood."""
    latex = latex.strip()
    if len(latex) <= LONGEST:
        try:
            node = _node(convert_to_element(latex, display='block' if is_block else 'inline'), DEEPEST)
        except Exception:  # its errors have no common class, and what it was given may be anything
            node = None
        if isinstance(node, Node):
            return node
    return Node('code', (latex,))


def _displayed_formula(state: StateInline, silent: bool) -> bool:
    r"""A rule of markdown-it: what stands between `\[` and `\]` in the middle of a paragraph is a formula."""
    match = DISPLAYED.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push('math_inline_double', 'math', 0).content = match[1]
    state.pos = match.end()
    return True


def _node(element: Element, levels: int) -> Node | str:
    """Return an element as a node: one that is unknown here as its text. Raises RecursionError if it is too deep."""
    if not levels:
        raise RecursionError
    children = (unescape(element.text or ''), *(_node(child, levels - 1) for child in element))
    shown = tuple(child for child in children if child)
    if element.tag not in ELEMENTS:
        return ''.join(_texts(shown))
    attributes = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
    return Node(element.tag, shown, attributes=attributes)


def _texts(children: tuple[Node | str, ...]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        else:
            yield from _texts(child.children)
