"""Kills Parley with -9 at fifty seeded moments of a conversation, and compares what looked finished with the store.

    python -m tests.soak.killed [--moments 50] [--seed 2]

The suite does the same at three moments. A moment that fails can be repeated by its seed.
"""

import asyncio
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from tests.chromium import Chromium
from tests.e2e.killed import KilledConversation, moments
from tests.parley import Parley


def main() -> None:
    """Kill the program again and again."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--moments', type=int, default=50)
    parser.add_argument('--seed', type=int, default=2)
    options = parser.parse_args()
    asyncio.run(kill(options.seed, options.moments))


async def kill(seed: int, count: int) -> None:
    """Kill it at so many moments. Prints each before it comes."""
    with tempfile.TemporaryDirectory() as folder:
        async with Chromium.found(Path(folder)) as chromium:
            browser = await chromium.silent()
            context = await browser.new_context(permissions=['microphone'])
            parley = Parley(Path(folder))
            conversation = KilledConversation(parley, context)
            for number, moment in enumerate(moments(seed, count), start=1):
                print(f'{number:3} {moment}', flush=True)
                await conversation.kill_at(moment)
            parley.assert_no_traceback()
    print(
        f'{len(conversation.finished)} turns that looked finished are stored, with the same words, once and in order.'
    )


if __name__ == '__main__':
    main()
