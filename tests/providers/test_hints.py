"""The hints about the chosen provider."""

from dataclasses import replace
from datetime import date

import pytest

from components.engine.servers.notice import Notice
from components.providers.providers import Providers
from components.settings.catalogue import CATALOGUES
from components.settings.settings import Settings
from components.words.language import ENGLISH

from .minting import ENGINE, Mint, introductions


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.mark.parametrize(
    ('environment', 'problem'),
    [
        ({'OPENAI_API_KEY': 'sk canary'}, "OPENAI_API_KEY contains characters that a key can't have."),
        ({'OPENAI_API_KEY': 'sk-canary', 'OPENAI_BASE_URL': 'x.io'}, 'OPENAI_BASE_URL must look like https://host/v1'),
    ],
)
def test_a_mistake_in_the_environment_is_a_hint_on_the_page(
    mint: Mint, environment: dict[str, str], problem: str
) -> None:
    providers = Providers.from_environment(environment, mint.app)
    assert providers.default == 'engine'
    assert introductions(providers)[0].hint.startswith(problem)
    assert 'canary' not in introductions(providers)[0].hint


def test_the_hint_begins_with_the_engines_problems(mint: Mint) -> None:
    providers = Providers.from_environment({}, mint.app, engine_problems=[Notice('No ears.')])
    assert introductions(providers)[1].hint.startswith('No ears.')


def test_the_hint_names_the_servers_that_do_the_engines_work(mint: Mint) -> None:
    alone = introductions(Providers.from_environment({}, mint.app))[1].hint
    assert 'A rehearsal partner, English only' in alone
    notes = [Notice('Speech recognition: localhost:8000.'), Notice('Voice: built in.')]
    helped = Providers.from_environment({}, mint.app, engine_problems=[Notice('No voice.')], engine_notes=lambda: notes)
    assert introductions(helped)[1].hint == 'No voice. Speech recognition: localhost:8000. Voice: built in.'


def test_the_hint_describes_the_chosen_provider_and_suggests_a_key(mint: Mint) -> None:
    without, with_key = (Providers.from_environment({'OPENAI_API_KEY': key}, mint.app) for key in ('', 'sk-1'))
    assert 'rehearsal' in without.hint(ENGINE, ENGLISH.text)
    assert '.env' in without.hint(ENGINE, ENGLISH.text)
    assert '.env' not in with_key.hint(ENGINE, ENGLISH.text)
    assert with_key.hint(Settings(), ENGLISH.text) == f"You'll talk with OpenAI. {introductions(with_key)[0].hint}"


@pytest.mark.parametrize(
    ('today', 'told'), [(date(2026, 11, 1), False), (date(2026, 12, 1), True), (date(2027, 6, 1), True)]
)
def test_the_hint_names_the_end_of_a_chosen_model_when_it_is_near(mint: Mint, today: date, told: bool) -> None:
    providers = Providers.from_environment({'OPENAI_API_KEY': 'canary-0123456789'}, mint.app)
    settings = replace(Settings(), model='gpt-realtime-mini')
    line = 'OpenAI switches gpt-realtime-mini off on 20 Jan 2027. Choose gpt-realtime-2.1-mini in the settings.'
    assert (line in providers.hint(settings, ENGLISH.text, today)) is told
    assert 'switches' not in providers.hint(Settings(), ENGLISH.text, today), 'the default stays'


def test_every_model_that_ends_has_a_successor_that_stays() -> None:
    for models in (CATALOGUES['openai'].models, CATALOGUES['openai'].transcription_models):
        for model in models.values():
            assert bool(model.shutdown) == bool(model.successor)
            assert not model.successor or models[model.successor].shutdown is None
