"""The memory, descriptors and threads of a running program, and whether they level off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """The figures of a program at one moment. Memory is in MB, that of child processes included."""

    memory: float
    descriptors: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Figures:
        """Measure a program on Linux."""
        proc = Path('/proc', str(pid))
        memory = sum(_kilobytes(each) for each in family(pid)) / 1024
        threads = int(re.findall(r'^Threads:\s+(\d+)', (proc / 'status').read_text(), re.M)[0])
        return cls(memory, len(list((proc / 'fd').iterdir())), threads)

    def __str__(self) -> str:
        """Return the figures as part of a line."""
        return f'{self.memory:6.1f} MB, {self.descriptors:3} descriptors, {self.threads:2} threads'


@dataclass(frozen=True)
class Holdings(Figures):
    """The figures of a Parley, see `observed`: also tasks of both event loops, pages in Python, calls of the engine."""

    tasks: int
    pages: int
    calls: int

    def __str__(self) -> str:
        """Return the figures as part of a line."""
        return f'{super().__str__()}, {self.tasks:2} tasks, {self.pages:2} pages, {self.calls} calls'


def growth(figures: Sequence[Figures], *, megabytes: float, others: int = 3) -> list[str]:
    """Return in which figures a program has more than it had, beyond an allowance.

    Memory is compared between the middle of the run and its end, since a program that was just started fills caches;
    the other figures between the beginning and the end.
    """
    first, middle, last = figures[0], figures[len(figures) // 2], figures[-1]
    problems = []
    if last.memory - middle.memory > megabytes:
        problems.append(f'Memory grew from {middle.memory:.0f} to {last.memory:.0f} MB in the second half.')
    for name, value in asdict(first).items():
        if name != 'memory' and asdict(last)[name] - value > others:
            problems.append(f'There were {value} {name} at the beginning, and {asdict(last)[name]} at the end.')
    return problems


def family(pid: int) -> list[int]:
    """Return the ids of a process and of all that it has started."""
    children = ' '.join(path.read_text() for path in Path('/proc', str(pid), 'task').glob('*/children')).split()
    return [pid, *(each for child in children for each in family(int(child)))]


def _kilobytes(pid: int) -> int:
    """Return the memory of one process, with its part of what it shares with others."""
    return int(re.findall(r'^Pss:\s+(\d+)', Path('/proc', str(pid), 'smaps_rollup').read_text(), re.M)[0])
