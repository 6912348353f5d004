"""The cost of talking calls to the engine, and how many it holds without a late packet.

    python -m tests.bench.engine.talking [--runs 3] [--calls 1 8 12] [--seconds 10] [--together]

Callers, each of whom asks something every ten seconds, talk with an engine within a web server. A packet of sound is
late when it leaves the engine a whole packet (20 ms) after its time; the lag is that of the loop in which a dashboard
would live. Runs are short and take turns, since other programs on a machine come and go. Processor time and memory come
from /proc, so this runs on Linux only. All processes share the machine, the callers too.
"""

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import httpx

from tests.bench.figures import Figure, Side, figure, table
from tests.bench.processes import family_memory_mb, family_seconds
from tests.parley import ROOT, free_port

CALLS = (1, 8, 12)
SECONDS = 10.0  # of a run; everybody asks once in it
SETTLING = 2.0  # seconds after the last call was placed
LATE = 20.0  # milliseconds: a whole packet


@dataclass(frozen=True)
class Talked:
    """An engine while many talked: `share` of a core per call in %, `memory` in MB, times in ms."""

    share: float
    memory: float
    lateness: list[float]
    first_sounds: list[float]
    lags: list[float]


@dataclass(frozen=True)
class Served:
    """The engine of a repository, and the Python that runs it."""

    repository: Path = ROOT
    python: str = sys.executable


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--calls', type=int, nargs='+', default=CALLS)
    parser.add_argument('--seconds', type=float, default=SECONDS)
    parser.add_argument('--together', action='store_true', help='all ask at the same moment, so their answers overlap')
    options = parser.parse_args()
    print(table(await measure(options.runs, options.calls, options.seconds, together=options.together)))


async def measure(
    runs: int, calls: Sequence[int] = CALLS, seconds: float = SECONDS, *, together: bool = False
) -> list[Figure]:
    """Let each number of callers talk in turns, in so many runs. The first number is the other side."""
    seen = {count: list[Talked]() for count in calls}
    for _ in range(runs):
        for count in calls:
            seen[count].append(await talked(Served(), count, seconds, together=together))
    first, *more = calls
    return [
        *summed_up(first, seen[first]),
        *(each for count in more for each in summed_up(count, seen[count], (f'{first} talking', seen[first]))),
    ]


def summed_up(calls: int, runs: list[Talked], other: tuple[str, list[Talked]] | None = None) -> Iterator[Figure]:
    """Make the figures of runs with so many calls, beside those of other runs."""

    def compared(words: str, unit: str, values: Callable[[list[Talked]], list[float]]) -> Figure:
        side = Side(other[0], values(other[1])) if other else None
        return figure(f'{words}, {calls} talking', values(runs), unit, against=side)

    yield compared('processor time of a call', '% of a core', lambda runs: [run.share for run in runs])
    late = compared(f'packets over {LATE:.0f} ms late', '%', lambda runs: [_late(_all(run.lateness for run in runs))])
    yield replace(late, n=sum(len(run.lateness) for run in runs), p95=None)
    yield compared('latest packet of a run', 'ms', lambda runs: [max(run.lateness) for run in runs])
    yield compared('end of speech to first sound', 'ms', lambda runs: _all(run.first_sounds for run in runs))
    yield compared("lag of the server's loop", 'ms', lambda runs: _all(run.lags for run in runs))
    yield compared('memory with workers (PSS)', 'MB', lambda runs: [run.memory for run in runs])


def _late(lateness: list[float]) -> float:
    return 100 * sum(each > LATE for each in lateness) / len(lateness)


def _all(runs: Iterable[list[float]]) -> list[float]:
    return list(chain.from_iterable(runs))


async def talked(served: Served, calls: int, seconds: float, *, together: bool = False) -> Talked:
    """Start an engine, let so many talk with it for so many seconds, and end it."""
    port = free_port()
    url = f'http://127.0.0.1:{port}'
    async with program(served, 'serving.py', '--port', str(port)) as server, httpx.AsyncClient(base_url=url) as client:
        await answering(client)
        options = ['--calls', str(calls), *(['--together'] if together else [])]
        async with program(Served(), 'callers.py', url, *options) as callers:
            assert callers.stdout
            await callers.stdout.readline()
            await asyncio.sleep(SETTLING)
            await read(client)
            before = family_seconds(server.pid)
            await asyncio.sleep(seconds)
            spent = family_seconds(server.pid) - before
            seen = await read(client)
            memory = family_memory_mb(server.pid)
    return Talked(100 * spent / seconds / calls, memory, **seen)


async def read(client: httpx.AsyncClient) -> dict[str, list[float]]:
    """Return what the server measured since the last look, by the names of `serving.Meters`."""
    seen: dict[str, list[float]] = (await client.get('/figures')).raise_for_status().json()
    return seen


async def answering(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await read(client)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


@asynccontextmanager
async def program(served: Served, script: str, *arguments: str) -> AsyncIterator[Process]:
    """Run one of the programs of this folder with what it imports from the repository."""
    process = await asyncio.create_subprocess_exec(
        *(served.python, '-P', str(Path(__file__).with_name(script)), *arguments),
        cwd=served.repository,
        env={**os.environ, 'PYTHONPATH': str(served.repository)},
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


if __name__ == '__main__':
    asyncio.run(main())
