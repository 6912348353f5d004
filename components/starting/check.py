"""`--check`: what Parley finds on this computer, the first thing to ask of someone who reports a problem."""

from __future__ import annotations

import platform
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from cryptography import x509

from components.engine import Engine
from components.engine.local_mind.library import Library
from components.providers.error import ProviderError
from components.providers.provider import Provider
from components.providers.providers import Providers
from components.sharing.addresses import default_routes
from components.sharing.listener import listen
from components.words.language import ENGLISH

from .command_line import CommandLine
from .environment import folder_problem
from .greeting import say
from .version import VERSION

Mark = Literal['✓', '✗', '·']
"""Found, missing or wrong, and only told."""

ANSWER_BYTES = b'parley'
ECHO_SECONDS = 2.0


@dataclass(frozen=True)
class Finding:
    """One line: what was found and, if something is wrong, what to do."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Check:
    """Looks at everything that a start needs, and changes nothing.

    Attributes:
        command: The options of the start.
        data: The folder of Parley's data.
        storage: The folder of the browsers' settings.
        engine: The engine, which isn't started.
        providers: The providers.
        library: The model files.
    """

    command: CommandLine
    data: Path
    storage: Path
    engine: Engine
    providers: Providers
    library: Library

    async def run(self) -> int:
        """Print a line for each finding. Returns the exit code: 1 if something is wrong."""
        wrong = False
        async for finding in self.findings():
            say(f'{finding.mark} {finding.text}')
            wrong = wrong or finding.mark == '✗'
        await self.providers.close()
        say('Something is wrong; see the lines with ✗.' if wrong else 'Everything that Parley needs is there.')
        return int(wrong)

    async def findings(self) -> AsyncIterator[Finding]:
        """Look at one thing after another."""
        for finding in self._versions():
            yield finding
        for provider in self.providers.all:
            yield await _provider(provider)
        yield _udp()
        for finding in (*self._models(), *self._folders(), *self._ports(), self._certificate()):
            yield finding

    def _versions(self) -> Iterator[Finding]:
        yield Finding('·', f'Parley {VERSION}, Python {platform.python_version()}, {platform.platform()}')
        packages = ('nicegui', 'httpx', 'websockets', 'aiortc', 'uvicorn')
        yield Finding('·', f'{ssl.OPENSSL_VERSION}, ' + ', '.join(f'{each} {version(each)}' for each in packages))

    def _models(self) -> Iterator[Finding]:
        problems = self.engine.problems
        for problem in problems:
            yield Finding('✗', f'Engine: {problem}')
        if not problems:
            yield Finding('✓', 'Engine: speech recognition and voice are installed')
        if self.engine.mind:
            yield Finding('✓', 'Engine: ' + ' '.join(str(note) for note in self.engine.notes))
        fetched = [model.name for model in self.library.models.values() if self.library.has(model)]
        names = ', '.join(fetched) or 'none; "Give it a mind" on the page fetches one'
        yield Finding('✓' if fetched else '·', f'Language models in {self.library.folder}: {names}')

    def _folders(self) -> Iterator[Finding]:
        for folder, variable in ((self.data, 'PARLEY_DATA'), (self.storage, 'NICEGUI_STORAGE_PATH')):
            problem = folder_problem(folder, variable)
            yield Finding('✗', problem) if problem else Finding('✓', f'Folder {folder} ({variable}) can be written to')

    def _ports(self) -> Iterator[Finding]:
        yield _port(self.command.home, self.command.port, '--port')
        if self.command.shares:
            yield _port(None, self.command.share_port, '--share-port')

    def _certificate(self) -> Finding:
        path = self.data / 'sharing' / 'authority.pem'
        try:
            ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
        except FileNotFoundError:
            return Finding('·', 'Certificate for guests: none yet; --share makes one')
        except (OSError, ValueError) as error:
            return Finding('✗', f"Certificate for guests: {path} can't be read ({error}). Remove it: --share makes one")
        if ends < datetime.now(UTC):
            return Finding('✗', f'Certificate for guests: expired on {ends:%Y-%m-%d}. --share makes a new one')
        return Finding('✓', f'Certificate for guests: valid until {ends:%Y-%m-%d}')


async def _provider(provider: Provider) -> Finding:
    introduction = provider.introduction(ENGLISH.text)
    if provider.service is None:
        is_wrong = introduction.hint != ENGLISH.text('providers.invitation')  # OpenAI without a key is a choice
        return Finding('✗' if is_wrong else '·', f'{introduction.label}: {introduction.hint}')
    if provider.kind == 'engine':
        return Finding('✓', f'{introduction.label}: ready')
    key = 'key present' if provider.service.has_key else 'no key'
    try:
        status = await provider.service.ask_status()
    except ProviderError as error:
        text = ENGLISH.text(f'failures.{error.code}.sentence'), ENGLISH.text(f'failures.{error.code}.next_step')
        return Finding('✗', f'{introduction.label}: {key}. {" ".join(text)} ({error.detail})')
    if status in (401, 403):
        text = ENGLISH.text(f'failures.http_{status}.sentence'), ENGLISH.text(f'failures.http_{status}.next_step')
        return Finding('✗', f'{introduction.label}: {key}, reachable. {" ".join(text)}')
    return Finding('✓', f'{introduction.label}: {key}, reachable (HTTP status {status})')


def _udp() -> Finding:
    """Send a packet to this computer's own address, past what a firewall here would block."""
    address = str(next(iter(default_routes()), '127.0.0.1'))
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.settimeout(ECHO_SECONDS)
            probe.bind((address, 0))
            probe.sendto(ANSWER_BYTES, probe.getsockname())
            probe.recv(len(ANSWER_BYTES))
    except OSError as error:
        return Finding(
            '✗', f'UDP on {address}: {error}. Allow it in the firewall, or set "How sound travels" to "through Parley"'
        )
    return Finding('✓', f'UDP works on {address}; whether the network lets it out, the first call shows')


def _port(host: str | None, port: int, option: str) -> Finding:
    try:
        for listening in listen(host, port or -1):
            listening.close()
    except OSError as error:
        return Finding(
            '✗', f'Port {port}: {error.strerror}. Stop the program that uses it, or choose another: {option}'
        )
    return Finding('✓', f'Port {port} is free')
