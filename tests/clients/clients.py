"""The clients: what must be installed for each, and how its script is run against an engine."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.parley import ROOT, clean_environment

STEPS = ('greeting', 'speech', 'typed turn', 'tool', 'history', 'interruption')
"""What every client does in its conversation."""

RUN_SECONDS = 120.0
"""For a whole conversation. Importing a client takes up to half a minute on a busy machine."""


@dataclass(frozen=True)
class Client:
    """A client with an environment of its own.

    Attributes:
        name: Its name; `scripts/talk_NAME.py` talks with the engine.
        requirements: The packages that it needs, with their versions.
        lacks: Steps that it has no way to do.
    """

    name: str
    requirements: tuple[str, ...]
    lacks: tuple[str, ...] = ()

    @property
    def environment(self) -> Path:
        """The folder of its environment. Other versions get another one."""
        wanted = '\n'.join((sys.version, *self.requirements)).encode()
        return cache() / f'{self.name}-{hashlib.sha256(wanted).hexdigest()[:12]}'

    @property
    def is_installed(self) -> bool:
        """Whether its environment is complete."""
        return (self.environment / 'complete').exists()

    def install(self) -> None:
        """Make its environment, unless it exists. Raises CalledProcessError."""
        if self.is_installed:
            return
        subprocess.run([sys.executable, '-m', 'venv', '--clear', str(self.environment)], check=True)
        pip = [self._python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
        subprocess.run([*pip, *self.requirements], check=True)
        (self.environment / 'complete').touch()

    def talk(self, url: str) -> str:
        """Let it talk with the engine at this URL, such as `http://127.0.0.1:8081/v1`. Returns what it printed.

        Raises:
            AssertionError: It failed, or left out a step.
        """
        script = ROOT / 'tests' / 'clients' / 'scripts' / f'talk_{self.name}.py'
        environment = {**clean_environment(), 'PYTHONUNBUFFERED': '1'}
        command = [self._python, str(script), url, str(ROOT / 'tests' / 'sounds')]
        said = ''
        with suppress(subprocess.TimeoutExpired):
            ended = subprocess.run(
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=RUN_SECONDS,
            )
            said = ended.stdout
            missing = [step for step in STEPS if step not in self.lacks and f'\nok {step}' not in f'\n{said}']
            if not ended.returncode and not missing:
                return said
            raise AssertionError(f'{self.name} ended with {ended.returncode}; missing: {missing}\n{said}')
        raise AssertionError(f'{self.name} did not end within {RUN_SECONDS:g} s.')

    @property
    def _python(self) -> str:
        return str(self.environment / ('Scripts/python.exe' if sys.platform == 'win32' else 'bin/python'))


def cache() -> Path:
    """Return the folder of all environments."""
    base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    return Path(base) / 'parley' / 'clients'


CLIENTS: Mapping[str, Client] = MappingProxyType(
    {
        client.name: client
        for client in (
            Client('openai_agents', ('openai-agents==0.24.0', 'openai==3.57.0', 'websockets==16.1.1')),
            Client('livekit', ('livekit-agents==1.8.9', 'livekit-plugins-openai==1.8.9', 'openai==3.57.0')),
            Client('pipecat', ('pipecat-ai[openai]==1.14.0', 'openai==3.57.0', 'websockets==17.4')),
            Client('pydantic_ai', ('pydantic-ai-slim[openai,realtime]==2.68.0', 'openai==3.57.0')),
            Client('semantic_kernel', ('semantic-kernel[realtime]==1.45.0',)),
        )
    }
)
