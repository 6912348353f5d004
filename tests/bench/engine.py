"""How fast the engine hears, answers and falls silent, what a call costs, and how many calls it holds.

    python -m tests.bench.engine [--runs 5] [--calls 1 2 4 8 12] [--seconds 16]

First a page in Chromium talks with the engine and interrupts it, see `tests.bench.voice`. Then more and more callers
talk with an engine within a web server, see `tests.bench.load`: a frame of sound is late when it leaves the engine a
whole frame (20 ms) after its time, and the lag is that of the loop in which a dashboard would live. The processor time
comes from /proc, so this part runs on Linux only. All processes share the machine, the callers too.
"""

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.parley import free_port

from . import voice
from .figures import report

SETTLING = 2.0  # seconds after the last call was placed
TICKS_A_SECOND = os.sysconf('SC_CLK_TCK') if hasattr(os, 'sysconf') else 100


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=5, help='0 leaves the page out')
    parser.add_argument('--calls', type=int, nargs='+', default=[1, 2, 4, 8, 12])
    parser.add_argument('--seconds', type=float, default=16)
    options = parser.parse_args()
    if options.runs:
        await voice.measure(options.runs)
    for calls in options.calls:
        await measure(calls, options.seconds)


async def measure(calls: int, seconds: float) -> None:
    """Let so many talk for so many seconds."""
    port = free_port()
    async with program('serve', port=port) as server, httpx.AsyncClient(base_url=f'http://127.0.0.1:{port}') as client:
        await answering(client)
        async with program('call', port=port, calls=calls) as callers:
            assert callers.stdout
            await callers.stdout.readline()
            await asyncio.sleep(SETTLING)
            await figures(client)
            before = processor_seconds(server.pid)
            await asyncio.sleep(seconds)
            after = processor_seconds(server.pid)
            seen = await figures(client)
    share = 100 * (sum(after.values()) - sum(before.values())) / seconds
    own = 100 * (after[server.pid] - before[server.pid]) / seconds
    print(
        f'{calls} calls: {share:.0f} % of a core, {share / calls:.1f} % a call; {own:.0f} % but for the speech workers'
    )
    print(f'{calls} calls: {seen["late"]} of {seen["frames"]} frames late, the worst {seen["worst_ms"]:.0f} ms')
    report(f'{calls} calls: lag of the dashboard', seen['lags_ms'])


async def figures(client: httpx.AsyncClient) -> dict[str, Any]:
    read: dict[str, Any] = (await client.get('/figures')).raise_for_status().json()
    return read


async def answering(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await figures(client)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


@asynccontextmanager
async def program(role: str, *, port: int, calls: int = 1) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-m', 'tests.bench.load', role, '--port', str(port), '--calls', str(calls)),
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def processor_seconds(group: int) -> dict[int, float]:
    """What each process of a group has used so far."""
    used = {}
    for stat in Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = stat.read_text().rpartition(')')[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[2]) == group:  # pgrp, see proc(5)
            used[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND  # utime, stime
    return used


if __name__ == '__main__':
    asyncio.run(main())
