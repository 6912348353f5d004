"""Loads the page again and again, and prints what the loads leave behind.

    python -m tests.soak.page_loads [--loads 500] [--empty]

Python keeps a page for a minute after it has gone, so that its browser can come back. The figures are therefore taken
after each fifth of the loads, once all pages but the last are forgotten. `--empty` loads the page of an empty NiceGUI
program as often before, and compares what both have gained.
"""

import asyncio
import sys
from argparse import ArgumentParser

from .figures import growth
from .watched import watched

ROUNDS = 5
MOST_GROWTH = 16.0
"""MB in the second half: freed memory is not always given back to the system."""
MOST_OTHERS = 8
"""A page that was just loaded has more tasks than one of a minute ago."""


async def soak(loads: int, script: str) -> tuple[float, float, list[str]]:
    """Load a program's page so often. Returns the MB after the first fifth and after the last, and the problems."""
    figures = []
    async with watched(None, script) as run:
        for round in range(1, ROUNDS + 1):
            for _ in range(loads // ROUNDS):
                await run.page.open()
            at_once = await run.holdings()
            figures.append(await run.settled(pages=1))
            print(f'{round * (loads // ROUNDS):4} loads: {figures[-1]} (before: {at_once})', flush=True)
    problems = [*run.errors, *growth(figures, megabytes=MOST_GROWTH, others=MOST_OTHERS)]
    return figures[0].memory, figures[-1].memory, problems


async def main() -> None:
    """Run the soak, and exit with 1 if it finds anything."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--loads', type=int, default=500)
    parser.add_argument('--empty', action='store_true', help='compare with an empty NiceGUI program')
    options = parser.parse_args()
    bare = await soak(options.loads, 'tests/soak/empty.py') if options.empty else None
    first, last, problems = await soak(options.loads, 'tests/soak/observed.py')
    if bare:
        bare_first, bare_last, _ = bare
        print(f'Parley gained {last - first:.1f} MB, the empty program {bare_last - bare_first:.1f}.')
        print(f'Parley holds {last / bare_last:.2f} times as much as the empty program in the end.')
    print(*problems or ['Everything levels off.'], sep='\n')
    sys.exit(bool(problems))


if __name__ == '__main__':
    asyncio.run(main())
