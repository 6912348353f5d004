"""The computer, as far as a model needs to know it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from .models import ListedModel


@dataclass(frozen=True)
class Machine:
    """The memory of this computer in bytes, None where it is not known, and its cores."""

    memory: int | None
    cores: int

    @classmethod
    def this(cls) -> Machine:
        """Return this computer."""
        available = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
        return cls(_memory(), available or 1)

    def recommended(self, models: Iterable[ListedModel]) -> ListedModel:
        """Return the model that suits this computer best.

        That is the largest one which takes at most half of the memory. With few cores, or if the memory is not known,
        it is the smallest, since a larger one would answer slowly.
        """
        by_size = sorted(models, key=lambda model: model.memory_mb)
        if self.memory is None or self.cores < _MANY_CORES:
            return by_size[0]
        return [model for model in by_size if model.memory_mb * 2_000_000 <= self.memory or model is by_size[0]][-1]


def _memory() -> int | None:
    try:
        return os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None


_MANY_CORES = 6
