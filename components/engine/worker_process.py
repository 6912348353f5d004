"""Starts and ends the processes that load models, so that these do not hold up the engine's event loop."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path


async def start_worker(package: str, *arguments: str, limit: int = 1 << 16) -> Process:
    """Start `main()` of a package of the engine, with pipes for its input and output.

    `limit` is asyncio's for its output: the bytes that are read ahead, and those of the longest line.

    Raises:
        OSError: The process cannot be started.
    """
    command = (sys.executable, '-P', '-c', _PROGRAM.format(package=package), str(_FOLDER), *arguments)
    # in a session of its own: a terminal sends Ctrl+C to all processes of one, even to those that only just start
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=limit, start_new_session=True)


async def end_worker(process: Process, *, within: float) -> None:
    """End a worker by closing its input, or by force if it has not ended `within` so many seconds.

    Drops what it still writes. Nobody else may read its output any more.
    """
    assert process.stdin
    process.stdin.close()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                # not `wait()`: the pipe would stay open if the event loop ends before the rest of the output was read
                await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


_FOLDER = Path(__file__).parent
# The package is found by its folder, which leaves the search path again at once: the other modules here must neither be
# imported with it nor hide those of Python.
_PROGRAM = (
    'import sys; sys.path.insert(0, sys.argv[1]); import {package}; del sys.path[0]; '
    'from {package}.main import main; main()'
)
