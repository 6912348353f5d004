"""A PostgreSQL server of the tests' own, on a Unix socket or a free port, gone with them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.parley import free_port


class Postgres:
    """One server.

    Args:
        folder: Where its data are; owned by whoever runs it.
        programs: Where `initdb` and `pg_ctl` are.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs
        self._port = free_port()

    @property
    def url(self) -> str:
        """The address of its database."""
        return f'postgresql://parley@127.0.0.1:{self._port}/postgres'

    def create(self) -> None:
        """Make its data."""
        self._run('initdb', '--username=parley', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C')

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f'-p {self._port} -h 127.0.0.1 -k {self._folder} -F'
        self._run('pg_ctl', 'start', '--wait', '--silent', '--log', str(self._folder / 'log'), '-o', options)

    def stop(self) -> None:
        """Stop at once, whoever is connected."""
        self._run('pg_ctl', 'stop', '--mode=immediate', '--wait', '--silent')

    def _run(self, program: str, *arguments: str) -> None:
        environment = {**os.environ, 'PGDATA': str(self._folder / 'data')}
        path = self._programs / program
        done = subprocess.run([path, *arguments], env=environment, cwd='/', stdout=subprocess.DEVNULL, **_runner())
        assert done.returncode == 0, f'{program} failed'


def programs() -> Path | None:
    """Find PostgreSQL's programs, also where Debian hides them."""
    found = shutil.which('initdb')
    if found:
        return Path(found).resolve().parent
    return max(Path('/usr/lib/postgresql').glob('*/bin'), default=None)


@contextmanager
def running(where: Path) -> Iterator[Postgres]:
    """Run a server with the programs of this folder."""
    folder = Path(tempfile.mkdtemp(prefix='parley-postgres-'))
    if user := _runner().get('user'):
        shutil.chown(folder, user)
    server = Postgres(folder, where)
    try:
        server.create()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _runner() -> dict[str, Any]:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    return {'user': 'postgres' if 'postgres' in names else 'nobody'}
