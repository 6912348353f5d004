"""Makes the environments of clients, and lets each talk with an engine of its own."""

import asyncio
import subprocess
import sys
from argparse import ArgumentParser

from components.engine import Engine
from tests.engine.served import Served

from .clients import CLIENTS


async def main() -> None:
    """Run the clients, and exit with 1 if one of them fails."""
    parser = ArgumentParser(prog='python -m tests.clients', description=__doc__)
    parser.add_argument('names', nargs='*', metavar='client', help=f'{", ".join(CLIENTS)} (default: all)')
    names = parser.parse_args().names or list(CLIENTS)
    if unknown := [name for name in names if name not in CLIENTS]:
        parser.error(f'there is no client {unknown[0]}; there are {", ".join(CLIENTS)}')
    failed = []
    for client in (CLIENTS[name] for name in names):
        print(f'{client.name}: {", ".join(client.requirements)}', flush=True)
        try:
            client.install()
            async with Served(Engine()) as served:
                print(await asyncio.to_thread(client.talk, served.url))
        except (AssertionError, subprocess.CalledProcessError) as problem:
            print(problem)
            failed.append(client.name)
    if failed:
        sys.exit(f'Failed: {", ".join(failed)}')


if __name__ == '__main__':
    asyncio.run(main())
