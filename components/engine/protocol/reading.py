"""Reads JSON from clients into models, and words what is wrong with it as the Realtime API does."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from .errors import RealtimeError, invalid_value, missing_parameter, unknown_parameter
from .wire import Json
from .wire_model import OBJECT, PLAIN

T = TypeVar('T')


def parse_json(text: str | bytes) -> Json:
    """Read JSON text. Raises `RealtimeError` (`invalid_json`).

    Unpaired surrogates, which JavaScript sends for a string that was cut within an emoji, become U+FFFD.
    """
    try:
        return _from_json(text)
    except ValueError as problem:
        with suppress(ValueError, RecursionError):
            return _from_json(_well_formed(text))
        raise RealtimeError(f'This is not valid JSON: {problem}.', code='invalid_json') from problem


def _from_json(text: str | bytes) -> Json:
    value: Json = from_json(text, allow_inf_nan=False)
    return value


def _well_formed(text: str | bytes) -> str:
    # Python's own parser joins the surrogates that are pairs and keeps the others.
    unescaped = json.dumps(json.loads(text), ensure_ascii=False)
    return unescaped.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')


def read(adapter: TypeAdapter[T], given: Json, path: str = '') -> T:
    """Validate JSON that was found at `path`. Raises `RealtimeError` for the first problem."""
    try:
        return adapter.validate_python(given)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False)[0], given, path) from None


def _refusal(problem: ErrorDetails, given: Json, path: str) -> RealtimeError:
    """Return the Realtime API's error for a problem that pydantic found."""
    kind, value, context = problem['type'], problem['input'], problem.get('ctx', {})
    at = (*problem['loc'], *([context['discriminator'].strip("'")] if 'discriminator' in context else []))
    param = _param(at, given, path)
    if kind in ('literal_error', 'union_tag_invalid'):
        value = value[at[-1]] if kind == 'union_tag_invalid' else value
        kind = kind if isinstance(value, str) else 'string_type'
    match kind:
        case 'missing' | 'union_tag_not_found':
            return missing_parameter(param)
        case 'extra_forbidden':
            return unknown_parameter(param)
        case 'greater_than_equal' | 'less_than_equal':
            return _out_of_bounds(param, value, context)
        case 'string_too_long' | 'too_long':
            length, noun = len(value), 'string' if isinstance(value, str) else 'array'
            reason = f'{noun} too long. Expected at most {context["max_length"]}, but got {length} instead.'
            return RealtimeError(f"Invalid '{param}': {reason}", code=f'{noun}_above_max_length', param=param)
        case 'literal_error' | 'union_tag_invalid':
            supported = context.get('expected', context.get('expected_tags'))
            return invalid_value(param, f"'{value:.200}'. Supported values are: {supported}.")
        case _ if expected := _TYPES.get(kind):
            got = _JSON_TYPES.get(type(value), 'a number')
            message = f"Invalid type for '{param}': expected {expected}, but got {got} instead."
            return RealtimeError(message, code='invalid_type', param=param)
        case _:
            return invalid_value(param, f'{problem["msg"]}.')


def _out_of_bounds(param: str, value: float, bounds: Mapping[str, Any]) -> RealtimeError:
    [(relation, bound)] = bounds.items()
    noun = 'decimal' if isinstance(bound, float) else 'integer'
    wrong, sign, code = (
        ('below minimum', '>=', 'below_min') if relation == 'ge' else ('above maximum', '<=', 'above_max')
    )
    reason = f'{noun} {wrong} value. Expected a value {sign} {bound}, but got {value} instead.'
    return RealtimeError(f"Invalid '{param}': {reason}", code=f'{noun}_{code}_value', param=param)


def _param(location: tuple[int | str, ...], given: Json, path: str) -> str:
    """Return the path of a field as the Realtime API writes it, without the tags that pydantic adds for unions."""
    value: Any = given
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if part in (PLAIN.tag, OBJECT.tag, '[key]'):
            continue
        if not is_last and isinstance(value, dict) and part in (value.get('type'), value.get('role')):
            continue
        path += f'[{part}]' if isinstance(part, int) else f'.{part}' if path else part
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
    return path or 'body'


_TYPES = {
    'string_type': 'a string',
    'bytes_type': 'a string',
    'int_type': 'an integer',
    'float_type': 'a number',
    'bool_type': 'a boolean',
    'tuple_type': 'an array',
    'dict_type': 'an object',
    'model_type': 'an object',
    'model_attributes_type': 'an object',
}
_JSON_TYPES = {dict: 'an object', list: 'an array', str: 'a string', bool: 'a boolean', type(None): 'null'}
