"""The processor time and memory of processes. Reads Linux's /proc, see proc(5)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.parley import Parley

TICKS_A_SECOND = os.sysconf('SC_CLK_TCK') if hasattr(os, 'sysconf') else 100
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of a `stat` behind the name


def processor_seconds(parley: Parley) -> float:
    """Return the processor time that a Parley and its threads have used so far."""
    fields = _fields(_process(parley) / 'stat')
    return _seconds(fields)


def threads_seconds(parley: Parley) -> float:
    """Return the processor time that the living threads of a Parley have used so far, counted in nanoseconds."""
    counts = (thread / 'schedstat' for thread in (_process(parley) / 'task').iterdir())
    return sum(int(count.read_text().split()[0]) for count in counts) / 1e9


def memory_mb(parley: Parley) -> float:
    """Return the resident memory of a Parley, without its workers."""
    status = (_process(parley) / 'status').read_text()
    return int(status.partition('VmRSS:')[2].split()[0]) / 1000


def family_seconds(root: int) -> float:
    """Return the processor time that a process and its living descendants have used so far.

    Speech workers are in sessions of their own, so the process group would not do.
    """
    return sum(_seconds(fields) for _, fields in _family(root))


def family_memory_mb(root: int) -> float:
    """Return the memory of a process and its descendants, where shared memory counts by its part (PSS)."""
    rollups = ((process / 'smaps_rollup').read_text() for process, _ in _family(root))
    return sum(int(rollup.partition('\nPss:')[2].split()[0]) for rollup in rollups) / 1000


def give_way() -> None:
    """Let this process, which leads a session, leave most of the processor to others that want it.

    Linux may weigh niceness within a session only, and give each session one of its own ("autogroup" in sched(7)).
    """
    assert os.getsid(0) == os.getpid()
    os.nice(_GIVING_WAY)
    with suppress(FileNotFoundError):  # it does not
        Path('/proc/self/autogroup').write_text(str(_GIVING_WAY))


def _process(parley: Parley) -> Path:
    assert parley._process
    return Path(f'/proc/{parley._process.pid}')


def _family(root: int) -> Iterator[tuple[Path, list[str]]]:
    found: dict[int, tuple[Path, list[str]]] = {}
    for stat in Path('/proc').glob('[0-9]*/stat'):
        with suppress(OSError):  # it has ended meanwhile
            found[int(stat.parent.name)] = stat.parent, _fields(stat)
    for pid, process in found.items():
        ancestor = pid
        while ancestor != root and ancestor in found:
            ancestor = int(found[ancestor][1][_PARENT])
        if ancestor == root:
            yield process


def _fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(')')[2].split()


def _seconds(fields: list[str]) -> float:
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / TICKS_A_SECOND


_GIVING_WAY = 10  # a niceness; with 19 callers send so late on a busy machine that their questions fall to pieces
