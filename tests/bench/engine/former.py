"""Today's engine beside a former one under the same load: what talking calls cost, and how many packets are late.

    python -m tests.bench.engine.former REPOSITORY PYTHON [--calls 4 8 12] [--runs 3] [--seconds 10]

The former engine is that of another checkout, run by a Python with its requirements. Both take turns in short runs, and
the same callers talk with them. See `tests.bench.engine.talking` for how it is measured. With pocketsphinx and eSpeak:

    commit=$(git log -1 --format=%h -S 'pocketsphinx==' -- requirements.txt)
    git worktree add --detach ../former $commit~1
    python3.11 -m venv ../former/.venv && ../former/.venv/bin/pip install -r ../former/requirements.txt
    python -m tests.bench.engine.former ../former ../former/.venv/bin/python
"""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from tests.bench.figures import Figure, table

from .talking import SECONDS, Served, Talked, summed_up, talked


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('repository', type=Path)
    parser.add_argument('python', type=Path)
    parser.add_argument('--calls', type=int, nargs='+', default=[4, 8, 12])
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--seconds', type=float, default=SECONDS)
    options = parser.parse_args()
    former = Served(options.repository.absolute(), str(options.python.absolute()))
    figures: list[Figure] = []
    for calls in options.calls:
        figures += await measure(former, calls, options.runs, options.seconds)
    print(table(figures))


async def measure(former: Served, calls: int, runs: int, seconds: float) -> list[Figure]:
    """Let so many talk with either engine in turns."""
    ours, theirs = list[Talked](), list[Talked]()
    for _ in range(runs):
        ours.append(await talked(Served(), calls, seconds))
        theirs.append(await talked(former, calls, seconds))
    return list(summed_up(calls, ours, ('the former engine', theirs)))


if __name__ == '__main__':
    asyncio.run(main())
