"""Parley as a program of its own, the way a user starts it."""

import asyncio
import itertools
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import ClassVar, Literal, Protocol

from components.providers.profile import PROFILES

from .fork_server import ForkedProgram, start_program

ROOT = Path(__file__).parents[1]

START_TIMEOUT = 30  # seconds; a cold start imports much
STOP_TIMEOUT = 10  # seconds


class Network(Protocol):
    """Another network than this machine's."""

    @property
    def command(self) -> list[str]:
        """Put before another command, runs that one inside."""

    async def answers(self, port: int) -> bool:
        """Whether something listens at this port."""


class Parley:
    """One running program with its own port, storage and output file in `directory`.

    Its environment has no key, whatever the machine or a `.env` file says; `environment` adds to it.
    `script` may be another NiceGUI program that takes the same options; `arguments` are more of them. It runs in
    `network`, or in this machine's.
    """

    running: ClassVar[list['Parley']] = []

    def __init__(
        self,
        directory: Path,
        environment: dict[str, str] | None = None,
        script: str = 'main.py',
        arguments: Sequence[str] = (),
        network: Network | None = None,
    ) -> None:
        self._network = network
        self.port = _LEFT_PORTS.pop() if _LEFT_PORTS else free_port()
        self.url = f'http://localhost:{self.port}/'
        self._output = directory / f'output-{self.port}.txt'
        self._script = script
        self._arguments = arguments
        self.data = Path((environment or {}).get('PARLEY_DATA') or directory / f'data-{self.port}')
        self.storage = directory / f'storage-{self.port}'
        self._environment = {
            **clean_environment(),
            'NICEGUI_STORAGE_PATH': str(self.storage),
            'PARLEY_DATA': str(self.data),
            **(environment or {}),
        }
        self._process: Process | ForkedProgram | None = None

    @property
    def output(self) -> str:
        """All that the program has printed, over all its restarts."""
        return self._output.read_text(errors='replace') if self._output.exists() else ''

    def assert_no_traceback(self) -> None:
        """Assert that the program has printed no traceback. An uncaught exception is always its fault."""
        assert 'Traceback (most recent call last)' not in self.output, self.output

    async def start(self) -> None:
        """Start the program and wait until its page can be fetched."""
        command = (self._script, '--port', str(self.port), '--no-browser', *self._arguments)
        with self._output.open('ab') as output:
            file = output.fileno()
            if self._network:
                self._process = await asyncio.create_subprocess_exec(
                    *(*self._network.command, sys.executable, *command),
                    cwd=ROOT,
                    env=self._environment,
                    stdin=DEVNULL,
                    stdout=file,
                    stderr=file,
                    start_new_session=True,
                )
            else:
                self._process = await start_program(command, ROOT, self._environment, file, file)
        self.running.append(self)
        deadline = monotonic() + START_TIMEOUT
        while not await self._answers():
            if self._process.returncode is not None or monotonic() > deadline:
                await self.kill()
                raise AssertionError(f'{self._script} did not start:\n{self.output}')
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Press Ctrl+C, and insist that the program ends by itself soon."""
        self._signal('SIGINT')
        if not await self._ended():
            await self.kill()
            raise AssertionError(f'{self._script} did not stop within {STOP_TIMEOUT} s of Ctrl+C:\n{self.output}')

    async def kill(self) -> None:
        """End the program and its children without a chance to say goodbye. Killing twice does no harm."""
        self._signal('SIGKILL')
        await self._ended()

    def leave_port(self) -> None:
        """Let the next program have the port of this one, which has ended for good.

        Browsers have all scripts of that address in their cache, which saves an eighth of the start of both.
        """
        _LEFT_PORTS.append(self.port)

    async def restart(self) -> None:
        """Kill the program and start it again at the same address."""
        await self.kill()
        await self.start()

    def _signal(self, name: Literal['SIGINT', 'SIGKILL']) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        if sys.platform == 'win32':
            self._process.terminate()
        else:
            # The program leads a session of its own, so its children get the signal too, as they do from a terminal.
            os.killpg(self._process.pid, signal.Signals[name])

    async def _ended(self) -> bool:
        try:
            if self._process is not None:
                await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT)
        except TimeoutError:
            return False
        if self in self.running:
            self.running.remove(self)
        return True

    async def _answers(self) -> bool:
        if self._network:
            return await self._network.answers(self.port)
        try:
            _, writer = await asyncio.open_connection('127.0.0.1', self.port)
        except OSError:
            return False
        writer.close()
        return True


EMPTIED = (
    'PARLEY_PASSCODE',
    *('PARLEY_GUEST_CALLS', 'PARLEY_GUEST_MINUTES', 'PARLEY_GUEST_DAY', 'PARLEY_GUEST_TICKETS'),
    *('PARLEY_PROVIDER', *(name for profile in PROFILES.values() for name in profile.variables.values())),
    *('ENGINE_EARS', 'ENGINE_EARS_URL', 'ENGINE_MIND', 'ENGINE_MIND_URL', 'ENGINE_MIND_MODEL', 'ENGINE_VOICE_URL'),
)
"""The variables that choose who does the work, and what guests must know and may use up."""


SPEECHLESS = {'ENGINE_EARS_URL': 'http://127.0.0.1:9/v1', 'ENGINE_VOICE_URL': 'http://127.0.0.1:9/v1'}
"""Spares a program the speech workers, for tests in which nobody speaks: no such servers are there."""


def free_port() -> int:
    """Find a port that nobody listens on, and that no other test process will be given at the same time.

    Each process of pytest-xdist draws from a range of its own. All ranges lie below those from which systems take ports
    for outgoing connections (from 32768 on Linux).
    """
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
            return port
    raise RuntimeError('No free port is left for the tests.')


def _ports() -> Iterator[int]:
    worker = int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw')) % 20
    mine = range(12_000 + 1000 * worker, 13_000 + 1000 * worker)
    begin = os.getpid() % len(mine)  # another run of the tests, at the same time, begins elsewhere
    return itertools.cycle([*mine[begin:], *mine[:begin]])


_PORTS = _ports()
_LEFT_PORTS: list[int] = []


def clean_environment() -> dict[str, str]:
    """Make the environment of a machine where nobody has set up anything.

    Keys and the like are empty, not missing, because python-dotenv sets only what is missing: a developer's own `.env`
    must not reach a test. Without `PYTEST_CURRENT_TEST` NiceGUI does not take the program for one of its own tests.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('OPENAI_', 'NICEGUI_', 'PYTEST_', 'PARLEY_', 'ENGINE_'))
    }
    return {
        **kept,
        **dict.fromkeys(EMPTIED, ''),
        'NO_PROXY': 'localhost,127.0.0.1',
        'PYTHONPATH': str(ROOT),
        'PYTHONUNBUFFERED': '1',
    }
