"""How the benchmarks print what they measured."""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.parley import Parley


def report(name: str, times: Sequence[float]) -> None:
    """Print median and 95th percentile of times in milliseconds."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f'{name}: p50 {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms (n={len(ordered)})')


def processor_seconds(parley: Parley) -> float:
    """Return the processor time that a Parley and its threads have used so far. Reads Linux's /proc."""
    assert parley._process
    fields = Path(f'/proc/{parley._process.pid}/stat').read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
