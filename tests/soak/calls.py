"""Places call after call on one page, and prints what they leave behind.

    python -m tests.soak.calls [--calls 200] [--transport webrtc|relay]

In every tenth call something is asked and answered aloud. Memory, descriptors, threads and tasks of the program must
level off, the page must report no error, and the program no traceback.
"""

import asyncio
import sys
from argparse import ArgumentParser

from .figures import growth
from .watched import Transport, watched

ROUND = 10
MOST_GROWTH = 24.0
"""MB in the second half: Python's and the recogniser's allocators take some."""


async def soak(calls: int, transport: Transport) -> list[str]:
    """Place so many calls. Returns the problems."""
    figures = []
    async with watched(transport) as run:
        for number in range(1, calls + 1):
            await run.page.call()
            if number % ROUND == 1:
                await run.ask(number)
            await run.page.hang_up()
            if number % ROUND == 0:
                figures.append(await run.settled(pages=1))
                print(f'{transport}: {number:4} calls: {figures[-1]}; {await run.browser()}', flush=True)
    return [*run.errors, *growth(figures, megabytes=MOST_GROWTH)]


async def main() -> None:
    """Run the soak, and exit with 1 if it finds anything."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--calls', type=int, default=200, help='how many by each transport')
    parser.add_argument('--transport', choices=('webrtc', 'relay'))
    options = parser.parse_args()
    transports: list[Transport] = [options.transport] if options.transport else ['webrtc', 'relay']
    problems = [problem for transport in transports for problem in await soak(options.calls, transport)]
    print(*problems or ['Everything levels off.'], sep='\n')
    sys.exit(bool(problems))


if __name__ == '__main__':
    asyncio.run(main())
