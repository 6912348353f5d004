"""The model files of this computer: which are there, the one that is being fetched, and the choice of a mind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from .fetching import Fetch, FetchError, Free, free_bytes, part_of
from .models import MODELS, ListedModel, LocalModel


class Library:
    """The folder of model files. It belongs to one event loop.

    Args:
        folder: The folder.
        models: The models that can be fetched.
        open_client: Makes the HTTP client of a fetch.
        free: Tells the free bytes of the disk of a folder.

    Attributes:
        fetch: The fetch that runs or has ended last.
        problem: Why the last fetch failed; None if it runs, is complete or was cancelled.
    """

    def __init__(
        self,
        folder: Path,
        models: Mapping[str, ListedModel] = MODELS,
        *,
        open_client: Callable[[], httpx.AsyncClient] | None = None,
        free: Free = free_bytes,
    ) -> None:
        self.folder = folder
        self.models = models
        self.fetch: Fetch | None = None
        self.problem: FetchError | None = None
        self._open_client = open_client or _new_client
        self._free = free
        self._task: asyncio.Task[None] | None = None

    @property
    def free(self) -> int:
        """Free bytes of the disk."""
        return self._free(self.folder)

    @property
    def fetching(self) -> Fetch | None:
        """The running fetch."""
        return self.fetch if self._task else None

    def file(self, model: ListedModel) -> Path:
        """Return where the file of a model is, or belongs."""
        return self.folder / model.file

    def has(self, model: ListedModel) -> bool:
        """Tell whether the file of a model is there."""
        return self.file(model).exists()

    def partial(self, model: ListedModel) -> int:
        """Return the bytes of a model that were fetched before it broke off."""
        part = part_of(self.file(model))
        return part.stat().st_size if part.exists() else 0

    def local(self, model: ListedModel) -> LocalModel:
        """Return the model as a mind runs it."""
        return LocalModel(self.file(model), model.name)

    def begin(
        self,
        model: ListedModel,
        on_complete: Callable[[ListedModel], Awaitable[object]],
        *,
        on_end: Callable[[], object] = lambda: None,
    ) -> None:
        """Fetch a model in the background, then call `on_complete`. Does nothing while a model is being fetched.

        `on_end` is called when nothing is being fetched any more, for whatever reason.
        """
        if not self._task:
            self.problem = None
            self._task = asyncio.create_task(self._run(model, on_complete), name='fetch model')
            self._task.add_done_callback(lambda _: self._end(on_end))

    async def cancel(self) -> None:
        """Stop fetching; what has arrived is kept. Does nothing if nothing is being fetched."""
        if task := self._task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def remove(self, model: ListedModel) -> None:
        """Delete the file of a model, or what was fetched of it. Raises OSError if that is not allowed."""
        for path in (self.file(model), part_of(self.file(model))):
            path.unlink(missing_ok=True)

    async def _run(self, model: ListedModel, on_complete: Callable[[ListedModel], Awaitable[object]]) -> None:
        try:
            async with self._open_client() as client:
                self.fetch = Fetch(model, self.folder, client, free=self._free)
                await self.fetch.run()
            await on_complete(model)
        except FetchError as problem:
            self.problem = problem

    def _end(self, on_end: Callable[[], object]) -> None:
        self._task = None
        on_end()


class RememberedChoice:
    """A file that keeps a choice between two runs of the program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, str]:
        """Return the choice, empty if there is none or the file is damaged."""
        try:
            kept = json.loads(self._path.read_text(encoding='utf-8'))
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}

    def save(self, choice: Mapping[str, str]) -> None:
        """Keep a choice. Raises OSError if the file cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(dict(choice)), encoding='utf-8')


def _new_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(follow_redirects=True, timeout=httpx.Timeout(30, connect=10))
