"""The figures of the README, by one command: each beside its other side, measured in the same run.

    python -m tests.bench [--only connect text …] [--quick] [--json FILE]

The other benchmarks have commands of their own, see README.md. All need Linux, and the machine for themselves: the last
column is its load.
"""

import asyncio
import sys
import time
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from tests.bench import install
from tests.bench.call import connect
from tests.bench.engine import talking, voice
from tests.bench.figures import Figure, save, table
from tests.bench.history import words
from tests.bench.page import start, text


class Bench(NamedTuple):
    """A benchmark, how many samples it takes, and how many if it is to be quick."""

    measure: Callable[[int], Awaitable[list[Figure]]]
    samples: int
    quick: int


BENCHES = {
    'start': Bench(start.measure, 9, 2),
    'connect': Bench(connect.measure, 15, 3),
    'text': Bench(text.measure, 300, 100),
    'words': Bench(words.measure, 9, 2),
    'voice': Bench(voice.measure, 9, 2),
    'talking': Bench(talking.measure, 3, 1),
    'install': Bench(install.measure, 1, 1),
}


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--only', nargs='+', choices=BENCHES, default=list(BENCHES), help='some of them')
    parser.add_argument('--quick', action='store_true', help='take few samples')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the figures there, too')
    options = parser.parse_args()
    figures: list[Figure] = []
    try:
        for number, name in enumerate(options.only, 1):
            print(f'{number} of {len(options.only)}: {name} …', end=' ', flush=True, file=sys.stderr)
            began, bench = time.monotonic(), BENCHES[name]
            figures += await bench.measure(bench.quick if options.quick else bench.samples)
            print(f'{time.monotonic() - began:.0f} s', flush=True, file=sys.stderr)
    finally:  # of hours of measuring, nothing is lost by a benchmark that fails
        print(table(figures))
        if options.json:
            save(figures, options.json)


if __name__ == '__main__':
    asyncio.run(main())
