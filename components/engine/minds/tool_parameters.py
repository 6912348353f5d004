"""The parameters of a function, as far as simple rules can fill them from a sentence. Nothing is guessed.

These are choices, numbers, yes or no, and one free text. All else takes a language model.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from components.engine.protocol.wire import Json, JsonObject

from .heard_words import contains, split_name, split_text
from .number_talk import Number, SpokenNumber, numbers

Kind: TypeAlias = Literal['choice', 'number', 'yes or no', 'text', 'unknown']


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function. A number is `whole` if it has to be, and lies from `low` to `high`."""

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def in_words(self) -> str:
        """The name as it is spoken."""
        return ' '.join(split_name(self.name)) or self.name

    @property
    def hint(self) -> str:
        """A phrase that lists the possible values."""
        if self.choices:
            return f' It can be {", ".join(self.choices[:_MOST_NAMED])}.'
        if self.low is not None and self.high is not None:
            return f' It can be from {self.low:g} to {self.high:g}.'
        return ' Say yes or no.' if self.kind == 'yes or no' else ''


class MissingError(Exception):
    """A required parameter was not heard."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter.name)
        self.parameter = parameter


def read_parameters(schema: Json) -> list[Parameter]:
    """Read the parameters from a function's JSON schema. Those that the rules cannot fill are of the kind 'unknown'."""
    given = _object(schema)
    properties = _object(given.get('properties'))
    listed = given.get('required')
    required = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    parameters: list[Parameter] = []
    for name in dict.fromkeys((*properties, *required)):
        parameter = _read(name, _plain(_object(properties.get(name)), given), required=name in required)
        if parameter.kind == 'text' and any(each.kind == 'text' for each in parameters):
            parameter = Parameter(name, 'unknown')  # no rule decides which words belong to which text
        parameters.append(parameter)
    return parameters


def fill(parameters: Sequence[Parameter], heard: str, answers: Mapping[str, str]) -> JsonObject:
    """Return the arguments. `answers` is what the user said when asked for the parameters of these names.

    Raises:
        MissingError: A required parameter was not heard.
    """
    spoken = _share_numbers([each for each in parameters if each.kind == 'number' and each.name not in answers], heard)
    found: JsonObject = {}
    for parameter in parameters:
        if parameter.name in answers:
            value = _answer(parameter, answers[parameter.name])
        else:
            value = spoken[parameter.name] if parameter.name in spoken else _find(parameter, heard)
        if value is not None:
            found[parameter.name] = value
        elif parameter.required:
            raise MissingError(parameter)
    return found


def _plain(given: JsonObject, root: JsonObject) -> JsonObject:
    """The schema as pydantic writes it, without the null of an optional value and the reference to an enum."""
    if isinstance(alternatives := given.get('anyOf'), list):
        kinds = [_object(each) for each in alternatives if _object(each).get('type') != 'null']
        given = kinds[0] if len(kinds) == 1 else {}
    if isinstance(reference := given.get('$ref'), str):
        given = _object(_object(root.get('$defs')).get(reference.removeprefix('#/$defs/')))
    return given


def _read(name: str, given: JsonObject, *, required: bool) -> Parameter:
    kinds = given.get('type')
    values = given.get('enum')
    match [kind for kind in kinds if kind != 'null'] if isinstance(kinds, list) else [kinds]:
        case ['string' | None] if isinstance(values, list):
            choices = tuple(value for value in values if isinstance(value, str) and value)
            return Parameter(name, 'choice' if choices else 'unknown', required, choices)
        case ['string'] if not any(given.get(limit) for limit in ('format', 'pattern', 'const')):
            return Parameter(name, 'text', required)
        case [None] if given and given.keys() <= _SAYS_NOTHING:  # so it takes text, too
            return Parameter(name, 'text', required)
        case ['boolean']:
            return Parameter(name, 'yes or no', required)
        case ['integer' | 'number' as kind] if values is None:
            low, high = (_limit(given.get(limit)) for limit in ('minimum', 'maximum'))
            return Parameter(name, 'number', required, whole=kind == 'integer', low=low, high=high)
    return Parameter(name, 'unknown', required)


def _find(parameter: Parameter, heard: str) -> Json:
    match parameter.kind:
        case 'choice':
            return _choice(parameter, heard)
        case 'yes or no':
            return _switch(split_name(parameter.name), heard.lower())
        case 'text':
            # Words that need not be there are only taken where they are clearly meant.
            return _text(heard, _LEADS if parameter.required else 'called|named|saying')
    return None


