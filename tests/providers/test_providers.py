"""The providers that the environment makes available; the engine always is."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from components.engine.minds.mind import MindError
from components.providers.engine.writer import engine_writer
from components.providers.error import ProviderError
from components.providers.providers import Providers
from components.providers.text_writer import TextWriter
from components.providers.ticket import Ticket
from components.settings.personas.personas import BUILT_IN
from components.settings.session import session
from components.settings.settings import Settings
from components.words.language import ENGLISH, LANGUAGES

from .minting import ENGINE, Mint, introductions


@pytest.fixture
def mint() -> Mint:
    return Mint()


def test_the_engine_answers_without_a_key(mint: Mint) -> None:
    providers = Providers.from_environment({'OPENAI_API_KEY': ' ', 'OPENAI_BASE_URL': ''}, mint.app)
    openai, engine = introductions(providers)
    assert (openai.kind, openai.available, engine.kind, engine.available) == ('openai', False, 'engine', True)
    assert 'Enter it in the settings, or put it into the file .env as OPENAI_API_KEY.' in openai.hint
    assert 'https://api.openai.com' in providers.origins, 'pages may call there as soon as a key is entered'
    assert providers.default == 'engine'
    assert providers.restore({}) == ENGINE


def test_openai_answers_with_a_key(mint: Mint) -> None:
    providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-canary'}, mint.app)
    assert [provider.label for provider in introductions(providers) if provider.available] == [
        'OpenAI',
        'Parley engine',
    ]
    assert providers.restore({}) == Settings()
    assert 'canary' not in repr(introductions(providers))


def test_another_server_goes_by_its_name(mint: Mint) -> None:
    environment = {'OPENAI_API_KEY': 'none', 'OPENAI_BASE_URL': 'http://localhost:8000/v1/'}
    other = introductions(Providers.from_environment(environment, mint.app))[0]
    assert other.label == 'localhost:8000'
    assert 'OPENAI_BASE_URL' in other.hint


def test_the_engine_can_be_chosen_though_there_is_a_key(mint: Mint) -> None:
    providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-1'}, mint.app)
    assert providers.restore(providers.store(ENGINE)) == ENGINE


def test_adding_a_key_later_selects_openai(mint: Mint) -> None:
    before = Providers.from_environment({}, mint.app)
    stored = before.store(replace(before.restore({}), voice='cedar'))
    after = Providers.from_environment({'OPENAI_API_KEY': 'sk-1'}, mint.app)
    assert after.restore(stored) == Settings(voice='cedar')


def test_removing_the_key_selects_the_engine(mint: Mint) -> None:
    before = Providers.from_environment({'OPENAI_API_KEY': 'sk-1'}, mint.app)
    stored = before.store(Settings(voice='cedar', language='ja'))
    after = Providers.from_environment({}, mint.app)
    assert after.restore(stored) == replace(ENGINE, voice='cedar')


async def test_the_engine_mints_without_a_network(mint: Mint) -> None:
    providers = Providers.from_environment({}, mint.app)
    ticket = await providers.mint(ENGINE, 'browser-1')
    assert ticket == Ticket('/engine/v1/realtime/calls', 'ek_1', ticket.expires_at)
    assert mint.requests[0]['session'] == session(ENGINE)
    await providers.close()


async def test_an_engine_that_fails_is_a_failure_like_any_other(mint: Mint) -> None:
    providers = Providers.from_environment({}, mint.app)
    with pytest.raises(ProviderError, match='http_5xx'):
        await providers.mint(replace(ENGINE, instructions='crash'), 'browser-1')


async def test_openai_mints_with_the_chosen_persona(mint: Mint) -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json={'value': 'ek_2', 'expires_at': 1e12})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-1'}, mint.app, client=client)
    ticket = await providers.mint(Settings(persona=BUILT_IN['tutor']), 'browser-1')
    assert (ticket.url, ticket.token) == ('https://api.openai.com/v1/realtime/calls', 'ek_2')
    assert asked[0]['session']['instructions'] == BUILT_IN['tutor'].instructions
    assert mint.requests == []
    await providers.close()
    assert client.is_closed


def test_the_dropdown_tells_which_voices_of_the_engine_sound_natural(mint: Mint) -> None:
    providers = Providers.from_environment({}, mint.app, engine_voices={'marin': 'natural', 'echo': 'simple'})
    voices = providers.catalogues['engine'].voices
    assert voices['marin'].label(ENGLISH.text) == 'marin · natural · light'
    assert voices['echo'].label(LANGUAGES['ja'].text) == 'echo · 簡易な声 · 深い'
    assert voices['ash'].label(ENGLISH.text) == 'ash · dark', 'a server may speak it'


AZURE = {
    'AZURE_OPENAI_ENDPOINT': 'https://me.openai.azure.com',
    'AZURE_OPENAI_API_KEY': 'canary-0123456789',
    'AZURE_OPENAI_DEPLOYMENT': 'my-realtime',
}


@pytest.fixture
def azure(mint: Mint) -> Providers:
    return Providers.from_environment(AZURE, mint.app)


def test_a_provider_is_available_if_the_environment_configures_it(azure: Providers) -> None:
    assert [provider.kind for provider in azure.all] == ['azure', 'engine']
    assert introductions(azure)[0].hint == 'Calls go to me.openai.azure.com, as set by AZURE_OPENAI_ENDPOINT.'
    settings = azure.restore({'voice': 'cedar', 'language': 'ja'})
    assert (settings.provider, settings.model, settings.voice) == ('azure', 'my-realtime', 'cedar')
    assert azure.restore(azure.store(settings)) == settings


async def test_settings_for_a_provider_that_is_gone_are_for_the_default_one(azure: Providers, mint: Mint) -> None:
    stored = azure.store(azure.restore({}))
    assert Providers.from_environment({}, mint.app).restore(stored) == ENGINE
    others = {'OPENAI_API_KEY': 'sk-1', 'PARLEY_PROVIDER': 'engine'}
    assert Providers.from_environment(others, mint.app).restore(stored) == ENGINE


def test_missing_variables_are_named(mint: Mint) -> None:
    providers = Providers.from_environment({'AZURE_OPENAI_API_KEY': 'canary-0123456789'}, mint.app)
    hint = introductions(providers)[0].hint
    assert 'Azure OpenAI still needs AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT.' in hint
    assert hint in providers.hint(ENGINE, ENGLISH.text)
    assert 'canary' not in hint


def test_the_preferred_provider_comes_first(mint: Mint) -> None:
    environ = {**AZURE, 'OPENAI_API_KEY': 'sk-1'}
    assert Providers.from_environment(environ, mint.app).default == 'openai'
    assert Providers.from_environment({**environ, 'PARLEY_PROVIDER': 'azure'}, mint.app).default == 'azure'
    assert Providers.from_environment({**environ, 'PARLEY_PROVIDER': 'engine'}, mint.app).default == 'engine'
    wished_for = Providers.from_environment({'PARLEY_PROVIDER': 'xai'}, mint.app)
    assert (wished_for.default, introductions(wished_for)[0].hint[:31]) == ('engine', 'xAI still needs XAI_API_KEY. Ch')


def test_an_unknown_preferred_provider_is_refused(mint: Mint) -> None:
    with pytest.raises(ValueError, match='PARLEY_PROVIDER must be one of openai, azure'):
        Providers.from_environment({'PARLEY_PROVIDER': 'hal'}, mint.app)


async def test_a_websocket_only_provider_is_reached_by_the_relay(mint: Mint) -> None:
    providers = Providers.from_environment({'XAI_API_KEY': 'canary-0123456789'}, mint.app)
    settings = providers.restore({})
    assert providers.transport(settings) == 'relay'
    assert providers.transport(ENGINE) == 'auto'
    assert providers.placing(settings) == 'websocket'
    assert 'output_modalities' not in providers.session(settings)


def test_the_lines_of_the_readme_set_up_each_provider(mint: Mint) -> None:
    example = Path('.env.example').read_text(encoding='utf-8')
    readme = Path('components/providers/README.md').read_text(encoding='utf-8')
    rows = dict(re.findall(r'^\| (.+?) \| (`[A-Z_]+=.+) \|$', readme, re.MULTILINE))
    assert len(rows) == 8
    for name, cell in rows.items():
        environ = {variable: value or 'named-by-host' for variable, value in re.findall(r'`([A-Z_]+)=([^`]*)`', cell)}
        assert [variable for variable in environ if f'{variable}=' not in example] == [], name
        if name == 'any other':
            environ['PROVIDER_URL'] = 'http://localhost:8000/v1'
        providers = Providers.from_environment(environ, mint.app)
        settings = providers.restore({})
        assert settings.provider != 'engine', name
        if name.startswith('[LiteLLM]'):
            audio: Any = providers.session(settings)['audio']
            assert audio['input']['transcription']['model'] == audio['output']['voice'] == 'named-by-host'


@pytest.mark.parametrize(
    ('answer', 'of_guests', 'unified'),
    [
        (httpx.Response(404, json={'error': {'code': 'call_id_not_found'}}), 'auto', 'auto'),
        (httpx.Response(404, json={'detail': 'Not Found'}), 'relay', 'relay'),
        (httpx.ConnectError('no network'), 'relay', 'auto'),
    ],
)
async def test_calls_that_cannot_be_hung_up_go_by_the_relay(
    mint: Mint, answer: httpx.Response | Exception, of_guests: str, unified: str
) -> None:
    """As LiteLLM, where calls cannot be ended by Parley. A host's calls that the browser places need no such end."""

    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    for placing, of_host in (('ephemeral', 'auto'), ('unified', unified)):
        environ = {'PROVIDER_URL': 'http://localhost:4000/v1', 'PROVIDER_MODEL': 'm', 'PROVIDER_PLACING': placing}
        client = httpx.AsyncClient(transport=httpx.MockTransport(handle))
        providers = Providers.from_environment(environ, mint.app, client=client)
        settings = providers.restore({})
        assert settings.provider == 'other'
        assert providers.transport(settings, guest=True) == 'relay', 'as long as nobody knows'
        await providers.learn_whether_they_hang_up(guests=True)
        assert providers.transport(settings, guest=True) == of_guests
        assert providers.transport(settings) == of_host
        assert providers.transport(ENGINE, guest=True) == 'auto'


