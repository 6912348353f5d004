"""The proxies of the environment: one rule for HTTP and WebSockets, and nothing that ends the program."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from components.providers.error import ProviderError
from components.providers.profile import BadSetup
from components.providers.providers import Providers
from components.providers.proxies import Proxies
from components.settings.settings import Settings
from components.words.language import ENGLISH

KEY = 'sk-canary-0123456789'
OPENAI = 'https://api.openai.com/v1'


@pytest.mark.parametrize(
    ('variables', 'proxy'),
    [
        ({}, None),
        ({'HTTPS_PROXY': ''}, None),
        ({'HTTPS_PROXY': 'http://proxy:3128'}, 'http://proxy:3128/'),
        ({'https_proxy': 'http://small:1', 'HTTPS_PROXY': 'http://large:1'}, 'http://small:1/'),
        ({'HTTPS_PROXY': '127.0.0.1:3128'}, 'http://127.0.0.1:3128/'),
        ({'HTTPS_PROXY': 'me:pa%40ss@proxy:3128'}, 'http://me:pa%40ss@proxy:3128/'),
        ({'HTTPS_PROXY': 'http://[::1]:3128'}, 'http://[::1]:3128/'),
        ({'ALL_PROXY': 'socks5://127.0.0.1:1080'}, 'socks5://127.0.0.1:1080/'),
        ({'ALL_PROXY': 'socks://127.0.0.1:1080/'}, 'socks5h://127.0.0.1:1080/'),
        ({'ALL_PROXY': 'http://all:1', 'HTTPS_PROXY': 'http://https:1'}, 'http://https:1/'),
        ({'HTTP_PROXY': 'http://proxy:port'}, None),
    ],
)
def test_the_variable_for_the_scheme_comes_before_the_one_for_all(variables: dict[str, str], proxy: str | None) -> None:
    assert Proxies(variables).find(OPENAI) == proxy


@pytest.mark.parametrize(
    'address',
    [
        'http://proxy:port',
        'http://proxy:0',
        'http://proxy:99999',
        'http://',
        'ftp://proxy:21',
        'socks4://h:1',
        '://',
        '[',
    ],
)
def test_an_unusable_address_is_explained_without_showing_it(address: str) -> None:
    with pytest.raises(BadSetup) as problem:
        Proxies({'HTTPS_PROXY': address}).find(OPENAI)
    sentence = 'HTTPS_PROXY must look like http://host:8080 or socks5://host:1080. Correct it, then restart Parley.'
    assert str(problem.value) == sentence


@pytest.mark.parametrize(
    ('exceptions', 'url', 'direct'),
    [
        ('*', OPENAI, True),
        ('openai.com', OPENAI, True),
        ('.openai.com', OPENAI, True),
        ('*.openai.com', OPENAI, True),
        ('API.OpenAI.com:443', OPENAI, True),
        ('api.openai.com:8443', OPENAI, False),
        ('penai.com', OPENAI, False),
        ('localhost,::1,fe80::/10', OPENAI, False),
        ('10.0.0.0/8', 'http://10.1.2.3/v1', True),
        ('10.0.0.0/8', 'http://11.1.2.3/v1', False),
        ('[fd00::1]:8000', 'http://[fd00::1]:8000/v1', True),
        ('fd00::/8', 'http://[fd00::1]/v1', True),
        ('[::1], ,:,//,http://,[', OPENAI, False),
        ('', 'http://localhost:8000/v1', True),
        ('', 'http://127.0.0.1:8000/v1', True),
    ],
)
def test_exceptions_are_names_addresses_and_networks(exceptions: str, url: str, direct: bool) -> None:
    found = Proxies({'ALL_PROXY': 'http://proxy:1', 'NO_PROXY': exceptions}).find(url)
    assert (found is None) == direct


@pytest.mark.parametrize(
    'variables',
    [
        {'ALL_PROXY': 'socks://127.0.0.1:1080/'},
        {'HTTP_PROXY': 'http://proxy:port', 'HTTPS_PROXY': 'proxy:1'},
        {'http_proxy': 'proxy:1', 'NO_PROXY': 'localhost,::1,fe80::/10,[::1],[,:,10.0.0.0/8,.local,*.lan'},
    ],
)
def test_other_libraries_can_read_the_tidied_variables(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = dict(variables)
    Proxies(environ).tidy(environ)
    for kind in ('http', 'https', 'all', 'no'):
        monkeypatch.delenv(f'{kind}_proxy', raising=False)
        monkeypatch.delenv(f'{kind}_proxy'.upper(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    httpx.AsyncClient()  # reads them, and would raise


def test_tidying_reports_and_removes_what_cannot_be_used() -> None:
    environ = {'HTTP_PROXY': 'http://proxy:port', 'ALL_PROXY': 'proxy:1'}
    problems = Proxies(environ).tidy(environ)
    assert [str(problem).partition(' ')[0] for problem in problems] == ['HTTP_PROXY']
    assert environ == {'ALL_PROXY': 'http://proxy:1/'}


def test_a_provider_behind_an_unusable_proxy_says_so_and_the_engine_answers() -> None:
    environ = {'OPENAI_API_KEY': 'sk-canary', 'HTTPS_PROXY': 'http://proxy:port'}
    providers = Providers.from_environment(environ, Starlette())
    assert providers.default == 'engine'
    assert 'HTTPS_PROXY must look like' in providers.hint(Settings(provider='openai'), ENGLISH.text)


@pytest.mark.parametrize(
    ('scheme', 'greeting'),
    [('', b'CONNECT service.invalid:443'), ('http://', b'CONNECT service.invalid:443'), ('socks://', b'\x05')],
)
async def test_http_and_websockets_go_by_the_same_proxy(scheme: str, greeting: bytes) -> None:
    async with unwilling_proxy() as (address, received):
        environ = {
            'OPENAI_API_KEY': 'sk-canary',
            'OPENAI_BASE_URL': 'https://service.invalid/v1',
            'HTTPS_PROXY': f'{scheme}{address}',
        }
        providers = Providers.from_environment(environ, Starlette())
        settings = Settings(provider='openai')
        for ask in (providers.mint, providers.connect):
            with pytest.raises(ProviderError) as failure:
                await ask(settings, 'browser')
            assert failure.value.code in {'provider_unreachable', 'http_5xx'}
        await providers.close()
    assert [first.startswith(greeting) for first in received] == [True, True]


@asynccontextmanager
async def unwilling_proxy() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Give the address of a proxy that hangs up, and the first bytes of each of its connections."""
    received: list[bytes] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(hang_up, '127.0.0.1', 0)
    async with server:
        yield '{}:{}'.format(*server.sockets[0].getsockname()), received


async def test_the_log_of_a_websocket_shows_no_key(caplog: pytest.LogCaptureFixture) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'\r\n\r\n')
        writer.write(b'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
        writer.close()

    server = await asyncio.start_server(refuse, '127.0.0.1', 0)
    async with server:
        url = 'http://{}:{}/v1'.format(*server.sockets[0].getsockname())
        providers = Providers.from_environment({'OPENAI_API_KEY': KEY, 'OPENAI_BASE_URL': url}, Starlette())
        with caplog.at_level(logging.DEBUG), pytest.raises(ProviderError):
            await providers.connect(Settings(provider='openai'), 'browser')
        await providers.close()
    assert any('Authorization: …' in message for message in caplog.messages)
    assert not any(KEY in message for message in caplog.messages)
