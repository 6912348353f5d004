"""Strict models for the JSON that clients send, and for the objects that are shown to them."""

from types import NoneType
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
    model_validator,
)

from .wire import JsonObject

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