def test_a_text_model_is_that_of_the_provider_itself(mint: Mint) -> None:
    def writer(provider: str, **environment: str) -> TextWriter | None:
        providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-1', **environment}, mint.app)
        return providers.text_writer(replace(Settings(), provider=provider))

    assert writer('openai') is not None
    elsewhere = {'OPENAI_BASE_URL': 'http://localhost:8000/v1'}
    assert writer('openai', **elsewhere) is None  # nobody knows which models it has
    assert writer('openai', **elsewhere, OPENAI_TEXT_MODEL='small') is not None
    assert writer('xai', XAI_API_KEY='xai-1') is None
    assert writer('engine') is None


async def test_the_mind_of_the_engine_writes_unless_it_is_the_rules(mint: Mint) -> None:
    class Mind:
        mind = None

        async def write(self, instructions: str, text: str, *, max_tokens: int) -> str:
            if text == 'stopped':
                raise MindError('The model stopped.')
            return f'{instructions}{text}'

    engine: Any = Mind()
    assert engine_writer(engine) is None
    engine.mind = 'a server'
    writer = engine_writer(engine)
    assert writer
    assert writer.answers_calls
    assert await writer.write('Summarise: ', 'Hello') == 'Summarise: Hello'
    with pytest.raises(ProviderError, match='The model stopped'):
        await writer.write('Summarise: ', 'stopped')


def test_the_environment_says_who_places_calls(mint: Mint) -> None:
    assert Providers.from_environment({}, mint.app).placing(ENGINE) == 'ephemeral'
    assert Providers.from_environment({'ENGINE_PLACING': 'unified'}, mint.app).placing(ENGINE) == 'unified'


async def test_without_a_key_openai_gives_no_ticket(mint: Mint) -> None:
    with pytest.raises(ProviderError) as caught:
        await Providers.from_environment({}, mint.app).mint(Settings(), 'browser-1')
    assert caught.value.code == 'invalid_api_key'
    with pytest.raises(ProviderError, match='invalid_api_key'):
        Providers.from_environment({}, mint.app).placing(Settings())


def test_a_browser_that_loses_direct_calls_goes_by_the_relay_unless_told_otherwise(mint: Mint) -> None:
    firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
    providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-1'}, mint.app)
    settings = providers.restore({})
    assert providers.transport(settings, user_agent=firefox) == 'relay'
    assert providers.transport(replace(settings, transport='webrtc'), user_agent=firefox) == 'webrtc'
    assert providers.transport(settings) == 'auto'
    assert providers.transport(ENGINE, user_agent=firefox) == 'auto'
