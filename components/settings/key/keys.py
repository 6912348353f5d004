"""Takes a provider's key that the host has entered, tries it, and keeps it if asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, Protocol

from nicegui import Event

from components.providers.error import ProviderError
from components.providers.profile import PROFILES, BadSetup
from components.providers.providers import Providers
from components.settings.catalogue import ProviderKind

LONGEST_KEY = 1000
"""Characters. Keys of services have at most some hundreds."""


class KeyFile(Protocol):
    """Keeps keys for the next start, see `EnvFile`."""

    @property
    def overriding(self) -> frozenset[str]:
        """The variables that have precedence over what is kept."""

    def keep(self, variable: str, value: str) -> None:
        """Keep a variable. Raises OSError or ValueError, whose message is a sentence without the value."""


@dataclass(frozen=True)
class Outcome:
    """The result of entering a key.

    Attributes:
        result: Whether it works and is kept, works for this run only, works although it could not be kept, or was
            refused.
        code: Why it was refused: a key of `failures` in assets/languages, or `malformed`.
        detail: The service's own words, or why the key could not be kept.
        overriding: The variable of the system that is used at the next start instead, if there is one.
    """

    result: Literal['kept', 'for_this_run', 'not_kept', 'refused']
    code: str = ''
    detail: str = field(default='', repr=False)
    overriding: str = ''

    @property
    def works(self) -> bool:
        """Whether calls use the key from now on."""
        return self.result != 'refused'


class ProviderKeys:
    """Changes the keys of the program's providers. It neither logs them nor gives them back.

    Args:
        providers: The providers.
        file: Keeps keys.

    Attributes:
        changed: Is emitted when a provider has another key.
    """

    def __init__(self, providers: Providers, file: KeyFile) -> None:
        self.changed = Event[[]]()
        self._providers = providers
        self._file = file

    async def enter(self, kind: ProviderKind, key: str, *, keep: bool) -> Outcome:
        """Try a key, use it if the provider takes it, and keep it for the next start if asked."""
        key = key.strip()
        if not re.fullmatch(rf'[!-~]{{1,{LONGEST_KEY}}}', key):
            return Outcome('refused', 'malformed')
        try:
            await self._providers.take_key(kind, key)
        except BadSetup:
            return Outcome('refused', 'malformed')
        except ProviderError as error:
            return Outcome('refused', error.code, error.detail)
        self.changed.emit()
        return self._keep(PROFILES[kind].variables['key'], key) if keep else Outcome('for_this_run')

    def _keep(self, variable: str, key: str) -> Outcome:
        try:
            self._file.keep(variable, key)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return Outcome('not_kept', detail=(reason or '').rstrip('.'))
        return Outcome('kept', overriding=variable if variable in self._file.overriding else '')
