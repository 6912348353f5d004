"""The place where conversations are kept, as the list, the search and the downloads need it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from .entries import ConversationEntry, SearchHit, StoredConversation


class KeptConversations(Protocol):
    """The conversations of all people. Nobody is given or changes those of another owner."""

    async def load(self, owner: str, id: str) -> StoredConversation | None:
        """Return a whole conversation; None if the owner has none with this id."""

    async def conversations(
        self, owner: str, *, before: float | None = None, limit: int = 50
    ) -> Sequence[ConversationEntry]:
        """Return the conversations that were changed last, the newest first.

        Args:
            owner: Whose they are.
            before: Only those whose `updated_at` is earlier; None for the newest.
            limit: How many at most.
        """

    async def search(
        self, owner: str, query: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[SearchHit]:
        """Return the newest turns that have all words of a query; with `before` those with a smaller number."""

    async def rename(self, owner: str, id: str, title: str) -> object:
        """Give a conversation a title by hand."""

    async def delete(self, owner: str, id: str) -> object:
        """Delete a conversation, so that it can still be restored for a while."""

    async def restore(self, owner: str, id: str) -> object:
        """Undo a deletion."""

    async def delete_all(self, owner: str) -> object:
        """Delete everything that is kept of an owner, for good."""

    async def keep_days(self, owner: str) -> int | None:
        """Return how many days conversations are kept; None for ever."""

    async def set_keep_days(self, owner: str, days: int | None) -> object:
        """Keep conversations for so many days after their last change; None for ever."""

    async def has(self, owner: str, conversation: StoredConversation) -> bool:
        """Tell whether all of a conversation from a file is kept already, perhaps with turns that have followed."""

    async def import_conversation(self, owner: str, conversation: StoredConversation) -> str:
        """Keep a conversation from a file as one of this owner's. Returns its new id."""

    def everything(self, owner: str) -> AsyncIterator[StoredConversation]:
        """Return all conversations of an owner, one after the other."""
