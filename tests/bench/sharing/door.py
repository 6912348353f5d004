"""How long guests wait at the door who all come in the same moment.

    python -m tests.bench.sharing.door [--guests 30]

Each opens the joining page, enters passcode and name, and gets the page, over connections of its own with real TLS.
"""

import asyncio
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter

from components.sharing.addresses import lan_addresses, url_host
from tests.bench.figures import report
from tests.parley import Parley, free_port
from tests.sharing.shared import PASSCODE, Shared


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--guests', type=int, default=30)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        arguments = ('--share', '--share-port', str(port), '--passcode', PASSCODE)
        parley = Parley(Path(folder), arguments=arguments)
        await parley.start()
        try:
            shared = Shared(parley, f'https://{url_host(lan_addresses()[0])}:{port}/')
            times = await asyncio.gather(*(come_in(shared, f'Guest {number}') for number in range(options.guests)))
        finally:
            await parley.kill()
    joined, opened = zip(*times, strict=True)
    report('joining page to being in', joined)
    report('joining page to the page', opened)


async def come_in(shared: Shared, name: str) -> tuple[float, float]:
    """Milliseconds until a guest is in, and until the page is there."""
    began = perf_counter()
    async with shared.guest(name) as guest:
        joined = perf_counter()
        (await guest.get('/')).raise_for_status()
        return (joined - began) * 1000, (perf_counter() - began) * 1000


if __name__ == '__main__':
    asyncio.run(main())
