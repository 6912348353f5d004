"""The figures of the benchmarks, and their table."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Side:
    """The other side of a comparison, measured in turns with the figure; pairs with it if both have as many values."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Figure:
    """One measured thing. Values are medians of `n` samples.

    `ratio` is the median of the ratios to the other side, pair by pair where they are pairs, so a machine that grows
    busier on the way changes it little. `load` is that of the machine in the minute before the figure was made.
    """

    name: str
    value: float
    unit: str
    n: int
    load: float
    p95: float | None = None
    other: str = ''
    other_value: float | None = None
    ratio: float | None = None


def figure(name: str, values: Sequence[float], unit: str = 'ms', *, against: Side | None = None) -> Figure:
    """Sum up what was measured just now."""
    made = Figure(name, statistics.median(values), unit, len(values), os.getloadavg()[0], p95=percentile(values, 95))
    if not against:
        return made
    median = statistics.median(against.values)
    return replace(made, other=against.name, other_value=median, ratio=_ratio(values, against.values))


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    if len(ours) != len(theirs):
        ours, theirs = [statistics.median(ours)], [statistics.median(theirs)]
    ratios = [our / their for our, their in zip(ours, theirs, strict=True) if their]
    return statistics.median(ratios) if ratios else None


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * len(ordered)))]


def report(name: str, times: Sequence[float]) -> None:
    """Print median and 95th percentile of times in milliseconds."""
    print(f'{name}: p50 {statistics.median(times):.0f} ms, p95 {percentile(times, 95):.0f} ms (n={len(times)})')


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of text, one each."""
    rows = [('', 'median', 'p95', 'ratio', 'other side', '', 'n', 'load'), *(_row(each) for each in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return '\n'.join(
        '  '.join(
            cell.ljust(width) if place in _WORDS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def save(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures as JSON, with the time and the machine."""
    run = {
        'at': datetime.now(UTC).isoformat(timespec='seconds'),
        'cores': os.cpu_count(),
        'python': platform.python_version(),
        'figures': [asdict(each) for each in figures],
    }
    file.write_text(json.dumps(run, indent=2) + '\n')


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f'{_number(figure.value)} {figure.unit}'.strip(),
        _number(figure.p95),
        f'{figure.ratio:.2f}' if figure.ratio is not None else '',
        _number(figure.other_value),
        figure.other,
        str(figure.n),
        f'{figure.load:.1f}',
    )


def _number(value: float | None) -> str:
    """Write three digits, or all before the point."""
    if value is None:
        return ''
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'


_WORDS = {0, 5}  # columns
