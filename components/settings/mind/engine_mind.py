"""The mind of the engine as the host chooses it, shared by all pages of the program."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import httpx
from nicegui import Event

from components.engine.local_mind.library import Library, RememberedChoice
from components.engine.local_mind.machine import Machine
from components.engine.local_mind.models import ListedModel
from components.engine.servers.ollama import URL, Ollama, find_ollama
from components.engine.servers.stage_server import StageServer

if TYPE_CHECKING:
    from components.engine.servers.stage_server import MindChoice


class Thinker(Protocol):
    """The part of an engine that is needed here."""

    @property
    def mind(self) -> MindChoice:
        """The server or local model that answers."""

    async def choose_mind(self, choice: MindChoice) -> None:
        """Let the next answers come from another mind."""


class EngineMind:
    """Fetches and removes models, and tells the engine which mind answers. It belongs to the page's event loop.

    Args:
        engine: The engine.
        library: The model files.
        remembered: Keeps the choice for the next start.
        fixed: Whether the environment chooses the mind. A choice then only lasts until the program ends.

    Attributes:
        changed: Is emitted when another mind answers, and when fetching begins or ends.
    """

    def __init__(self, engine: Thinker, library: Library, remembered: RememberedChoice, *, fixed: bool) -> None:
        self.library = library
        self.machine = Machine.this()
        self.fixed = fixed
        self.changed = Event[[]]()
        self._engine = engine
        self._remembered = remembered

    @property
    def choice(self) -> MindChoice:
        """The server or local model that answers; None for the rules."""
        return self._engine.mind

    @property
    def listed(self) -> ListedModel | None:
        """The model of the list that answers."""
        return next((model for model in self.library.models.values() if self.library.local(model) == self.choice), None)

    @property
    def is_missing(self) -> bool:
        """Whether no language model answers: none is chosen, or its file is not there."""
        return self.choice is None or bool((model := self.listed) and not self.library.has(model))

    @property
    def can_run(self) -> bool:
        """Whether the package that runs models is installed."""
        return find_spec('xllamacpp') is not None

    def fetch(self, model: ListedModel) -> None:
        """Fetch a model in the background, and use it once it is there."""
        self.library.begin(model, self.use, on_end=self.changed.emit)
        self.changed.emit()

    async def use(self, model: ListedModel) -> None:
        """Let a fetched model answer."""
        await self._choose(self.library.local(model), {'model': model.id})

    async def use_ollama(self, model: str) -> None:
        """Let a model of this computer's Ollama answer."""
        await self._choose(StageServer(URL, model, on_page=True), {'ollama': model})

    async def use_rules(self) -> None:
        """Let the engine's rules answer."""
        await self._choose(None, {})

    async def remove(self, model: ListedModel) -> None:
        """Delete a model's file. If it answers, the rules take its place. Raises OSError if that is not allowed."""
        if self.listed == model:
            await self.use_rules()
        self.library.remove(model)
        self.changed.emit()

    async def find_ollama(self) -> Ollama | None:
        """Look for an Ollama on this computer."""
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            return await find_ollama(client)

    async def close(self) -> None:
        """Stop fetching."""
        await self.library.cancel()

    async def _choose(self, choice: MindChoice, kept: Mapping[str, str]) -> None:
        await self._engine.choose_mind(choice)
        if not self.fixed:
            self._remembered.save(kept)
        self.changed.emit()


def remembered_mind(library: Library, remembered: RememberedChoice) -> MindChoice:
    """Return the mind that was chosen before, None if there was none or its file is gone."""
    kept = remembered.load()
    model = library.models.get(kept.get('model', ''))
    if model and library.has(model):
        return library.local(model)
    return StageServer(URL, kept['ollama'], on_page=True) if kept.get('ollama') else None
