"""The programs of the engine's README, run as they stand there."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from openai import AsyncOpenAI

import components.engine
from tests.parley import free_port

from .served import connected

README = Path(components.engine.__file__).with_name('README.md')
MOUNTED, ASKING = re.findall(r'```python\n(.*?)```', README.read_text(), re.DOTALL)


@asynccontextmanager
async def running(code: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python program, until the end of the context."""
    path = folder / 'program.py'
    path.write_text(code)
    environ = {**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)}
    program = await asyncio.create_subprocess_exec(
        sys.executable, path, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.terminate()
        async with asyncio.timeout(30):
            await program.communicate()  # which also closes the pipes


async def test_an_engine_is_mounted_in_an_app(tmp_path: Path) -> None:
    port = free_port()
    async with asyncio.timeout(60), running(MOUNTED.replace('run(app)', f'run(app, port={port})'), tmp_path) as program:
        assert program.stderr
        while b'running on' not in await program.stderr.readline():
            pass
        client = AsyncOpenAI(base_url=f'http://127.0.0.1:{port}/v1', api_key='any', max_retries=0)
        async with connected(client.realtime.connect(model='rehearsal-1')) as session:
            assert (await session.until('session.created'))['session']['model'] == 'rehearsal-1'


async def test_a_program_asks_a_question(tmp_path: Path) -> None:
    async with asyncio.timeout(60), running(ASKING, tmp_path) as program:
        output, _ = await program.communicate()
    assert (program.returncode, output.decode().strip()[-2:]) == (0, '5.')
