"""Providers as data, and what the environment adds to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.providers.profile import PROFILES, BadSetup, Profile, load
from components.settings.session import session
from components.settings.settings import Settings
from components.words.language import ENGLISH

DATA = json.loads(Path('assets/providers.json').read_text(encoding='utf-8'))


def resolved(kind: str, **environ: str) -> Profile:
    profile = PROFILES[kind]
    return profile.with_given(profile.given(environ))


def test_the_data_says_when_and_from_where_it_is() -> None:
    assert {'dated', 'source', 'how'} <= set(DATA)
    assert list(PROFILES) == ['openai', 'azure', 'xai', 'vllm', 'other', 'engine']


def test_openai_and_the_engine_need_no_more_than_a_key() -> None:
    assert resolved('openai').base_url == 'https://api.openai.com/v1'
    with pytest.raises(BadSetup, match=r'^OpenAI still needs OPENAI_API_KEY\.'):
        PROFILES['openai'].check({})
    PROFILES['engine'].check({})


@pytest.mark.parametrize('endpoint', ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1/'])
def test_azure_has_paths_of_its_own(endpoint: str) -> None:
    azure = resolved('azure', AZURE_OPENAI_ENDPOINT=endpoint)
    assert azure.base_url == 'https://me.openai.azure.com/openai/v1'
    assert (azure.authentication, azure.placing, azure.form) == ('api-key', 'ephemeral', False)
    assert azure.label == 'Azure OpenAI'


def test_azure_offers_the_deployments_that_the_environment_names() -> None:
    azure = PROFILES['azure']
    given = azure.given({'AZURE_OPENAI_DEPLOYMENT': 'my-realtime, my-mini', 'AZURE_OPENAI_API_KEY': ' '})
    with pytest.raises(BadSetup, match='still needs AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY'):
        azure.check(given)
    offer = azure.catalogue(given)
    assert offer
    assert list(offer.models) == ['my-realtime', 'my-mini']
    assert next(iter(offer.voices.values())).label(ENGLISH.text) == 'marin · natural'
    assert list(offer.transcription_models) == ['']  # without a deployment for it nobody writes down
    assert [model.label(ENGLISH.text) for model in offer.transcription_models.values()] == ['no transcription']


def test_fields_that_xai_does_not_take_are_omitted() -> None:
    wire: dict[str, Any] = PROFILES['xai'].taken(session(Settings()))
    assert 'output_modalities' not in wire
    assert 'idle_timeout_ms' not in wire['audio']['input']['turn_detection']
    assert wire['audio']['output'] == {'voice': 'marin'}
    assert wire['audio']['input']['transcription']


def test_another_provider_is_all_in_the_environment() -> None:
    other = resolved(
        'other',
        PROVIDER_URL='http://localhost:8000/v1',
        PROVIDER_PLACING='websocket',
        PROVIDER_DIALECT='beta',
        PROVIDER_AUTHENTICATION='none',
    )
    assert other.label == 'localhost:8000'
    assert (other.placing, other.dialect, other.authentication) == ('websocket', 'beta', 'none')
    offer = other.catalogue({'model': 'talker'})
    assert offer
    assert [voice.label(ENGLISH.text) for voice in offer.voices.values()] == ['provider default']


def test_openais_offer_is_in_the_catalogue() -> None:
    assert PROFILES['openai'].catalogue({}) is None


@pytest.mark.parametrize(
    'url', ['api.openai.com/v1', 'wss://api.openai.com/v1', 'https://', 'http://x.io:port', 'https://me:pw@x.io/v1']
)
def test_an_invalid_base_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r'^OPENAI_BASE_URL must look like') as caught:
        resolved('openai', OPENAI_BASE_URL=url)
    assert 'pw' not in str(caught.value)


def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r'^PROVIDER_DIALECT must be one of: ga, beta, xai\.'):
        resolved('other', PROVIDER_URL='http://x.io', PROVIDER_DIALECT='alpha')


def test_an_older_dialect_never_travels_past_the_translator() -> None:
    with pytest.raises(ValueError, match=r'^PROVIDER_PLACING must be websocket'):
        resolved('other', PROVIDER_URL='http://x.io', PROVIDER_DIALECT='beta')


@pytest.mark.parametrize(
    ('field', 'value', 'problem'),
    [('placing', 'carrier pigeon', 'The placing of openai'), ('needs', ['luck'], 'openai has unknown variables: luck')],
)
def test_data_that_is_not_in_order_is_refused(tmp_path: Path, field: str, value: object, problem: str) -> None:
    openai = {**DATA['profiles']['openai'], field: value}
    file = tmp_path / 'providers.json'
    file.write_text(json.dumps({'profiles': {'openai': openai}}))
    with pytest.raises(ValueError, match=problem):
        load(file)
