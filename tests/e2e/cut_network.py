"""A network that can be cut: a namespace with a loopback of its own, on which every packet gets lost for a while."""

import asyncio
import shutil
import subprocess
import sys
from asyncio.subprocess import Process
from pathlib import Path
from types import TracebackType


class CutNetwork:
    """Runs Parley and a browser in a network of their own. While it is cut, nothing answers and nothing is refused."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._keeper: Process | None = None

    @staticmethod
    def missing() -> str:
        """Why this machine cannot have one; '' if it can."""
        if not all(map(shutil.which, ('unshare', 'nsenter', 'ip', 'tc'))):
            return 'unshare, nsenter, ip and tc of Linux are needed to cut a network.'
        commands = f'ip link set lo up && tc qdisc replace {LOSE_ALL} && tc qdisc del dev lo root'
        trial = subprocess.run(['unshare', '--net', 'sh', '-c', commands], capture_output=True, check=False)
        return f'A network can be cut by the administrator only: {trial.stderr!r}' if trial.returncode else ''

    async def __aenter__(self) -> 'CutNetwork':
        keep = 'ip link set lo up && echo up && exec cat'  # until its input is closed
        self._keeper = await asyncio.create_subprocess_exec(
            *('unshare', '--net', 'sh', '-c', keep), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert self._keeper.stdout
        assert await self._keeper.stdout.readline() == b'up\n'
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper and self._keeper.stdin:
            self._keeper.stdin.close()
            await self._keeper.wait()

    async def cut(self) -> None:
        """Lose every packet from now on."""
        await self._run('tc', 'qdisc', 'replace', *LOSE_ALL.split())

    async def mend(self) -> None:
        """Lose no more packets."""
        await self._run('tc', 'qdisc', 'del', 'dev', 'lo', 'root')

    def inside(self, executable: Path | str) -> Path:
        """A program that runs this one inside."""
        script = self._directory / f'cut-{Path(executable).name}.sh'
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.command)} {executable} "$@"\n')
        script.chmod(0o700)
        return script

    async def answers(self, port: int) -> bool:
        """Whether something listens at this port."""
        connect = f'import socket; socket.create_connection(("127.0.0.1", {port}), 1)'
        return await self._run(sys.executable, '-c', connect) == 0

    @property
    def command(self) -> list[str]:
        """Put before another command, runs that one inside."""
        assert self._keeper
        return ['nsenter', '--net', '--target', str(self._keeper.pid)]

    async def _run(self, *command: str) -> int:
        process = await asyncio.create_subprocess_exec(*self.command, *command, stderr=asyncio.subprocess.DEVNULL)
        return await process.wait()


LOSE_ALL = 'dev lo root pfifo limit 0'
"""A queue that holds no packet; unlike an address that is taken away, it makes no error either."""
