"""A key that the host enters is tried, used and kept, and never shown."""

import logging
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from components.providers.providers import Providers
from components.settings.key.keys import Outcome, ProviderKeys
from components.settings.settings import Settings
from components.words.language import ENGLISH
from tests.providers.answering import ANSWER, KEY

MINT = 'https://api.openai.com/v1/realtime/client_secrets'


@dataclass
class Drawer:
    """Keeps keys, or fails to."""

    problem: Exception | None = None
    overriding: frozenset[str] = frozenset()
    kept: dict[str, str] = field(default_factory=dict)

    def keep(self, variable: str, value: str) -> None:
        if self.problem:
            raise self.problem
        self.kept[variable] = value


class Service:
    """OpenAI, which takes one key."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = request.headers['authorization'].removeprefix('Bearer ')
        self.asked.append((str(request.url), key))
        if key != KEY:
            error = {'code': 'invalid_api_key', 'message': f'Incorrect API key provided: {key}'}
            return httpx.Response(401, json={'error': error})
        return httpx.Response(200, json={**ANSWER, 'expires_at': 1e12})


@pytest.fixture
def service() -> Service:
    return Service()


def providers(service: Any, **environ: str) -> Providers:
    client = httpx.AsyncClient(transport=httpx.MockTransport(service))
    return Providers.from_environment(environ, Starlette(), client=client)


async def test_a_key_is_tried_used_and_kept(service: Service) -> None:
    offered, drawer = providers(service), Drawer()
    keys = ProviderKeys(offered, drawer)
    changes: list[int] = []
    keys.changed.subscribe(lambda: changes.append(1))
    assert offered.default == 'engine'
    assert await keys.enter('openai', f' {KEY}\n', keep=True) == Outcome('kept')
    assert service.asked == [(MINT, KEY)]
    assert (drawer.kept, changes) == ({'OPENAI_API_KEY': KEY}, [1])
    assert offered.default == 'openai'
    assert (await offered.mint(Settings(), 'browser')).token == ANSWER['value']
    await offered.close()


async def test_a_key_can_be_for_this_run_only(service: Service) -> None:
    drawer = Drawer()
    assert await ProviderKeys(providers(service), drawer).enter('openai', KEY, keep=False) == Outcome('for_this_run')
    assert drawer.kept == {}


async def test_a_refused_key_changes_nothing(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    offered, drawer = providers(service, OPENAI_API_KEY=KEY), Drawer()
    outcome = await ProviderKeys(offered, drawer).enter('openai', 'sk-canary-typo', keep=True)
    assert (outcome.result, outcome.code, outcome.works) == ('refused', 'invalid_api_key', False)
    assert (await offered.mint(Settings(), 'browser')).token == ANSWER['value'], 'the former key still serves'
    assert drawer.kept == {}
    for shown in (caplog.text, repr(outcome), outcome.detail, repr(offered.introductions(ENGLISH.text))):
        assert 'canary' not in shown
    await offered.close()


@pytest.mark.parametrize('key', ['', 'sk two words', 'sk-ключ', 'x' * 1001])
async def test_what_cannot_be_a_key_is_not_even_tried(service: Service, key: str) -> None:
    outcome = await ProviderKeys(providers(service), Drawer()).enter('openai', key, keep=True)
    assert (outcome.code, service.asked) == ('malformed', [])


async def test_the_engine_takes_no_key(service: Service) -> None:
    outcome = await ProviderKeys(providers(service), Drawer()).enter('engine', KEY, keep=True)
    assert (outcome.result, service.asked) == ('refused', [])


async def test_a_service_that_is_away_is_no_wrong_key() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError('nobody there')

    outcome = await ProviderKeys(providers(away), Drawer()).enter('openai', KEY, keep=True)
    assert (outcome.result, outcome.code) == ('refused', 'provider_unreachable')


@pytest.mark.parametrize('problem', [PermissionError(13, 'Permission denied'), ValueError('Permission denied.')])
async def test_a_key_that_cannot_be_kept_works_all_the_same(service: Service, problem: Exception) -> None:
    offered = providers(service)
    outcome = await ProviderKeys(offered, Drawer(problem)).enter('openai', KEY, keep=True)
    assert outcome == Outcome('not_kept', detail='Permission denied')
    assert offered.default == 'openai'


async def test_a_variable_of_the_system_is_named_since_it_has_precedence(service: Service) -> None:
    drawer = Drawer(overriding=frozenset({'OPENAI_API_KEY', 'PATH'}))
    outcome = await ProviderKeys(providers(service), drawer).enter('openai', KEY, keep=True)
    assert outcome == Outcome('kept', overriding='OPENAI_API_KEY')


async def test_a_provider_that_calls_for_more_than_a_key_takes_none(service: Service) -> None:
    offered = providers(service, AZURE_OPENAI_API_KEY='old')
    azure = offered.introductions(ENGLISH.text)[0]
    assert (azure.kind, azure.key_variable) == ('azure', '')
    assert not (await ProviderKeys(offered, Drawer()).enter('azure', KEY, keep=True)).works


async def test_services_that_get_no_tickets_are_asked_for_their_models() -> None:
    asked: list[str] = []

    def lists(request: httpx.Request) -> httpx.Response:
        asked.append(f'{request.method} {request.url.path}')
        return httpx.Response(200, json={'data': []})

    offered = providers(lists, OPENAI_PLACING='unified')
    assert (await ProviderKeys(offered, Drawer()).enter('openai', KEY, keep=False)).works
    assert asked == ['GET /v1/models']
