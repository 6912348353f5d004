"""Which conversation has which slot of the model, where its evaluated prompt is kept between turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(eq=False)
class _Slot:
    conversation: str
    used: float


class Slots:
    """Gives each conversation a slot of its own.

    llama.cpp would choose by the common beginning of the prompts, but conversations with the same persona share that,
    and would drive each other out.

    Args:
        count: How many slots there are.
        idle_seconds: After this time without an answer, a conversation may lose its slot to a new one, which saves it
            from evaluating the same instructions again.
        now: Tells the time in seconds.
    """

    def __init__(self, count: int, *, idle_seconds: float = 120.0, now: Callable[[], float] = monotonic) -> None:
        self._count = count
        self._idle_seconds = idle_seconds
        self._now = now
        self._slots: list[_Slot] = []

    def of(self, conversation: str) -> int:
        """Return the slot of a conversation that is about to get an answer; '' is one in which nothing was said yet."""
        slot = next((slot for slot in self._slots if slot.conversation == conversation), None) or self._assign()
        slot.conversation, slot.used = conversation, self._now()
        return self._slots.index(slot)

    def _assign(self) -> _Slot:
        if greeted := next((slot for slot in self._slots if not slot.conversation), None):
            return greeted
        oldest = min(self._slots, key=lambda slot: slot.used, default=None)
        if oldest and (len(self._slots) == self._count or self._now() - oldest.used >= self._idle_seconds):
            return oldest
        self._slots.append(_Slot('', self._now()))
        return self._slots[-1]
