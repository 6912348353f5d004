"""JSON from outside, read strictly: every field is named, typed and bounded, or refused in the service's words."""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Collection
from typing import TypeVar

from .errors import RealtimeError
from .wire import Json, JsonObject

T = TypeVar('T')


def parse_object(text: str | bytes, *, path: str = '') -> Fields:
    """Read one JSON object. Raises `RealtimeError` (`invalid_json`) when it is none."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise RealtimeError(f'This is not valid JSON: {problem}.', code='invalid_json') from problem
    return Fields(value, path)


class Fields:
    """The fields of one JSON object.

    Each method reads one field. An absent field has its `default`; a default of None means that the field is required.
    A field of the wrong kind raises `RealtimeError`, whose `param` is the whole path of the field.
    """

    def __init__(self, value: Json, path: str = '') -> None:
        self.path = path
        if not isinstance(value, dict):
            raise _wrong_type(path or 'body', 'an object', value)
        self._values = value
        self._read: set[str] = set()

    def anything(self, name: str, default: Json) -> Json:
        self._read.add(name)
        return self._values.get(name, default)

    def names(self) -> list[str]:
        return list(self._values)

    def has(self, name: str) -> bool:
        return name in self._values

    def is_set(self, name: str) -> bool:
        """Whether the field is there, and not null."""
        return self.anything(name, None) is not None

    def is_object(self, name: str) -> bool:
        return isinstance(self._values.get(name), dict)

    def any_object(self, name: str) -> JsonObject:
        """A required object that may hold anything."""
        value = self._value(name, None)
        if not isinstance(value, dict):
            raise _wrong_type(self.name(name), 'an object', value)
        return value

    def text(self, name: str, default: str | None = None, *, longest: int | None = None) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise _wrong_type(self.name(name), 'a string', value)
        if longest is not None and len(value) > longest:
            raise self._too_long(name, 'string', longest, len(value))
        return value

    def sound(self, name: str, *, longest: int | None = None) -> bytes:
        """Bytes in base64."""
        text = self.text(name, longest=longest)
        try:
            return binascii.a2b_base64(text, strict_mode=True)
        except ValueError as problem:
            raise self.refuse(name, f'Expected sound in base64 ({problem}).') from problem

    def optional_text(self, name: str, default: str | None, *, longest: int | None = None) -> str | None:
        if self._is_null(name, default):
            return None
        return self.text(name, default, longest=longest)

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in choices:
            supported = ', '.join(f"'{choice}'" for choice in choices)
            raise self.refuse(name, f"'{value}'. Supported values are: {supported}.")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise _wrong_type(self.name(name), 'a boolean', value)
        return value

    def optional_flag(self, name: str, default: bool | None) -> bool | None:
        return None if self._is_null(name, default) else self.flag(name, default)

    def texts(self, name: str, *, most: int, longest: int | None = None) -> tuple[str, ...]:
        """A list of strings."""
        value = self._value(name, None)
        if not isinstance(value, list):
            raise _wrong_type(self.name(name), 'an array of strings', value)
        if len(value) > most:
            raise self._too_long(name, 'array', most, len(value))
        items = Fields({f'{name}[{index}]': each for index, each in enumerate(value)}, self.path)
        return tuple(items.text(each, longest=longest) for each in items.names())

    def choices(self, name: str, choices: Collection[str]) -> tuple[str, ...]:
        """A list of some of the choices."""
        values = self.texts(name, most=len(choices))
        items = Fields({f'{name}[{index}]': each for index, each in enumerate(values)}, self.path)
        return tuple(items.choice(each, choices) for each in items.names())

    def number(self, name: str, default: float | None = None, *, low: float, high: float) -> float:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong_type(self.name(name), 'a number', value)
        self._check_bounds(name, 'decimal', value, low, high)
        return value

    def integer(self, name: str, default: int | None = None, *, low: int = 0, high: int = 2**31 - 1) -> int:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong_type(self.name(name), 'an integer', value)
        self._check_bounds(name, 'integer', value, low, high)
        return value

    def part(self, name: str, default: T, read: Callable[[Fields], T]) -> T:
        """An object within this one, read by `read`. Fields that it does not ask for are unknown."""
        self._read.add(name)
        if name not in self._values:
            return default
        return self._part(self._values[name], self.name(name), read)

    def required_part(self, name: str, read: Callable[[Fields], T]) -> T:
        return self._part(self._value(name, None), self.name(name), read)

    def optional_part(self, name: str, default: T | None, read: Callable[[Fields], T]) -> T | None:
        """As `part`, and null means none."""
        if self._is_null(name, default):
            return None
        return self.part(name, default, read)

    def parts(self, name: str, read: Callable[[Fields], T], default: tuple[T, ...] | None = None) -> tuple[T, ...]:
        """A list of objects."""
        if name not in self._values and default is not None:
            return default
        value = self._value(name, None)
        if not isinstance(value, list):
            raise _wrong_type(self.name(name), 'an array of objects', value)
        path = self.name(name)
        return tuple(self._part(each, f'{path}[{index}]', read) for index, each in enumerate(value))

    def optional_parts(self, name: str, read: Callable[[Fields], T]) -> tuple[T, ...] | None:
        """A list of objects, or none when it is absent or null."""
        return None if self._is_null(name, None) else self.parts(name, read)

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for name in self._values:
            if name not in self._read:
                raise RealtimeError(
                    f"Unknown parameter: '{self.name(name)}'.", code='unknown_parameter', param=self.name(name)
                )

    def refuse(self, name: str, reason: str, *, code: str = 'invalid_value') -> RealtimeError:
        """The error that says why the value of this field cannot be."""
        return RealtimeError(f"Invalid value for '{self.name(name)}': {reason}", code=code, param=self.name(name))

    def name(self, name: str) -> str:
        return f'{self.path}.{name}' if self.path else name

    def _check_bounds(self, name: str, kind: str, value: float, low: float, high: float) -> None:
        if not value >= low:
            wrong, expected, code = 'below minimum', f'>= {low}', 'below_min'
        elif value > high:
            wrong, expected, code = 'above maximum', f'<= {high}', 'above_max'
        else:
            return
        reason = (
            f"Invalid '{self.name(name)}': {kind} {wrong} value. Expected a value {expected}, but got {value} instead."
        )
        raise RealtimeError(reason, code=f'{kind}_{code}_value', param=self.name(name))

    def _too_long(self, name: str, kind: str, most: int, length: int) -> RealtimeError:
        reason = f"Invalid '{self.name(name)}': {kind} too long. Expected at most {most}, but got {length} instead."
        return RealtimeError(reason, code=f'{kind}_above_max_length', param=self.name(name))

    def _part(self, value: Json, path: str, read: Callable[[Fields], T]) -> T:
        fields = Fields(value, path)
        result = read(fields)
        fields.finish()
        return result

    def _value(self, name: str, default: Json) -> Json:
        self._read.add(name)
        if name not in self._values and default is None:
            raise RealtimeError(
                f"Missing required parameter: '{self.name(name)}'.",
                code='missing_required_parameter',
                param=self.name(name),
            )
        return self._values.get(name, default)

    def _is_null(self, name: str, default: object) -> bool:
        self._read.add(name)
        return self._values[name] is None if name in self._values else default is None


def _refuse_constant(name: str) -> Json:
    # Python would read NaN and Infinity, and write them back as what no client can read.
    raise ValueError(f'{name} is no JSON')


def _wrong_type(path: str, expected: str, value: Json) -> RealtimeError:
    got = {dict: 'an object', list: 'an array', str: 'a string', bool: 'a boolean', type(None): 'null'}
    kind = got.get(type(value), 'a number')
    message = f"Invalid type for '{path}': expected {expected}, but got {kind} instead."
    return RealtimeError(message, code='invalid_type', param=path)
