"""How the benchmarks print what they measured."""

import statistics
from collections.abc import Sequence


def report(name: str, times: Sequence[float]) -> None:
    """Print median and 95th percentile of times in milliseconds."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f'{name}: p50 {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms (n={len(ordered)})')
