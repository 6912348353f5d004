"""Settings on their way to storage and back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from components.settings.catalogue import CATALOGUES
from components.settings.personas.personas import BUILT_IN, Personas, built_in
from components.settings.settings import LONGEST_ANSWERS, Settings
from components.words.language import ENGLISH, LANGUAGES

from .strategies import all_settings, garbage


@given(all_settings)
def test_settings_survive_storage(settings: Settings) -> None:
    stored = json.loads(json.dumps(settings.to_storage()))
    assert Settings.from_storage(stored) == settings


@given(garbage)
def test_whatever_is_in_storage_gives_valid_settings(stored: object) -> None:
    settings = Settings.from_storage(stored)
    offer = CATALOGUES[settings.provider]
    assert settings.model in offer.models
    assert settings.voice in offer.voices
    assert settings.language in offer.languages
    assert settings.transcription_model in offer.transcription_models
    assert settings.persona in BUILT_IN.values()
    assert settings.turn_detection in ('server_vad', 'semantic_vad')
    assert settings.noise_reduction in ('off', 'near_field', 'far_field')
    assert isinstance(settings.transcription, bool)
    assert isinstance(settings.interruption, bool)
    assert settings.output in ('voice', 'text')
    assert settings.answer_length in LONGEST_ANSWERS
    assert settings.reasoning in ('minimal', 'low', 'medium', 'high', 'xhigh')
    assert settings.eagerness in ('auto', 'low', 'high')
    assert 0.25 <= settings.speed <= 1.5
    assert 0 <= settings.threshold <= 1
    assert 200 <= settings.silence_ms <= 3000
    assert settings.idle_timeout_s == 0 or 5 <= settings.idle_timeout_s <= 30
    assert isinstance(settings.instructions, str)


def test_a_bad_value_spoils_only_its_own_field() -> None:
    stored = {
        'model': 'gpt-4-telepathy',
        'voice': 'cedar',
        'transcription': 'yes',
        'noise_reduction': 3,
        'speed': 12,
        'idle_timeout_s': 2,
        'colour': 'red',
    }
    assert Settings.from_storage(stored) == Settings(voice='cedar')


def test_a_newcomer_gets_the_defaults_of_the_catalogue() -> None:
    assert Settings() == Settings().fitted()
    assert Settings.from_storage({}) == Settings(
        provider='openai',
        model='gpt-realtime-2.1-mini',
        voice='marin',
        transcription_model='gpt-realtime-whisper',
        turn_detection='server_vad',
    )


def test_a_newcomer_meets_the_first_persona_in_the_language_of_the_page() -> None:
    japanese = Personas(built_in=built_in(LANGUAGES['ja'].text))
    assert Settings.from_storage(None, japanese).persona.name == 'アシスタント'


def test_another_provider_gets_what_it_offers() -> None:
    settings = replace(Settings(language='ja', voice='cedar'), provider='engine').fitted()
    assert (settings.model, settings.transcription_model) == ('rehearsal-1', 'built-in')
    assert (settings.language, settings.voice) == ('en', 'cedar')


def test_what_the_engine_left_no_choice_about_is_not_kept() -> None:
    stored = replace(Settings(), provider='engine').fitted().to_storage()
    assert stored['provider'] == 'engine'
    assert not {'model', 'language', 'transcription_model'} & stored.keys()


def test_each_setting_has_words() -> None:
    assert set(ENGLISH.section('settings')) == set(Settings.table())


@pytest.mark.parametrize('name', ['provider', 'model', 'voice'])
def test_what_a_call_cannot_change_waits_for_a_new_one(name: str) -> None:
    assert Settings.table()[name].applies == 'new_call'
