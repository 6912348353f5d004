"""The clients: what must be installed for each, and how its script is run against an engine."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from tests.parley import ROOT, clean_environment

from .environment import Environment

STEPS = ('greeting', 'speech', 'typed turn', 'tool', 'history', 'interruption')
"""The steps of every client's conversation."""

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
    def environment(self) -> Environment:
        """Its environment."""
        return Environment(self.name, self.requirements)

    def talk(self, url: str) -> str:
        """Let it talk with the engine at this URL, such as `http://127.0.0.1:8081/v1`. Returns what it printed.

        Raises:
            AssertionError: It failed, or left out a step.
        """
        script = ROOT / 'tests' / 'clients' / 'scripts' / f'talk_{self.name}.py'
        environment = {**clean_environment(), 'PYTHONUNBUFFERED': '1'}
        command = [self.environment.program('python'), str(script), url, str(ROOT / 'tests' / 'sounds')]
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
