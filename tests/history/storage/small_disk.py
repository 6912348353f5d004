"""A file system of a megabyte, to be filled or made read-only by a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

BUSY = 32  # the exit code of `mount` for a target that is busy, among other failures
BUSY_SECONDS = 5.0


class SmallDisk:
    """A file system in memory.

    Args:
        folder: Where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def remount(self, options: str) -> None:
        """Change it while it is in use, with options of `mount`: `size=8m`, `ro` or `rw`.

        Linux makes no disk read-only while a file on it is open for writing, and closes files a moment after a program.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        while (mounted := self._mount(options)).returncode == BUSY and time.monotonic() < deadline:
            time.sleep(0.01)
        assert mounted.returncode == 0, (mounted.stderr, self._open_files())

    def _mount(self, options: str) -> subprocess.CompletedProcess[str]:
        command = ['mount', '-o', f'remount,{options}', str(self.folder)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def _open_files(self) -> list[str]:
        """Find which process keeps which file open."""
        found = []
        for link in Path('/proc').glob('[0-9]*/fd/*'):
            with suppress(OSError):
                if (file := str(link.readlink())).startswith(str(self.folder)):
                    found.append(f'{link} {file}')
        return found


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount one. Skips the test where only root could, or not even root can."""
    if sys.platform != 'linux' or os.geteuid() != 0:
        pytest.skip('only root on Linux can mount a small disk')
    folder.mkdir()
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f'no disk can be mounted here: {mounted.stderr.decode().strip()}')
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(['umount', '--lazy', folder], check=True)
