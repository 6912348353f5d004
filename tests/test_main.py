"""The program as a whole: its command line, its files, its end, and the page."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import httpx
import pytest
from playwright.async_api import expect

from components.starting.greeting import GOODBYE
from components.starting.version import VERSION

from .conftest import OpenPage, StartParley
from .fork_server import start_program
from .page import EAR, ParleyPage
from .parley import ROOT, START_TIMEOUT, STOP_TIMEOUT, clean_environment, free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(('127.0.0.1', 0)) as other_program:
        yield other_program.getsockname()[1]


async def test_help_explains_every_option() -> None:
    code, output, _ = await run('--help')
    assert code == 0
    for option in (
        '--host',
        '--port',
        '--no-browser',
        '--share',
        '--share-port',
        '--passcode',
        '--cert',
        '--key',
        '--guest-day',
    ):
        assert option in output


async def test_the_version_is_one_line() -> None:
    code, output, errors = await run('--version')
    assert (code, output, errors) == (0, f'Parley {VERSION}\n', '')


async def test_importing_the_program_builds_nothing() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-c', 'import main; from nicegui import Client; print(Client.page_routes)'),
        cwd=ROOT,
        env={**clean_environment(), 'PARLEY_PROVIDER': 'hal'},
        stdout=PIPE,
    )
    output, _ = await process.communicate()
    assert (process.returncode, output) == (0, b'{}\n')


async def test_a_taken_port_is_reported_in_one_sentence(taken_port: int) -> None:
    code, output, errors = await run('--no-browser', '--port', str(taken_port))
    assert code == 1
    assert output == ''
    assert errors.count('\n') == 1
    assert errors.startswith(f'Parley cannot listen on 127.0.0.1, port {taken_port}: ')
    assert errors.endswith(f'Try another port: --port {taken_port % 65535 + 1}\n')


async def test_an_invalid_port_is_reported_in_one_sentence() -> None:
    code, _, errors = await run('--no-browser', '--port', '99999')
    assert code == 1
    assert errors == (
        'Parley cannot listen on 127.0.0.1, port 99999: ports are numbers from 1 to 65535. '
        'Try another port: --port 8080\n'
    )


async def test_a_network_host_without_sharing_is_reported_in_one_sentence() -> None:
    code, _, errors = await run('--no-browser', '--host', '0.0.0.0')
    assert code == 1
    assert errors.startswith(
        'Browsers refuse the microphone on http://0.0.0.0, so Parley listens on this computer only.'
    )
    assert errors.endswith('--share\n')
    assert errors.count('\n') == 1


async def test_an_address_of_another_machine_is_reported_in_one_sentence(tmp_path: Path) -> None:
    nobodys = '203.0.113.1'  # see RFC 5737
    code, _, errors = await run('--no-browser', '--share', '--host', nobodys, PARLEY_DATA=str(tmp_path))
    assert code == 1
    assert errors.startswith('Parley cannot listen for guests on 203.0.113.1, port 8443: ')
    assert errors.endswith('Try all addresses: leave out --host\n')
    assert errors.count('\n') == 1


async def test_a_taken_port_for_guests_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(('', 0)) as other_program:
        taken = other_program.getsockname()[1]
        code, _, errors = await run('--no-browser', '--share', '--share-port', str(taken), PARLEY_DATA=str(tmp_path))
    assert code == 1
    assert errors.startswith(f'Parley cannot listen for guests on port {taken}: ')
    assert errors.endswith(f'Try another port: --share-port {taken % 65535 + 1}\n')


@pytest.mark.parametrize(
    ('arguments', 'sentence'),
    [
        (['--passcode', '123'], 'A passcode needs at least 6 letters or digits'),
        (['--cert', 'nowhere.pem'], "Parley can't read nowhere.pem: No such file or directory."),
        (['--cert', 'README.md'], "README.md isn't a certificate"),
        (['--key', 'README.md'], '--key belongs to a certificate of your own'),
    ],
)
async def test_an_invalid_sharing_option_is_reported_in_one_sentence(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    code, _, errors = await run('--no-browser', '--share', *arguments, PARLEY_DATA=str(tmp_path))
    assert code == 1
    assert errors.startswith(sentence)
    assert errors.count('\n') == 1


async def test_an_invalid_engine_server_is_reported_in_one_sentence() -> None:
    code, _, errors = await run('--no-browser', ENGINE_MIND_URL='localhost:11434')
    assert code == 1
    assert errors.startswith('ENGINE_MIND_URL must look like http://localhost:8000/v1')
    assert errors.count('\n') == 1


async def test_the_page_says_which_servers_do_the_engines_work(start_parley: StartParley) -> None:
    parley = await start_parley(ENGINE_EARS_URL='http://localhost:8000/v1')
    async with httpx.AsyncClient(trust_env=False) as client:
        page = (await client.get(parley.url)).text
    assert 'Speech recognition: localhost:8000. Answers: built in, a rehearsal partner' in page
    assert 'English only' not in page


async def test_the_page_shows_what_the_ears_are_waiting_for(
    tmp_path: Path, start_parley: StartParley, open_page: OpenPage
) -> None:
    (tmp_path / 'faster_whisper.py').write_text(UNREACHABLE_HUB)
    parley = await start_parley(ENGINE_EARS='faster-whisper', PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    page = await open_page()
    await page.goto(parley.url)
    answerer = page.get_by_text("You'll talk with Parley engine.")
    await expect(answerer).to_contain_text('Speech recognition: faster-whisper with the model base.en.')
    await page.get_by_test_id('call-bar').hover(position={'x': 2, 'y': 2})  # a call seems close: the engine starts
    await expect(page.get_by_text('connect this computer to the internet and start again')).to_be_visible()


UNREACHABLE_HUB = """
from types import SimpleNamespace
utils = SimpleNamespace()
available_models = lambda: ['base.en']
def WhisperModel(name, local_files_only=False, **options):
    raise FileNotFoundError
