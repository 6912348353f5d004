"""Finds the client's function that a sentence means, by its name and description."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.engine.protocol.tools import FunctionTool

from .heard_words import has, split_name, split_text, stem
from .tool_parameters import read_parameters


@dataclass(frozen=True, order=True)
class Match:
    """How well a function fits a sentence.

    `clear` is enough to call it. `named` counts the words of its name that were heard, `words` all words about it.
    """

    clear: bool
    named: int
    words: int


def best_matches(heard: str, tools: Sequence[FunctionTool]) -> list[FunctionTool]:
    """Return the functions that were clearly meant: none, one, or several that fit equally well."""
    matches = [match(heard, tool) for tool in tools]
    best = max((each for each in matches if each.clear), default=None)
    return [tool for tool, each in zip(tools, matches, strict=True) if each == best]


def match(heard: str, tool: FunctionTool) -> Match:
    """Judge how well one function fits."""
    words, name = split_text(heard), split_name(tool.name)
    telling = {word for word in name if word not in _COMMON} or {*name}
    named = {word for word in telling if has(words, word)}
    choices = [
        word for each in read_parameters(tool.parameters) for choice in each.choices for word in split_text(choice)
    ]
    about = {stem(word) for word in [*split_text(tool.description), *choices] if word not in _COMMON}
    said = {word for word in words if word not in _COMMON}
    known = {word for word in said if stem(word) in about or has(telling, word)}
    whole_name = bool(telling) and named == telling
    return Match(whole_name or (len(known) > 1 and len(known) * 2 >= len(said)), len(named), len(known))


# Words without meaning for the match.
_COMMON_WORDS = """
a about add all an and any are as at be by call can change could create current data do does execute fetch
find for from function get give hello hey hi how i if in info information into invoke is it its know like list
lookup make me my new no not now of ok on or our out perform please query read request retrieve return run set
show some tell that the their them this to today tool up update us use user value want was we what when where
which will with would yes you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
