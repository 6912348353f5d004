"""A file system of a megabyte, to be filled or made read-only by a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A file system in memory.

    Args:
        folder: Where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def remount(self, options: str) -> None:
        """Change it while it is in use, with options of `mount`: `size=8m`, `ro` or `rw`."""
        subprocess.run(['mount', '-o', f'remount,{options}', self.folder], check=True)


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
