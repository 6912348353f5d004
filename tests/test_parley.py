"""The start and end of a program under test."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import httpx
import pytest

from .fork_server import AVAILABLE, ForkServer
from .parley import Parley, clean_environment

PAGE = 'tests/status/event_log_page.py'


async def test_a_started_program_answers_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    program = Parley(tmp_path, script=PAGE)
    await program.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(program.url)).status_code == 200
        await program.stop()
        with pytest.raises(httpx.ConnectError):
            await client.get(program.url)
    assert 'NiceGUI ready' in program.output
    assert program not in Parley.running


async def test_a_killed_program_comes_back_at_the_same_address(tmp_path: Path) -> None:
    program = Parley(tmp_path, script=PAGE)
    await program.start()
    url = program.url
    await program.restart()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(url)).status_code == 200
        assert program.output.count('NiceGUI ready') == 2
    finally:
        await program.kill()


async def test_a_program_that_does_not_start_shows_what_it_printed(tmp_path: Path) -> None:
    script = tmp_path / 'broken.py'
    script.write_text('raise SystemExit("no luck today")')
    with pytest.raises(AssertionError, match='no luck today'):
        await Parley(tmp_path, script=str(script)).start()


async def test_a_program_that_ignores_ctrl_c_fails_the_test_and_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('tests.parley.STOP_TIMEOUT', 0.5)
    script = tmp_path / 'stubborn.py'
    script.write_text(STUBBORN)
    program = Parley(tmp_path, script=str(script))
    await program.start()
    with pytest.raises(AssertionError, match='did not stop'):
        await program.stop()
    assert program not in Parley.running


@pytest.mark.skipif(not AVAILABLE, reason='Programs are forked on Linux alone.')
async def test_a_forked_program_finds_all_as_if_started_by_its_command_line(
    tmp_path: Path, fork_server: ForkServer
) -> None:
    script = tmp_path / 'surroundings.py'
    script.write_text(SURROUNDINGS)
    environment = clean_environment() | {'NICEGUI_STORAGE_PATH': 'here', 'TZ': 'Asia/Tokyo', 'ONLY': 'this'}
    command = (script.name, '--option', 'größer')
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, *command), cwd=tmp_path, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
        start_new_session=True,
    )  # fmt: skip
    output, errors = await started.communicate()
    files = tmp_path / 'output.txt', tmp_path / 'errors.txt'
    with files[0].open('wb') as stdout, files[1].open('wb') as stderr:
        forked = await fork_server.fork(command, tmp_path, environment, stdout.fileno(), stderr.fileno())
        code = await forked.wait()
    assert (code, files[1].read_bytes()) == (started.returncode, errors)
    assert files[0].read_text().splitlines() == output.decode().splitlines()
    assert (code, errors.decode()) == (1, 'that is all\n')
    assert 'größer' in output.decode()


async def test_the_program_sees_neither_a_key_nor_pytest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('OPENAI_API_KEY', 'sk-canary')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-c', 'import os; print(dict(os.environ))'),
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert b'sk-canary' not in output
    assert b'PYTEST' not in output


SURROUNDINGS = """
import os, signal, sys, time
from nicegui import app
print(__name__, __file__, sys.argv, sys.path, sys.stdin.read(), sys.modules['__main__'].__file__)
print(dict(sorted(os.environ.items())), os.getcwd(), app.storage.path, time.tzname)
print(os.getsid(0) == os.getpid(), signal.getsignal(signal.SIGINT), sorted(os.listdir('/proc/self/fd'))[:3])
sys.exit('that is all')
"""

STUBBORN = """
import signal, sys
from http.server import HTTPServer, BaseHTTPRequestHandler
signal.signal(signal.SIGINT, signal.SIG_IGN)
HTTPServer(('127.0.0.1', int(sys.argv[2])), BaseHTTPRequestHandler).serve_forever()
"""
