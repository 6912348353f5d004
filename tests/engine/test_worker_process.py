"""The end of a worker process."""

import asyncio
import sys
from asyncio.subprocess import PIPE

from components.engine.worker_process import end_worker

TALKATIVE = """
import sys
sys.stdout.write('x' * 1_000_000)
sys.stdout.flush()
sys.stdin.read()
"""


async def test_a_worker_whose_output_nobody_reads_ends_by_itself() -> None:
    worker = await asyncio.create_subprocess_exec(sys.executable, '-c', TALKATIVE, stdin=PIPE, stdout=PIPE)
    await end_worker(worker, within=20)
    assert worker.returncode == 0
    assert worker.stdout
    assert worker.stdout.at_eof()  # so the pipe is closed


async def test_a_worker_that_does_not_end_is_killed() -> None:
    stuck = 'import time; time.sleep(600)'
    worker = await asyncio.create_subprocess_exec(sys.executable, '-c', stuck, stdin=PIPE, stdout=PIPE)
    await end_worker(worker, within=0.1)
    assert worker.returncode not in (0, None)
