"""The JSON schema of a function's parameters, as far as it can be filled from spoken words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast, get_args

from components.engine.protocol.wire import Json, JsonObject

Kind: TypeAlias = Literal['string', 'integer', 'number', 'boolean', 'array', 'object']


@dataclass(frozen=True)
class Schema:
    """What a value has to be. Without a `kind` nothing that could be said would do; `choices` are all that would."""

    kind: Kind | None
    description: str = ''
    format: str = ''
    choices: tuple[Json, ...] = ()
    low: float | None = None
    high: float | None = None
    default: Json = None
    items: Schema | None = None
    properties: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in ('integer', 'number')

    def fits(self, value: Json) -> bool:
        """Whether a value is what it has to be."""
        if self.choices and not any(value == each and type(value) is type(each) for each in self.choices):
            return False
        match value:
            case bool():
                return self.kind == 'boolean'
            case int() | float():
                if not math.isfinite(value) or not (
                    self.kind == 'number' or (self.kind == 'integer' and value % 1 == 0)
                ):
                    return False
                return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
            case str():
                return self.kind == 'string'
            case list():
                return self.kind == 'array' and all(self.items is None or self.items.fits(each) for each in value)
            case dict():
                known = all(name not in self.properties or self.properties[name].fits(value[name]) for name in value)
                return self.kind == 'object' and known and set(self.required) <= set(value)
            case _:
                return False


def read_schema(parameters: Json) -> Schema:
    """Read a schema. It is the client's and may be anything: what makes no sense is left out."""
    return _read(parameters, _object(parameters), _DEEPEST)


def _read(value: Json, root: JsonObject, depth: int) -> Schema:
    given = _resolved(_object(value), root)
    choices = tuple(_list(given.get('enum'))) or ((given['const'],) if 'const' in given else ())
    properties = _object(given.get('properties')) if depth else {}
    required = tuple(name for name in _list(given.get('required')) if isinstance(name, str)) if depth else ()
    return Schema(
        kind=_kind(given, choices) if depth else None,
        description=_text(given.get('description')),
        format=_text(given.get('format')),
        choices=choices,
        low=_number(given.get('minimum')),
        high=_number(given.get('maximum')),
        default=given.get('default'),
        items=_read(given['items'], root, depth - 1) if depth and 'items' in given else None,
        properties={name: _read(properties.get(name), root, depth - 1) for name in [*properties, *required]},
        required=required,
    )


def _resolved(given: JsonObject, root: JsonObject) -> JsonObject:
    """The schema that is meant by a reference (`#/$defs/City`) or by the first alternative that is not null."""
    for _ in range(_DEEPEST):
        if isinstance(reference := given.get('$ref'), str) and reference.startswith('#/'):
            target: Json = root
            for name in reference[2:].split('/'):
                target = _object(target).get(name)
            others = {name: each for name, each in given.items() if name != '$ref'}
            given = {**_object(target), **others}
        elif alternatives := _list(given.get('anyOf')) or _list(given.get('oneOf')) or _list(given.get('allOf')):
            others = {name: each for name, each in given.items() if name not in ('anyOf', 'oneOf', 'allOf')}
            given = {
                **next((_object(each) for each in alternatives if _object(each).get('type') != 'null'), {}),
                **others,
            }
    return given


def _kind(given: JsonObject, choices: tuple[Json, ...]) -> Kind | None:
    kinds = [kind for kind in _list(given.get('type')) or [given.get('type')] if kind != 'null']
    kind = kinds[0] if kinds else None
    if kind in get_args(Kind):
        return cast(Kind, kind)
    if kind is not None or 'type' in given:
        return None
    if 'properties' in given:
        return 'object'
    example = choices[0] if choices else ''
    return 'boolean' if isinstance(example, bool) else 'number' if isinstance(example, int | float) else 'string'


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ''


def _number(value: Json) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


_DEEPEST = 5
