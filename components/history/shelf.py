"""Hands each page the conversation that it goes on with."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from .database import DatabaseProblem
from .history import History
from .notebook import Notebook


class Shelf:
    """The conversations of all people, each of which is open on one page at a time.

    Args:
        history: Where they are kept.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._open: dict[str, Notebook] = {}
        self._guests: set[str] = set()

    async def latest(self, owner: str) -> Notebook:
        """Return a person's latest conversation, or a new one."""
        stored = None
        with suppress(DatabaseProblem):  # the page opens all the same, and says so once something is said
            stored = await self._history.latest(owner)
        return Notebook(self._history, owner, stored.entry.id, stored) if stored else self.new(owner)

    async def find(self, owner: str, id: str) -> Notebook | None:
        """Return a conversation of a person, None if they have none with this id."""
        stored = None
        with suppress(DatabaseProblem):
            stored = await self._history.load(owner, id)
        return Notebook(self._history, owner, id, stored) if stored else None

    def new(self, owner: str) -> Notebook:
        """Return a new conversation. It is kept as soon as something is said."""
        return Notebook(self._history, owner, uuid4().hex)

    def take(self, notebook: Notebook) -> bool:
        """Open a conversation on a page whose browser is there now. Returns False if it is open on another page.

        A tab that loads a page asks for its conversation while the former page is still there, so this is decided
        only when the new one is connected.
        """
        other = self._open.get(notebook.id)
        if other is not None and other is not notebook and other.is_open():
            return False
        self._open[notebook.id] = notebook
        return True

    def release(self, notebook: Notebook) -> None:
        """Close a conversation on a page. Closing it twice, or after another page took it, does no harm."""
        notebook.close()
        if self._open.get(notebook.id) is notebook:
            del self._open[notebook.id]

    async def keep_guests(self, welcome: set[str]) -> None:
        """Delete the conversations of guests who were here and are not welcome any more.

        :param welcome: the ids of the guests who are in
        """
        gone, self._guests = self._guests - welcome, welcome
        for guest in gone:
            await self._history.delete_all(f'guest:{guest}')
