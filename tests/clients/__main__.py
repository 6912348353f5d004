"""Makes the environments of clients, and lets each talk with an engine of its own."""

import asyncio
import subprocess
import sys
from argparse import ArgumentParser

from components.engine import Engine
from tests.engine.served import Served

from .clients import CLIENTS
from .gateway import ENVIRONMENT, try_gateway


async def main() -> None:
    """Run the clients, and exit with 1 if one of them fails."""
    parser = ArgumentParser(prog='python -m tests.clients', description=__doc__)
    parser.add_argument('names', nargs='*', metavar='client', help=f'{", ".join(ALL)} (default: all)')
    names = parser.parse_args().names or ALL
    if unknown := [name for name in names if name not in ALL]:
        parser.error(f'there is no client {unknown[0]}; there are {", ".join(ALL)}')
    failed = []
    for name in names:
        client = CLIENTS.get(name)
        environment = client.environment if client else ENVIRONMENT
        print(f'{name}: {", ".join(environment.requirements)}', flush=True)
        try:
            environment.install()
            async with Served(Engine()) as served:
                if client:
                    print(await asyncio.to_thread(client.talk, served.url))
                else:
                    await try_gateway(served.url)
        except (AssertionError, subprocess.CalledProcessError) as problem:
            print(problem)
            failed.append(name)
    if failed:
        sys.exit(f'Failed: {", ".join(failed)}')


ALL = [*CLIENTS, ENVIRONMENT.name]

if __name__ == '__main__':
    asyncio.run(main())
