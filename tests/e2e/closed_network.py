"""A network that lets only the page through: Chromium in a namespace of its own, with one TCP way out of it."""

import asyncio
import shutil
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

# Inside: carries each TCP connection to `port` out through a Unix socket; ends when the first one, which is for that
# alone, is closed.
FORWARD = """
import asyncio, sys

async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()

async def main(port, path):
    async def carry(reader, writer):
        out_reader, out_writer = await asyncio.open_unix_connection(path)
        await asyncio.gather(pump(reader, out_writer), pump(out_reader, writer))

    alive, _ = await asyncio.open_unix_connection(path)
    async with await asyncio.start_server(carry, '127.0.0.1', port):
        await alive.read()

asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
"""


class ClosedNetwork:
    """Runs a browser where nothing but TCP to `port` of this machine's loopback leads anywhere."""

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._stack = AsyncExitStack()

    @staticmethod
    def missing() -> str:
        """Why this machine cannot have one; '' if it can."""
        if not shutil.which('unshare') or not shutil.which('ip'):
            return 'unshare and ip of Linux are needed to close a network.'
        trial = subprocess.run(['unshare', '--net', 'ip', 'link', 'set', 'lo', 'up'], capture_output=True, check=False)
        return f'A network can be closed by the administrator only: {trial.stderr!r}' if trial.returncode else ''

    async def __aenter__(self) -> 'ClosedNetwork':
        path = str(self._directory / 'way-out')
        server = await asyncio.start_unix_server(self._carry, path)
        await self._stack.enter_async_context(server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers:
            writer.close()
        await self._stack.aclose()

    def inside(self, executable: Path) -> Path:
        """A program that runs this one inside."""
        forward = self._directory / 'forward.py'
        forward.write_text(FORWARD)
        script = self._directory / f'closed-{executable.name}.sh'
        way_out = f'{sys.executable} {forward} {self._port} {self._directory / "way-out"}'
        script.write_text(
            f"""#!/bin/sh
exec unshare --net sh -c 'ip link set lo up; {way_out} </dev/null >/dev/null 2>&1 & exec {executable} "$@"' sh "$@"
"""
        )
        script.chmod(0o700)
        return script

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        if len(self._writers) == 1:
            return  # it says nothing, but that the namespace is there
        out_reader, out_writer = await asyncio.open_connection('127.0.0.1', self._port)
        self._writers.append(out_writer)
        await asyncio.gather(_pump(reader, out_writer), _pump(out_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # either side may break off
    finally:
        writer.close()
