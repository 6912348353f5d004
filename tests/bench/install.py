"""The cost of a fresh install, beside that of NiceGUI alone or of another list of requirements.

    python -m tests.bench.install [--runs 1] [--other requirements.txt]

Each install gets an environment of its own, and pip no cache, so packages are fetched every time: the processor time is
what a machine needs, while the seconds depend on the network.
"""

import asyncio
import os
import resource
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure, Side, figure, table
from tests.parley import ROOT


@dataclass(frozen=True)
class Installed:
    """The cost of an install: processor time in seconds, and 10⁶ bytes on disk."""

    seconds: float
    megabytes: float


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=1)
    parser.add_argument('--other', type=Path, help='a list of requirements to compare with, instead of NiceGUI alone')
    options = parser.parse_args()
    print(table(await measure(options.runs, options.other)))


async def measure(runs: int, other: Path | None = None) -> list[Figure]:
    """Install so many times, in turns with the other side."""
    arguments = ('-r', str(other)) if other else ('nicegui',)
    pairs = [(await installed(('-r', str(ROOT / 'requirements.txt'))), await installed(arguments)) for _ in range(runs)]
    ours, theirs = zip(*pairs, strict=True)
    name = str(other) if other else 'NiceGUI alone'
    return [
        figure(
            'processor time of a fresh install',
            [each.seconds for each in ours],
            's',
            against=Side(name, [each.seconds for each in theirs]),
        ),
        figure(
            'size of a fresh install',
            [each.megabytes for each in ours],
            'MB',
            against=Side(name, [each.megabytes for each in theirs]),
        ),
    ]


async def installed(arguments: Sequence[str]) -> Installed:
    """Install into a new environment."""
    with tempfile.TemporaryDirectory() as name:
        environment = Path(name) / 'venv'
        await run(sys.executable, '-m', 'venv', str(environment))
        before = children_seconds()
        pip = (str(environment / 'bin' / 'python'), '-m', 'pip', 'install', '--quiet', '--no-cache-dir')
        await run(*pip, *arguments)
        files = (each.lstat() for each in environment.rglob('*'))
        return Installed(children_seconds() - before, sum(each.st_blocks for each in files) * 512 / 1e6)


async def run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, 'PIP_DISABLE_PIP_VERSION_CHECK': '1'})
    if await process.wait():
        raise SystemExit(f'{" ".join(command)} failed')


def children_seconds() -> float:
    """Return the processor time of all programs that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == '__main__':
    asyncio.run(main())
