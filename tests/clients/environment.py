"""Environments with pinned packages, in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Attributes:
        name: What it is for.
        requirements: The packages that it needs, with their versions.
    """

    name: str
    requirements: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Its folder. Other versions get another one."""
        wanted = '\n'.join((sys.version, *self.requirements)).encode()
        return cache() / f'{self.name}-{hashlib.sha256(wanted).hexdigest()[:12]}'

    @property
    def is_installed(self) -> bool:
        """Whether it is complete."""
        return (self.folder / 'complete').exists()

    def install(self) -> None:
        """Make it, unless it exists. Raises CalledProcessError."""
        if self.is_installed:
            return
        subprocess.run([sys.executable, '-m', 'venv', '--clear', str(self.folder)], check=True)
        pip = [self.program('python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
        subprocess.run([*pip, *self.requirements], check=True)
        (self.folder / 'complete').touch()

    def program(self, name: str) -> str:
        """Return the path of one of its programs."""
        return str(self.folder / (f'Scripts/{name}.exe' if sys.platform == 'win32' else f'bin/{name}'))


def cache() -> Path:
    """Return the folder of all environments."""
    base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    return Path(base) / 'parley' / 'clients'
