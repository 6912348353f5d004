"""Writes one conversation as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from components.conversation.transcript.summary import Summary
from components.conversation.transcript.turn import Status, Turn

from .changes import Changes
from .entries import CallEntry, StoredConversation
from .writer import Writer


@dataclass(frozen=True)
class Stored:
    """Turns that have just been written as they are now. `finished` are those that had ended.

    With `is_deleted` they were not, nor will any more, because the conversation has been deleted for good.
    """

    finished: frozenset[str]
    is_deleted: bool = False


class Journal:
    """Writes one conversation as it happens. Its methods return at once; the writer works in a thread of its own.

    Args:
        writer: Writes the changes.
        owner: Whose conversation it is.
        conversation_id: Identifies it.
        stored: The part that has been kept so far.
        on_stored: Called on the event loop after turns were written, or could not be because all was deleted.
        now: Tells the time in Unix seconds.
    """

    def __init__(
        self,
        writer: Writer,
        owner: str,
        conversation_id: str,
        stored: StoredConversation | None,
        on_stored: Callable[[Stored], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.off_the_record = False
        self.is_deleted = False
        self._writer, self._owner, self._id = writer, owner, conversation_id
        self._on_stored, self._now = on_stored, now
        turns, positions = (stored.turns, stored.positions) if stored else ((), ())
        self._is_new = stored is None
        self._positions = {turn.item_id: position for turn, position in zip(turns, positions, strict=True)}
        self._calls: dict[int, CallEntry] = {}
        self._persona: str | None = None

    def describe(self, persona: str) -> None:
        """Note the persona that the user talks with."""
        if persona != self._persona:
            self._persona = persona
            self._write(persona=persona)

    def call_began(self, call: CallEntry) -> None:
        """Note a new call."""
        self._change_call(call)

    def call_ended(self, number: int, at: float, reason: str) -> None:
        """Note the end of a call. Does nothing if it never was live, or has ended already."""
        if (call := self._calls.get(number)) and call.ended_at is None:
            self._change_call(replace(call, ended_at=at, end_reason=reason))

    def used(self, number: int, usage: dict[str, int]) -> None:
        """Add tokens to what a call has used."""
        if call := self._calls.get(number):
            kinds = call.usage.keys() | usage.keys()
            self._change_call(replace(call, usage={k: call.usage.get(k, 0) + usage.get(k, 0) for k in sorted(kinds)}))

    def keeps(self, turn: Turn) -> bool:
        """Tell whether a turn is kept, or will be: it was not said off the record."""
        return turn.item_id in self._positions

    def summarised(self, summary: Summary) -> None:
        """Keep a summary of the older part."""
        self._write(summary=summary)

    def keep(self, turns: Sequence[Turn], changed: Collection[str]) -> None:
        """Keep changed turns.

        :param turns: all turns in their order
        :param changed: the ids of those that came, changed, moved or vanished
        """
        if self.off_the_record:
            return
        present = {turn.item_id for turn in turns}
        removed = {id for id in changed if id not in present and self._positions.pop(id, None) is not None}
        written = {}
        places = self._place(turns, changed)
        for turn in turns:
            if turn.item_id in changed or turn.item_id in places:
                if turn.item_id not in self._positions:
                    continue  # it was said off the record
                written[turn.item_id] = self._positions[turn.item_id], turn
        self._write(turns=written, removed=removed)

    def update(self, turns: Sequence[Turn]) -> bool:
        """Keep turns that changed, and did not move. Its cost does not grow with the number of turns.

        Returns False, and keeps nothing, if some of them are new here.
        """
        if self.off_the_record:
            return True
        if not all(map(self.keeps, turns)):
            return False
        self._write(turns={turn.item_id: (self._positions[turn.item_id], turn) for turn in turns})
        return True

    def _place(self, turns: Sequence[Turn], changed: Collection[str]) -> set[str]:
        """Give changed turns positions between those of their neighbours. Returns the ids of those that have moved."""
        moved = set()
        first = next((place for place, turn in enumerate(turns) if turn.item_id in changed), len(turns))
        before = max((self._positions.get(turn.item_id, 0.0) for turn in turns[:first]), default=0.0)
        for place in range(first, len(turns)):
            id = turns[place].item_id
            if id not in self._positions and id not in changed:
                continue
            position = self._positions.get(id)
            if position is None or position <= before:
                after = next(
                    (p for turn in turns[place + 1 :] if (p := self._positions.get(turn.item_id, 0.0)) > before), None
                )
                position = before + 1.0 if after is None else (before + after) / 2
                if position <= before:  # two neighbours are too close for a number between them
                    position = before + 1.0
                self._positions[id] = position
                moved.add(id)
            before = position
        return moved

    def _change_call(self, call: CallEntry) -> None:
        self._calls[call.number] = call
        self._write(calls={call.number: call})

    def _write(
        self,
        *,
        persona: str | None = None,
        calls: dict[int, CallEntry] | None = None,
        turns: dict[str, tuple[float, Turn]] | None = None,
        removed: set[str] | None = None,
        summary: Summary | None = None,
    ) -> None:
        if self.off_the_record or self.is_deleted:
            return
        changes = Changes(
            self._owner,
            self._id,
            persona,
            self._now(),
            calls or {},
            turns or {},
            removed or set(),
            summary,
            self._is_new,
        )
        if changes and self._writer.add(changes, self._report):
            self._is_new = False

    def _report(self, changes: Changes, is_written: bool) -> None:
        self.is_deleted |= not is_written
        finished = frozenset(id for id, (_, turn) in changes.turns.items() if turn.status is not Status.OPEN)
        self._on_stored(Stored(finished, self.is_deleted))