def _answer(parameter: Parameter, heard: str) -> Json:
    match parameter.kind:
        case 'choice':
            return _choice(parameter, heard)
        case 'yes or no':
            yes, no = (re.search(rf'\b(?:{words})\b', heard.lower()) for words in (_YES, _NO))
            return bool(yes) if bool(yes) != bool(no) else None
        case 'number':
            values = numbers(words := split_text(heard))
            return _fitting(parameter, values[0], words) if len(values) == 1 else None
    return (
        re.sub(rf"^(?:(?:{_LEADS}|the|an?|my|our|it|it's|is) )+|{_END}", '', heard.strip(), flags=re.IGNORECASE) or None
    )


def _text(heard: str, leads: str) -> str | None:
    """Return the words behind an introducing word, up to the end of the sentence."""
    for lead in re.finditer(rf'\b(?:{leads}) (?:(?:the|an?|my|our) )*', heard, re.IGNORECASE):
        text = re.sub(_END, '', heard[lead.end() :], flags=re.IGNORECASE)
        first = split_text(text)[:1]
        if first and first[0] not in _VAGUE and not numbers(first):
            return text
    return None


def _choice(parameter: Parameter, heard: str) -> str | None:
    """The only choice that was heard; 'light' does not count where it is a part of 'light blue'."""
    words = split_text(heard)
    phrases = {choice: split_text(choice.replace('_', ' ')) for choice in parameter.choices}
    found = [choice for choice in phrases if contains(words, phrases[choice])]
    whole = [one for one in found if not any({*phrases[one]} < {*phrases[other]} for other in found)]
    return whole[0] if len(whole) == 1 else None


def _switch(name: Sequence[str], heard: str) -> bool | None:
    """Yes where the words of the name were heard, no where they were denied; for a switch, 'on' and 'off'."""
    if telling := [word for word in name if word not in ('on', 'off', 'is', 'enabled', 'active', 'state', 'power')]:
        found = re.search(rf"\b(?P<denied>(?:no|not|without|don't) (?:\w+ )?)?{' '.join(telling)}\b", heard)
        return not found['denied'] if found else None
    on, off = re.search(r'\b(?:turn|switch|put|leave)\b.*\bon\b', heard), re.search(r'\boff\b', heard)
    return bool(on) if bool(on) != bool(off) else None


def _share_numbers(parameters: Sequence[Parameter], heard: str) -> dict[str, Number | None]:
    """Match numbers with parameters: they come in order, if their count is right."""
    words = split_text(heard)
    spoken = numbers(words)
    required = [each for each in parameters if each.required]
    wanted = required if len(spoken) == len(required) else parameters
    if len(spoken) != len(wanted):
        return {}
    return {each.name: _fitting(each, value, words) for each, value in zip(wanted, spoken, strict=True)}


def _fitting(parameter: Parameter, number: SpokenNumber, words: Sequence[str]) -> Number | None:
    """The number in the unit of time that the parameter is named after, None if it does not fit."""
    value = number.value
    unit, wanted = _unit(words[number.end : number.end + 1]), _unit(split_name(parameter.name))
    if unit and wanted:
        value = value * _SECONDS[unit] / _SECONDS[wanted]
    if value == int(value):
        value = int(value)
    low, high = (limit if limit is not None else value for limit in (parameter.low, parameter.high))
    return value if low <= value <= high and not (parameter.whole and isinstance(value, float)) else None


def _unit(words: Sequence[str]) -> str | None:
    return next((unit for word in words for unit in _SECONDS if word.rstrip('s') in (unit, unit[:3])), None)


def _limit(value: Json) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


_SAYS_NOTHING = frozenset(('title', 'description', 'default', 'examples'))  # of what a value must be
_MOST_NAMED = 8
_SECONDS = {'second': 1, 'minute': 60, 'hour': 3600, 'day': 86400}
_LEADS = 'called|named|saying|about|in|at|near|for|to|from|into|on'  # words that introduce a free text
_VAGUE = frozenset(('it', 'this', 'that', 'there', 'here', 'me', 'you', 'us'))
_END = r'(?:,? (?:please|today|now))*[\s.,!?]*$'
_YES = 'yes|yeah|yep|sure|true|on|ok|okay'
_NO = "no|nope|false|off|not|don't"
