"""`--check` says what it finds, with a cure for what is wrong, and shows no key."""

import socket
import sys
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from components.engine import Engine
from components.engine.local_mind.library import Library
from components.providers.providers import Providers
from components.starting.check import Check
from components.starting.command_line import CommandLine

KEY = 'sk-canary-0123456789'


class Look(Protocol):
    """Runs the check, with a provider that answers with this status; gives the exit code and what was printed."""

    async def __call__(
        self, status: int = 200, *arguments: str, data: Path | None = None, **environ: str
    ) -> tuple[int, str]: ...


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    async def look(status: int = 200, *arguments: str, data: Path | None = None, **environ: str) -> tuple[int, str]:
        data = data or tmp_path / 'data'
        monkeypatch.setattr(sys, 'argv', ['main.py', '--check', *arguments])
        engine = Engine()
        client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(status)))
        providers = Providers.from_environment(environ, engine.app, engine_problems=engine.problems, client=client)
        check = Check(CommandLine.read(), data, tmp_path / 'storage', engine, providers, Library(data / 'models'))
        return await check.run(), capsys.readouterr().out

    return look


async def test_all_is_well(look: Look, unused_tcp_port: int) -> None:
    code, said = await look(200, '--port', str(unused_tcp_port), OPENAI_API_KEY=KEY)
    assert code == 0, said
    for finding in (
        '· Parley 0.',
        '✓ OpenAI: key present, reachable (HTTP status 200)',
        '✓ Parley engine: ready',
        '✓ UDP works on ',
        '✓ Engine: speech recognition and voice are installed',
        '· Language models in ',
        'data (PARLEY_DATA) can be written to',
        f'✓ Port {unused_tcp_port} is free',
        '· Certificate for guests: none yet',
    ):
        assert finding in said
    assert KEY not in said


async def test_what_is_wrong_comes_with_a_cure(look: Look, tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    with socket.create_server(('127.0.0.1', 0)) as other:
        port = other.getsockname()[1]
        code, said = await look(401, '--port', str(port), data=tmp_path / 'file', OPENAI_API_KEY=KEY)
    assert code == 1
    assert '✗ OpenAI: key present, reachable. The voice service denied access' in said
    assert 'or correct it in the file .env.' in said
    assert f"✗ Parley can't write to the folder {tmp_path / 'file'}" in said
    assert f'✗ Port {port}: Address already in use' in said


async def test_a_provider_that_is_not_set_up_right_is_wrong(look: Look) -> None:
    code, said = await look(HTTPS_PROXY='http://proxy:port', OPENAI_API_KEY=KEY)
    assert code == 1
    assert '✗ OpenAI: HTTPS_PROXY must look like' in said
