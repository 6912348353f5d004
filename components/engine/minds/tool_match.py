"""Which of the client's functions somebody means, judged by its name and description."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.engine.protocol.session_config import FunctionTool
from components.engine.protocol.wire import Json

from .heard_words import Heard, has, split_name


@dataclass(frozen=True, order=True)
class Match:
    """How well a function fits what was heard. `clear` is enough to call it; `words` counts what was heard of it."""

    clear: bool
    named: int
    words: int


def best_matches(heard: Heard, tools: Sequence[FunctionTool]) -> list[FunctionTool]:
    """The functions that were clearly meant: none, one, or several that fit equally well."""
    matches = [match(heard, tool) for tool in tools]
    best = max((each for each in matches if each.clear), default=None)
    return [tool for tool, each in zip(tools, matches, strict=True) if each == best]


def match(heard: Heard, tool: FunctionTool) -> Match:
    """How well one function fits."""
    name = split_name(tool.name)
    telling = [word for word in name if word not in _COMMON] or name
    named = {word for word in telling if has(heard.words, word)}
    about = {*telling, *_telling(tool.description), *_choices(tool.parameters)}
    said = {word for word in heard.words if word not in _COMMON}
    known = {word for word in said if has(about, word)}
    whole_name = bool(telling) and len(named) == len(set(telling))
    return Match(whole_name or (len(known) > 1 and len(known) * 2 >= len(said)), len(named), len(known))


def _telling(text: str) -> list[str]:
    return [word for word in Heard(text).words if word not in _COMMON][:_MOST_TELLING]


def _choices(parameters: Json) -> list[str]:
    """The words that the parameters name as possible values."""
    properties = parameters.get('properties') if isinstance(parameters, dict) else None
    schemas = list(properties.values()) if isinstance(properties, dict) else []
    values = [schema.get('enum') for schema in schemas if isinstance(schema, dict)]
    return [
        word for each in values if isinstance(each, list) for value in each if isinstance(value, str)
        for word in split_name(value)
    ]  # fmt: skip


# Words that tell nothing about what is meant.
_COMMON_WORDS = """
a about add all an and any are as at be by call can change could create current data do does execute fetch
find for from function get give hello hey hi how i if in info information into invoke is it its know like list
lookup make me my new no not now of ok on or our out perform please query read request retrieve return run set
show some tell that the their them this to today tool up update us use user value want was we what when where
which will with would yes you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_MOST_TELLING = 40  # words of a description that are looked at
