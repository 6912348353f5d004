"""How soon a call goes on after its network is back, beside the time from a click to a live call.

    python -m tests.bench.call.recovery [--runs 5]

Parley, its engine and the page share a network of their own, which is cut until the call is recovering, and longer
each time. Linux only, as the administrator. The times include what Playwright needs to see them, some 10 ms.
"""

import asyncio
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Awaitable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import get_args

from components.call.reports import CallState
from components.settings.settings import Transport
from tests.bench.figures import report
from tests.chromium import Chromium
from tests.e2e.cut_network import CutNetwork
from tests.page import EAR, ParleyPage
from tests.parley import Parley

LONGER = 0.7  # seconds; attempts and pauses of the recovery must not fall into step with it


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=5)
    runs = parser.parse_args().runs
    if missing := CutNetwork.missing():
        sys.exit(missing)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with CutNetwork(folder) as network, Chromium.found(folder) as chromium:
            parley = Parley(folder, network=network)
            await parley.start()
            try:
                inside = chromium.by(network.inside)
                for transport in get_args(Transport)[1:]:
                    await measure(transport, network, inside, parley, runs)
                await inside.close()
            finally:
                await parley.kill()


async def measure(transport: Transport, network: CutNetwork, chromium: Chromium, parley: Parley, runs: int) -> None:
    browser_page = await chromium.open_page(init_script=EAR)
    page = await ParleyPage(browser_page, parley.url).open()
    await page.choose_transport(transport)
    await page.call()  # the first one also starts the engine
    await page.hang_up()
    clicks, returns = [], []
    for run in range(runs):
        clicks.append(await milliseconds(page.call()))
        await network.cut()
        await page.wait_state(CallState.RECOVERING.value, within=60)
        await asyncio.sleep(run * LONGER)
        await network.mend()
        returns.append(await milliseconds(page.wait_state(CallState.LIVE.value)))
        await page.hang_up()
    report(f'{transport}: a click to a live call', clicks)
    report(f'{transport}: the return of the network to a live call', returns)
    print(f'{transport}: ratio of the medians {median(returns) / median(clicks):.2f}')
    await chromium.close_page(browser_page)


async def milliseconds(step: Awaitable[object]) -> float:
    begin = perf_counter()
    await step
    return 1000 * (perf_counter() - begin)


if __name__ == '__main__':
    asyncio.run(main())
