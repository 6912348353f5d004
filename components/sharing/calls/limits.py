"""How much of the host's money guests may spend."""

from __future__ import annotations

from argparse import Namespace, _ArgumentGroup
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Any

from components.sharing.errors import SharingError


@dataclass(frozen=True)
class Limits:
    """What guests may use up. None of them applies to the host."""

    calls: int = 4
    """Calls at once, of all guests. Each guest has one at a time."""

    minutes: float = 20.0
    """Of one guest, each day."""

    day: float = 120.0
    """Minutes of all guests together, each day."""

    tickets: int = 10
    """Tickets for one guest, in a minute. A press of the button takes one, or two where WebRTC is blocked."""

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            if not (isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise SharingError(f'{option(name)} must be 0 or more.')

    @classmethod
    def read(cls, given: Namespace, environ: Mapping[str, str]) -> Limits:
        """Return what the command line says, or else the environment. Raises SharingError."""
        found = {name: _given(name, given, environ) for name in HELP}
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})


HELP = {
    'calls': 'calls at once of all guests',
    'minutes': 'minutes a day for each guest',
    'day': 'minutes a day for all guests together',
    'tickets': 'how often in a minute one guest may call',
}


def option(name: str) -> str:
    return f'--guest-{name}'


def variable(name: str) -> str:
    return f'PARLEY_GUEST_{name.upper()}'


def add_limits(group: _ArgumentGroup) -> None:
    for name, what in HELP.items():
        default = getattr(Limits, name)
        group.add_argument(
            option(name), type=type(default), metavar='N', help=f'{what} (default: {default:g}; or {variable(name)})'
        )


def _given(name: str, given: Namespace, environ: Mapping[str, str]) -> Any:
    typed = getattr(given, f'guest_{name}')
    text = environ.get(variable(name), '').strip()
    if typed is not None or not text:
        return typed
    try:
        return type(getattr(Limits, name))(text)
    except ValueError:
        raise SharingError(f'{variable(name)} must be a number.') from None
