"""Conversations that are kept in memory only, for tests of what shows them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from re import IGNORECASE, escape, finditer
from uuid import uuid4

from components.history.entries import ConversationEntry, SearchHit, StoredConversation


class KeptInMemory:
    """An implementation of `KeptConversations`."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredConversation] = {}
        self._deleted: dict[str, StoredConversation] = {}
        self._days: dict[str, int | None] = {}

    async def load(self, owner: str, id: str) -> StoredConversation | None:
        found = self._kept.get(id)
        return found if found and found.entry.owner == owner else None

    async def conversations(
        self, owner: str, *, before: float | None = None, limit: int = 50
    ) -> Sequence[ConversationEntry]:
        entries = sorted((kept.entry for kept in self._of(owner)), key=lambda entry: -entry.updated_at)
        return [entry for entry in entries if before is None or entry.updated_at < before][:limit]

    async def search(
        self, owner: str, query: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[SearchHit]:
        words = [escape(word) for word in query.split()]
        hits = []
        for place, kept in enumerate(self._of(owner)):
            for number, turn in enumerate(kept.turns, start=10_000 * place):
                marks = [[match.span() for match in finditer(rf'\b{word}', turn.text, IGNORECASE)] for word in words]
                if all(marks):
                    at, spans = turn.started_at or 0.0, tuple(sorted(span for found in marks for span in found))
                    hits.append(
                        SearchHit(
                            *(kept.entry.id, kept.entry.title, turn.item_id, turn.speaker, turn.persona),
                            *(at, turn.text, spans, number),
                        )
                    )
        return [hit for hit in sorted(hits, key=lambda hit: -hit.number) if before is None or hit.number < before][
            :limit
        ]

    async def rename(self, owner: str, id: str, title: str) -> None:
        kept = self._kept[id]
        self._kept[id] = replace(kept, entry=replace(kept.entry, title=title, titled_by_hand=True))

    async def delete(self, owner: str, id: str) -> None:
        self._deleted[id] = self._kept.pop(id)

    async def restore(self, owner: str, id: str) -> None:
        self._kept[id] = self._deleted.pop(id)

    async def delete_all(self, owner: str) -> None:
        for kept in self._of(owner):
            del self._kept[kept.entry.id]

    async def keep_days(self, owner: str) -> int | None:
        return self._days.get(owner)

    async def set_keep_days(self, owner: str, days: int | None) -> None:
        self._days[owner] = days

    async def has(self, owner: str, conversation: StoredConversation) -> bool:
        return any(kept.turns == conversation.turns for kept in self._of(owner))

    async def import_conversation(self, owner: str, conversation: StoredConversation) -> str:
        id = uuid4().hex
        self._kept[id] = replace(conversation, entry=replace(conversation.entry, id=id, owner=owner))
        return id

    async def everything(self, owner: str) -> AsyncIterator[StoredConversation]:
        for kept in self._of(owner):
            yield kept

    def _of(self, owner: str) -> list[StoredConversation]:
        return [kept for kept in self._kept.values() if kept.entry.owner == owner]
