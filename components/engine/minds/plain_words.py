"""Turns the output of a function into a plain sentence."""

import json
import textwrap

from components.engine.protocol.wire import Json

from .heard_words import split_name


def in_plain_words(output: str) -> str:
    """Return the output of a function as a sentence to be spoken. JSON is read out with the names of its values."""
    try:
        value: Json = json.loads(output)
    except (ValueError, RecursionError):
        return _sentence(output)
    if isinstance(value, dict) and (problem := value.get('error')):
        return _sentence(f'That did not work: {_phrase(problem, _DEEPEST)}')
    if isinstance(value, dict) and value and _SUCCESS.issuperset(value):
        return _sentence('That is done' if all(value.values()) else 'That did not work')
    return _sentence('' if value is None else _phrase(value, _DEEPEST))


def _phrase(value: Json, depth: int) -> str:
    match value:
        case None:
            return 'nothing'
        case bool():
            return 'yes' if value else 'no'
        case str():
            return value
        case int() | float():
            return str(value)
        case list():
            return _joined([_phrase(each, depth - 1) for each in value[:_MOST]] if depth else []) or 'nothing'
        case _:
            parts = list(value.items())[:_MOST] if depth else []
            return _joined([f'{_name(name)} is {_phrase(each, depth - 1)}' for name, each in parts]) or 'nothing'


def _joined(phrases: list[str]) -> str:
    *others, last = phrases or ['']
    return f'{", ".join(others)} and {last}' if others else last


def _name(name: str) -> str:
    return f'the {" ".join(split_name(name)) or name}'


def _sentence(text: str) -> str:
    text = textwrap.shorten(text, _LONGEST, placeholder=' and so on')
    if not text:
        return 'That is done.'
    return f'{text[0].upper()}{text[1:]}' + ('' if text[-1] in '.!?…。！？' else '.')


_SUCCESS = frozenset(('ok', 'success', 'succeeded', 'done'))
_DEEPEST = 3
_MOST = 8
_LONGEST = 500  # characters
