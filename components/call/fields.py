"""The tolerant reader of JSON objects that come from a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Malformed(Exception):
    """A field is missing, or not of its type."""


class Fields:
    """The fields of a JSON object, read with the type that they should have.

    The methods raise `Malformed` for a field that is missing or of another type, unless they say otherwise.
    """

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise Malformed('not an object')
        self._value = value

    def __contains__(self, name: str) -> bool:
        return name in self._value

    @property
    def all(self) -> Mapping[str, Any]:
        """All fields, unread."""
        return self._value

    def text(self, name: str) -> str:
        """Return a string."""
        value = self._value.get(name)
        if not isinstance(value, str):
            raise Malformed(f'{name} is not a string')
        return value

    def id(self, name: str) -> str:
        """Return a string that is not empty."""
        if value := self.text(name):
            return value
        raise Malformed(f'{name} is empty')

    def text_or_none(self, name: str) -> str | None:
        """Return a string, or None if it is missing, null or empty."""
        return None if self._value.get(name) is None else self.text(name) or None

    def label(self, name: str) -> str:
        """Return a string, or a number as a string; an empty one if it is anything else."""
        value = self._value.get(name)
        return str(value) if isinstance(value, str | int) else ''

    def whole(self, name: str, default: int | None = None) -> int:
        """Return an integer that is not negative; `default` stands in for a missing one."""
        value = self._value.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Malformed(f'{name} is not a whole number')
        return value

    def whole_or_none(self, name: str) -> int | None:
        """Return an integer that is not negative, or None if it is missing or null."""
        return None if self._value.get(name) is None else self.whole(name)

    def is_null(self, name: str) -> bool:
        """Return whether the field is missing or null."""
        return self._value.get(name) is None

    def is_object(self, name: str) -> bool:
        """Return whether the field is an object."""
        return isinstance(self._value.get(name), Mapping)

    def is_true(self, name: str) -> bool:
        """Return whether the field is `true`."""
        return self._value.get(name) is True

    def child(self, name: str) -> Fields:
        """Return the object under this name; an empty one if there is none (some servers put strings in its place)."""
        value = self._value.get(name)
        return Fields(value if isinstance(value, Mapping) else {})

    def children(self, name: str) -> list[Fields]:
        """Return the objects of a list; other entries count as empty objects, so that indices hold."""
        values = self._value.get(name)
        return [Fields(v if isinstance(v, Mapping) else {}) for v in values] if isinstance(values, list) else []
