"""Strict models for the JSON that clients send, and the Realtime API's errors for JSON that does not fit them."""

import json
from collections.abc import Mapping
from contextlib import suppress
from types import NoneType
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    TypeAdapter,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import ErrorDetails, from_json

from .errors import RealtimeError
from .wire import Json, JsonObject

T = TypeVar('T')


class WireModel(BaseModel):
    """A JSON object: immutable, strictly typed, and without unknown fields.

    `null` counts as absent in every optional field that cannot hold it, because clients that are written with the
    `openai` package's types often send `null` for a field they leave out.
    """

    model_config = ConfigDict(strict=True, extra='forbid', frozen=True)

    ignored_if_null: ClassVar[frozenset[str]] = frozenset()
    """Fields of related objects: unknown here, but allowed as long as they are `null`."""

    hidden_if_null: ClassVar[frozenset[str]] = frozenset()
    """Fields that are shown to clients only if they are set."""

    _absent_if_null: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        optional = {name: field.annotation for name, field in cls.model_fields.items() if not field.is_required()}
        never_null = {name for name, annotation in optional.items() if NoneType not in get_args(annotation)}
        cls._absent_if_null = cls.ignored_if_null | never_null

    @model_validator(mode='before')
    @classmethod
    def _clean(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        if None in given.values():
            given = {
                name: value for name, value in given.items() if value is not None or name not in cls._absent_if_null
            }
        if len(given) > len(cls.model_fields):
            # Pydantic collects all errors. One unknown field is enough, and a client may send a million of them.
            unknown = next(name for name in given if name not in cls.model_fields)
            given = {name: value for name, value in given.items() if name == unknown or name in cls.model_fields}
        return given

    @model_serializer(mode='wrap')
    def _serialize(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        shown = dump(self)
        return {name: value for name, value in shown.items() if value is not None or name not in self.hidden_if_null}

    def wire(self) -> JsonObject:
        """Return the object as clients see it."""
        return self.model_dump(mode='json')


class Section(WireModel):
    """A part of the session object that clients can update field by field. Every field has a default.

    The same model describes an update, in which `model_fields_set` tells the fields that the client named.
    """

    def merged(self, update: Self) -> Self:
        """Return a copy with the fields of the update. Raises `RealtimeError` if they do not fit together."""
        return self._apply(update)

    def completed(self) -> Self:
        """Return this update of a section that was null: its fields, and defaults for all others."""
        return type(self)().merged(self)

    def _apply(self, update: 'Section') -> Self:
        names = update.model_fields_set
        return self.model_copy(update={name: _merge(getattr(self, name), getattr(update, name)) for name in names})


def _merge(current: object, update: object) -> object:
    if not isinstance(update, Section):
        return update
    return current.merged(update) if isinstance(current, type(update)) else update.completed()


# For a field that holds a plain value or an object: `Annotated[Annotated[str, PLAIN] | Annotated[M, OBJECT], EITHER]`
PLAIN, OBJECT = Tag('<plain>'), Tag('<object>')
EITHER = Discriminator(lambda value: OBJECT.tag if isinstance(value, dict | BaseModel) else PLAIN.tag)

# A JSON array. Its first wrong element refuses it.
Array: TypeAlias = Annotated[tuple[T, ...], Field(strict=False, fail_fast=True)]


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


def invalid_value(param: str, reason: str) -> RealtimeError:
    """Return the error for a value of the right type that cannot be used."""
    return RealtimeError(f"Invalid value for '{param}': {reason}", code='invalid_value', param=param)


def missing_parameter(param: str) -> RealtimeError:
    """Return the error for a required field that is absent."""
    return RealtimeError(f"Missing required parameter: '{param}'.", code='missing_required_parameter', param=param)


def unknown_parameter(param: str) -> RealtimeError:
    """Return the error for a field that the Realtime API does not have at this place."""
    return RealtimeError(f"Unknown parameter: '{param}'.", code='unknown_parameter', param=param)


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
