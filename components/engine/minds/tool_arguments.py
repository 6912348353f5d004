"""Fills the parameters of a function from what was heard, as its JSON schema wants them. Nothing is guessed."""

import re
from collections.abc import Collection, Mapping

from components.engine.protocol.wire import Json, JsonObject

from .heard_words import Heard, alike, split_name
from .number_talk import SpokenNumber, numbers
from .string_arguments import find_string, whole_answer
from .tool_schema import Schema


class MissingError(Exception):
    """A required parameter was not heard."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name)
        self.name = name
        self.schema = schema


def arguments(schema: Schema, heard: Heard, answers: Mapping[str, Heard]) -> JsonObject:
    """The arguments. `answers` are what the user said when asked for the parameters of these names.

    Raises MissingError.
    """
    spoken = _share_numbers(schema, heard, answers)
    found: JsonObject = {}
    for name, wanted in schema.properties.items():
        value: Json = None
        if name in answers:
            value = _answer(wanted, answers[name])
        elif wanted.numeric:
            value = spoken.get(name)
        elif wanted.kind == 'object':
            value = _parts(wanted, heard, answers, required=name in schema.required)
        else:
            value = _find(name, wanted, heard)
        if value is None and name in schema.required:
            value = wanted.default
        if value is not None and wanted.fits(value):
            found[name] = value
        elif name in schema.required:
            raise MissingError(name, wanted)
    return found


def _find(name: str, schema: Schema, heard: Heard) -> Json:
    """A value that is no number and no object; None where none was heard."""
    words, description = split_name(name), Heard(schema.description).words
    if schema.choices:
        return _one([*_choices(schema, heard)])
    if schema.kind == 'boolean':
        return _flag(words, heard)
    if schema.kind == 'array' and schema.items:
        return _listed(schema.items, find_string(heard, words, description), heard)
    return find_string(heard, words, description, format=schema.format) if schema.kind == 'string' else None


def _answer(schema: Schema, heard: Heard) -> Json:
    if schema.numeric:
        return _one([_number(schema, each, heard, '') for each in numbers(heard.words)])
    if schema.choices:
        return _one(_choices(schema, heard))
    if schema.kind == 'boolean':
        said = {word in _YES for word in heard.words if word in _YES | _NO}
        return said.pop() if len(said) == 1 else None
    if schema.kind == 'array' and schema.items:
        return _listed(schema.items, whole_answer(heard), heard)
    if schema.format:
        return find_string(heard, [], [], format=schema.format) or whole_answer(heard)
    return whole_answer(heard) if schema.kind == 'string' else None


def _parts(schema: Schema, heard: Heard, answers: Mapping[str, Heard], *, required: bool) -> Json:
    try:
        return arguments(schema, heard, answers) or ({} if required else None)
    except MissingError:
        if required:
            raise
        return None


def _listed(items: Schema, text: str | None, heard: Heard) -> Json:
    if items.numeric:
        values: list[Json] = [_number(items, each, heard, '') for each in numbers(heard.words)]
    elif items.choices:
        values = _choices(items, heard)
    else:
        values = [each.strip() for each in re.split(r',|\band\b', text or '') if each.strip()]
    return values or None


def _choices(schema: Schema, heard: Heard) -> list[Json]:
    """All choices that were heard; not those that are only a part of another ('light' of 'light blue')."""
    values = [value for value in schema.choices if isinstance(value, str)]
    phrases = {value: Heard(value.replace('_', ' ')).words for value in values}
    found = [value for value in values if heard.find(phrases[value]) is not None]
    return [
        value
        for value in found
        if not any(set(phrases[value]) < set(phrases[other]) for other in found if other != value)
    ]


def _flag(name: list[str], heard: Heard) -> bool | None:
    telling = [word for word in name if word not in _SWITCHES]
    if (at := heard.find(telling)) is not None:
        after = at + len(telling)
        return not _NOT.intersection([*heard.words[max(at - 3, 0) : at], *heard.words[after : after + 1]])
    if len(telling) == len(name):
        return None
    off, on = 'off' in heard.words, 'on' in heard.words and not _TURN.isdisjoint(heard.words)
    return on if on != off else None


def _share_numbers(schema: Schema, heard: Heard, answers: Collection[str]) -> dict[str, int | float]:
    """Which number is for which parameter: by the words beside it, else in order where the count is right."""
    rest = [each for each in numbers(heard.words) if 'or' not in _around(each, heard)]  # one or the other is neither
    open = {name: each for name, each in schema.properties.items() if each.numeric and name not in answers}
    shared: dict[str, int | float] = {}
    for name, wanted in list(open.items()):
        for each in rest:
            if _beside(each, heard, [*split_name(name)]):
                shared[name] = _number(wanted, each, heard, name)
                rest.remove(each)
                del open[name]
                break
    needed = [name for name in open if name in schema.required] or [*open]
    if len(needed) == len(rest):
        shared |= {name: _number(open[name], each, heard, name) for name, each in zip(needed, rest, strict=True)}
    return shared


def _around(number: SpokenNumber, heard: Heard) -> list[str]:
    return [*heard.words[max(number.start - 1, 0) : number.start], *heard.words[number.end : number.end + 1]]


def _beside(number: SpokenNumber, heard: Heard, name: list[str]) -> bool:
    before = [word for word in heard.words[max(number.start - 3, 0) : number.start] if word not in _FILLING][-1:]
    beside = [*before, *heard.words[number.end : number.end + 1]]
    return any(alike(word, each) for word in beside for each in name)


def _number(schema: Schema, number: SpokenNumber, heard: Heard, name: str) -> int | float:
    """The value, in the unit of time that the parameter asks for."""
    value = number.value
    unit = _unit(heard.words[number.end : number.end + 1])
    wanted = _unit(split_name(name)) or _unit(Heard(schema.description).words)
    if unit and wanted:
        value = value * _SECONDS[unit] / _SECONDS[wanted]
    return int(value) if schema.kind == 'integer' and value == int(value) else value


def _unit(words: list[str]) -> str | None:
    return next((unit for word in words for unit in _SECONDS if word.rstrip('s') in (unit, unit[:3])), None)


def _one(values: list[Json]) -> Json:
    """The only value, None if there are none or several."""
    return values[0] if len(values) == 1 else None


_SECONDS = {'second': 1, 'minute': 60, 'hour': 3600, 'day': 86400}
_FILLING = frozenset(('to', 'is', 'of', 'the', 'at', 'by'))
_SWITCHES = frozenset(('on', 'off', 'is', 'enable', 'enabled', 'active', 'state', 'status', 'power'))
_TURN = frozenset(('turn', 'switch', 'put', 'leave', 'turned', 'switched'))
_NOT = frozenset(('no', 'not', 'without', "don't", 'off', 'never', 'skip'))
_YES = frozenset(('yes', 'yeah', 'yep', 'sure', 'true', 'on', 'ok', 'okay'))
_NO = frozenset(('no', 'nope', 'false', 'off', 'not', "don't"))
