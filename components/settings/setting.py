"""One setting: its place on the panel, its bounds, when a change applies, and where it goes in the session object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar, get_args, get_type_hints

from components.words.language import Text

from .catalogue import Catalogue

if TYPE_CHECKING:
    from .settings import Settings

When = Literal['now', 'next_answer', 'new_call']
Section = Literal['main', 'service', 'answers', 'turn_taking', 'more']
T = TypeVar('T')

ABSENT: Final = object()
"""As a value in the session object: leave this field out."""


class Offered(Protocol):
    """An entry of a provider's catalogue."""

    def label(self, text: Text) -> str:
        """Return its name for a dropdown."""


@dataclass(frozen=True)
class Setting:
    """One row of the settings table. `setting` declares it; `name`, `kind` and `default` come from the field itself."""

    name: str
    kind: Any  # the type: a Literal, bool, str, int, float or Persona
    default: object
    section: Section
    applies: When
    wire: Mapping[str, Callable[[Settings], object]]
    bounds: tuple[float, float] | None
    step: float
    choices: tuple[Any, ...]
    valid: Callable[[Any], bool]
    offered: Callable[[Catalogue], Mapping[str, Offered]] | None
    only_if: Callable[[Settings], bool]
    hidden_if: Callable[[Settings], bool]
    shown: Callable[[Any, Text], str] | None

    def accepts(self, value: object) -> bool:
        """Return whether a stored value is valid. A model or voice also depends on the provider: `Settings.fitted`."""
        if values := get_args(self.kind):
            return value in values
        if self.bounds:
            low, high = self.bounds
            if isinstance(value, bool) or not isinstance(value, int if self.kind is int else int | float):
                return False
            return low <= value <= high and self.valid(value)
        return isinstance(value, self.kind) and self.valid(value)

    def label(self, value: object, text: Text) -> str:
        """Return what a value is called on the page."""
        return self.shown(value, text) if self.shown else text(f'settings.{self.name}.options.{value}')

    def is_shown(self, settings: Settings) -> bool:
        """Return whether the panel shows the control of this setting."""
        return self.only_if(settings) and not self.hidden_if(settings)


def setting(
    default: T,
    *,
    section: Section,
    applies: When,
    wire: Mapping[str, Callable[[Settings], object]] | None = None,
    bounds: tuple[float, float] | None = None,
    step: float = 1,
    choices: tuple[Any, ...] = (),
    valid: Callable[[Any], bool] = lambda value: True,
    offered: Callable[[Catalogue], Mapping[str, Offered]] | None = None,
    only_if: Callable[[Settings], bool] = lambda settings: True,
    hidden_if: Callable[[Settings], bool] = lambda settings: False,
    shown: Callable[[Any, Text], str] | None = None,
) -> T:
    """Declare a setting as a dataclass field.

    The type decides on the control: a `Literal` gets a dropdown, a `bool` a switch, a number a slider. With `offered`
    or `choices` it is a dropdown too. Its texts are in `settings.<name>` of assets/languages.

    :param section: part of the panel that shows it; within a section, settings stand in the order of their declaration
    :param applies: when a change made during a call is heard
    :param wire: paths in the session object, as in `audio.output.speed`, each with a function that returns its value,
      or `ABSENT`. Fields within an object that is null are left out
    :param bounds: smallest and largest number
    :param step: of the slider
    :param choices: values that a dropdown shows; by default those of the `Literal`
    :param valid: checks a stored value further
    :param offered: picks what the provider offers out of its catalogue; its first entry replaces what it lacks
    :param only_if: returns whether the setting applies; otherwise it is neither shown nor sent
    :param hidden_if: returns whether the control is hidden, although the value is still sent
    :param shown: returns the label of a value; by default it is under `settings.<name>.options` in assets/languages
    """
    row = {
        'section': section,
        'applies': applies,
        'wire': wire or {},
        'bounds': bounds,
        'step': step,
        'choices': choices,
        'valid': valid,
        'offered': offered,
        'only_if': only_if,
        'hidden_if': hidden_if,
        'shown': shown,
    }
    return field(default=default, metadata=row)


@cache
def table_of(settings: type[Any]) -> Mapping[str, Setting]:
    """Return the rows that a class of settings declares, by name."""
    kinds = get_type_hints(settings)
    rows = [field for field in fields(settings) if field.metadata]
    return {row.name: Setting(row.name, kinds[row.name], row.default, **row.metadata) for row in rows}
