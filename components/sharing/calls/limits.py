"""Limits for guests, since the host pays for their calls."""

from __future__ import annotations

from argparse import Namespace, _ArgumentGroup
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Any

from components.sharing.errors import SharingError


@dataclass(frozen=True)
class Limits:
    """The limits for guests. None of them applies to the host."""

    calls: int = 4
    """Calls of all guests at once. Each guest has one at a time."""

    minutes: float = 20.0
    """Minutes a day for each guest."""

    day: float = 120.0
    """Minutes a day for all guests together."""

    tickets: int = 10
    """Tickets a minute for each guest. A press of the button takes one, or two if WebRTC is blocked."""

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            if not (isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise SharingError(f'{option(name)} must be 0 or more.')

    @classmethod
    def read(cls, given: Namespace, environ: Mapping[str, str]) -> Limits:
        """Read the command line, or else the environment. Raises SharingError for an invalid number."""
        found = {name: _given(name, given, environ) for name in HELP}
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})


HELP = {
    'calls': 'calls of all guests at once',
    'minutes': 'minutes a day for each guest',
    'day': 'minutes a day for all guests together',
    'tickets': 'how often each guest may call within a minute',
}


def option(name: str) -> str:
    """Return the command line's option for a limit."""
    return f'--guest-{name}'


def variable(name: str) -> str:
    """Return the environment variable for a limit."""
    return f'PARLEY_GUEST_{name.upper()}'


def add_limits(group: _ArgumentGroup) -> None:
    """Add an option for each limit."""
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