"""


async def test_the_env_file_beside_the_program_is_read_from_any_working_directory(tmp_path: Path) -> None:
    project = tmp_path / 'project'
    for name in ('components', 'assets'):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns('__pycache__', '.*'))
    shutil.copy(ROOT / 'main.py', project)
    (project / '.env').write_text('OPENAI_API_KEY=sk-canary\nOPENAI_BASE_URL=http://127.0.0.1:1/v1\n')
    elsewhere = tmp_path / 'elsewhere'
    elsewhere.mkdir()
    async with running(project / 'main.py', elsewhere, fresh_environment()) as program:
        page = await program.fetch()
        assert 'Calls go to 127.0.0.1:1, as set by OPENAI_BASE_URL.' in page
        assert 'canary' not in page


async def test_the_programs_data_is_in_the_working_directory_and_private(tmp_path: Path) -> None:
    async with running(ROOT / 'main.py', tmp_path, clean_environment()) as program:
        await program.end()
    assert kept(tmp_path) == {'.parley/cookie-secret': 0o600, '.parley/history.sqlite3': 0o600}


async def test_ctrl_c_ends_the_program_with_all_its_processes_and_without_a_traceback(
    tmp_path: Path, open_page: OpenPage
) -> None:
    async with running(ROOT / 'main.py', tmp_path, clean_environment()) as program:
        page = await ParleyPage(await open_page(init_script=EAR), program.url).open()
        await page.call()
        output = await program.end()
        assert program.process.returncode == 0
        ready, whom, goodbye = output.splitlines()
        assert ready.startswith(f'Parley is ready at {program.url}')
        assert whom.startswith("You'll talk with Parley engine. ")
        assert goodbye == GOODBYE


async def test_an_unknown_provider_is_reported_in_one_sentence() -> None:
    code, _, errors = await run('--no-browser', PARLEY_PROVIDER='hal')
    assert code == 1
    assert errors == 'PARLEY_PROVIDER must be one of openai, azure, xai, vllm, other, engine\n'


async def run(*arguments: str, **environment: str) -> tuple[int | None, str, str]:
    """Run the program, which soon ends by itself; gives the exit code and what it printed to stdout and stderr."""
    variables = {**clean_environment(), **environment}
    with TemporaryFile() as output, TemporaryFile() as errors:
        process = await start_program(('main.py', *arguments), ROOT, variables, output.fileno(), errors.fileno())
        try:
            code = await asyncio.wait_for(process.wait(), START_TIMEOUT)
        except TimeoutError:
            os.kill(process.pid, signal.SIGKILL)
            raise
        output.seek(0)
        errors.seek(0)
        return code, output.read().decode(), errors.read().decode()


@dataclass(frozen=True)
class Program:
    process: Process
    port: int

    @property
    def url(self) -> str:
        return f'http://localhost:{self.port}/'

    async def fetch(self) -> str:
        """Fetch the page, as soon as the program answers."""
        async with asyncio.timeout(START_TIMEOUT), httpx.AsyncClient(trust_env=False) as client:
            while True:
                with suppress(httpx.ConnectError):
                    return (await client.get(self.url)).text
                await asyncio.sleep(0.05)

    async def end(self) -> str:
        """Press Ctrl+C, and insist that the program ends soon; gives what it printed.

        Its output ends when all processes are gone that could write there, so the children must have ended, too.
        """
        os.killpg(self.process.pid, signal.SIGINT)
        output, _ = await asyncio.wait_for(self.process.communicate(), STOP_TIMEOUT)
        return output.decode()


@asynccontextmanager
async def running(script: Path, directory: Path, environment: Mapping[str, str]) -> AsyncIterator[Program]:
    """Start the program in a working directory, and kill its remaining processes at the end."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), '--port', str(port), '--no-browser'),
        cwd=directory,
        env=environment,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )
    program = Program(process, port)
    try:
        await program.fetch()
        yield program
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()  # which also closes the pipe


def kept(directory: Path) -> dict[str, int]:
    """The files below a directory, and who may read and write them."""
    return {
        path.relative_to(directory).as_posix(): path.stat().st_mode & 0o777
        for path in directory.rglob('*')
        if path.is_file()
    }


def fresh_environment() -> dict[str, str]:
    """The environment of a machine where only the file `.env` says anything, and nothing leads to this checkout."""
    return {
        name: value
        for name, value in clean_environment().items()
        if not name.startswith(('OPENAI_', 'ENGINE_')) and name != 'PYTHONPATH'
    }
