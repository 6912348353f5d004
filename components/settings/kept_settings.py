"""The settings of one page as its browser keeps them, and the changes of its other pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from nicegui import Client

from components.widgets.notification import tell
from components.words.page import words

from .browser_storage import BrowserStorage, browser_storage
from .personas.personas import Personas, built_in
from .settings import Settings


class SettingsReader(Protocol):
    """Reads and writes settings as a storage holds them, see `Providers`."""

    def restore(self, stored: object, personas: Personas | None = None) -> Settings:
        """Read settings."""

    def store(self, settings: Settings) -> dict[str, str | bool | float]:
        """Return what `restore` reads."""


class KeptSettings:
    """Keeps the settings of one page field by field, so that pages of one browser don't undo each other's changes.

    Args:
        storage: The storage of the browser.
        providers: Reads and writes the settings.
        personas: The personas of the browser.
    """

    def __init__(self, storage: BrowserStorage, providers: SettingsReader, personas: Personas) -> None:
        self._storage = storage
        self._providers = providers
        self.personas = personas
        self._keeping = False
        self.settings = self._restored()

    @classmethod
    def of_browser(cls, providers: SettingsReader) -> KeptSettings:
        """Return what the browser has kept of the page that is being built."""
        storage = browser_storage()
        return cls(storage, providers, Personas(storage, built_in(words)))

    def keep(self, settings: Settings) -> None:
        """Store what changed."""
        before, after = self._providers.store(self.settings), self._providers.store(settings)
        self.settings = settings
        kept: dict[str, Any] = {**self._kept}
        for name in before.keys() | after.keys():
            if name not in after:
                kept.pop(name, None)
            elif name not in kept or after[name] != before.get(name):
                kept[name] = after[name]
        self._keeping = True
        try:
            self._storage['settings'] = kept
        finally:
            self._keeping = False

    def follow(self, client: Client, show: Callable[[Settings], None], *, may_follow: Callable[[], bool]) -> None:
        """Show what other pages of the browser change, and say what could not be read or kept.

        Args:
            client: The client of the page.
            show: Shows other settings.
            may_follow: Tells whether the page may change now; not during a call.
        """
        problem = self._storage.problem
        if problem:
            self._tell_problem()
        if self._storage.damaged:
            tell(words('page.damaged', file=self._storage.damaged))
            self._storage.damaged = ''

        def changed() -> None:
            nonlocal problem
            with client:
                if self._storage.problem != problem:
                    problem = self._storage.problem
                    if problem:
                        self._tell_problem()
                if not self._keeping and may_follow() and (settings := self._restored()) != self.settings:
                    self.settings = settings
                    show(settings)

        client.on_delete(self._storage.subscribe(changed))

    def _tell_problem(self) -> None:
        folder = self._storage.path.parent.name
        tell(words('page.not_kept', reason=self._storage.problem, folder=folder))

    def _restored(self) -> Settings:
        return self._providers.restore(self._storage.get('settings'), self.personas)

    @property
    def _kept(self) -> dict[str, Any]:
        kept = self._storage.get('settings')
        return kept if isinstance(kept, dict) else {}
