"""Forks programs from a process that has imported Parley and its libraries, which is most of the work of a start.

A forked program is a process of its own: session, environment, working directory, output and exit code are as if it had
been started from a command line. This relies on imports that build nothing and read no variables, see
`test_importing_the_program_builds_nothing`.
"""

import asyncio
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import types
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

ROOT = Path(__file__).parents[1]

AVAILABLE = hasattr(os, 'pidfd_open')  # Linux

READ_AT_START = ('PYTHON', 'LANG', 'LC_', 'LD_')
"""How variables begin that a process reads before any program runs: with others, programs cannot be forked."""


async def start_program(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], output: int, errors: int
) -> 'Process | ForkedProgram':
    """Run a Python script with arguments in a new session, without input; `output` and `errors` are open files."""
    server = ForkServer.current
    if server and server.fits(environment):
        return await server.fork(command, cwd, environment, output, errors)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=cwd,
        env=environment,
        stdin=DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )


class ForkServer:
    """The process that programs are forked from. It is started with `environment`, when the first one is needed."""

    current: ClassVar['ForkServer | None'] = None
    """Where there is none, as in benchmarks, each program is started by its command line."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Tell whether a program with these variables can be forked."""
        return AVAILABLE and _read_at_start(environment) == _read_at_start(self._environment)

    async def fork(
        self, command: Sequence[str], cwd: Path, environment: Mapping[str, str], output: int, errors: int
    ) -> 'ForkedProgram':
        """Fork a program, see `start_program`."""
        ended, ends = os.pipe()
        try:
            ignores_interrupts = signal.getsignal(signal.SIGINT) == signal.SIG_IGN  # which a started program inherits
            request = json.dumps([list(command), list(environment.items()), str(cwd), ignores_interrupts]).encode()
            socket.send_fds(self._connect(), [request], [ends, output, errors])
        finally:
            os.close(ends)
        await _readable(ended)
        if not (pid := os.read(ended, 16)):
            raise RuntimeError('The process that programs are forked from has ended.')
        return ForkedProgram(int(pid), ended)

    def stop(self) -> None:
        """End the process; the programs stay."""
        if self._socket and self._process:
            self._socket.close()
            self._process.wait()

    def _connect(self) -> socket.socket:
        if not self._socket:
            self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._process = subprocess.Popen(
                (sys.executable, '-m', 'tests.fork_server', str(theirs.fileno())),
                cwd=ROOT,
                env=self._environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            theirs.close()
        return self._socket


class ForkedProgram:
    """A running program, as `asyncio.subprocess.Process` shows it."""

    def __init__(self, pid: int, ended: int) -> None:
        self.pid = pid
        self._ended = ended
        self._returncode: int | None = None

    @property
    def returncode(self) -> int | None:
        """The exit code, or the negative number of the signal that ended the program. None while it runs."""
        poll = select.poll()
        poll.register(self._ended, select.POLLIN)
        if self._returncode is None and poll.poll(0):
            self._returncode = int(os.read(self._ended, 16))
            os.close(self._ended)
        return self._returncode

    async def wait(self) -> int:
        """Wait for the end, and return the exit code."""
        while (code := self.returncode) is None:
            await _readable(self._ended)
        return code


async def _readable(pipe: int) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(pipe, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(pipe)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(READ_AT_START)}


class _Request(NamedTuple):
    arguments: list[str]
    variables: list[tuple[str, str]]
    cwd: str
    ignores_interrupts: bool


def _serve(requests: socket.socket) -> _Request | None:
    """Fork a program for each request. Returns the request in the program, and None in the server at the end."""
    running: dict[int, tuple[int, int]] = {}  # by the file that tells of its end: the program and its pipe
    while True:
        for ready in select.select([requests.fileno(), *running], [], [])[0]:
            if ready in running:
                pid, pipe = running.pop(ready)
                os.write(pipe, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
                os.close(pipe)
                os.close(ready)
                continue
            message, files, *_ = socket.recv_fds(requests, 1 << 20, 3)
            if not message:
                return None
            pipe, output, errors = files
            if pid := os.fork():
                running[os.pidfd_open(pid)] = pid, pipe
                os.write(pipe, str(pid).encode())
                os.close(output)
                os.close(errors)
                continue
            os.setsid()
            os.dup2(output, 1)
            os.dup2(errors, 2)
            for each in (*files, *running, *(others for _, others in running.values()), requests.detach()):
                os.close(each)
            return _Request(*json.loads(message))


def _become(request: _Request) -> None:
    """Run the requested script in this process."""
    os.environ.clear()
    os.environ.update(request.variables)
    time.tzset()
    os.chdir(request.cwd)
    signal.signal(signal.SIGINT, signal.SIG_IGN if request.ignores_interrupts else signal.default_int_handler)
    sys.argv[:] = request.arguments
    script = Path(request.arguments[0]).absolute()
    if not script.is_relative_to(ROOT):  # it may have components of its own
        for name in [name for name in sys.modules if name.partition('.')[0] == 'components']:
            del sys.modules[name]
    sys.path[0] = str(script.parent)
    # the one variable that a library reads when it is imported
    importlib.import_module('nicegui.storage').Storage.path = Path(
        os.environ.get('NICEGUI_STORAGE_PATH', '.nicegui')
    ).resolve()
    program = types.ModuleType('__main__')
    program.__file__ = str(script)
    sys.modules['__main__'] = program
    exec(compile(script.read_bytes(), script, 'exec'), vars(program))


def _import_parley() -> None:
    """Import what programs import, also what they import later."""
    for name in ('main', 'alembic.command'):
        importlib.import_module(name)
    del sys.modules['main']  # each program runs it
    gc.collect()
    gc.freeze()


if __name__ == '__main__':
    _import_parley()
    if request := _serve(socket.socket(fileno=int(sys.argv[1]))):
        _become(request)
