"""Settings on their way to storage and back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from components.settings.catalogue import CATALOGUES, Model
from components.settings.personas.personas import BUILT_IN, Personas, built_in
from components.settings.settings import LONGEST_ANSWERS, Settings
from components.words.language import ENGLISH, LANGUAGES

from .strategies import all_settings, garbage


@given(all_settings)
def test_settings_survive_storage(settings: Settings) -> None:
    stored = json.loads(json.dumps(settings.to_storage()))
    assert Settings.from_storage(stored) == settings


@given(garbage)
def test_any_storage_gives_valid_settings(stored: object) -> None:
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


def test_a_bad_value_affects_no_other_setting() -> None:
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


def test_the_defaults_are_the_first_entries_of_the_catalogue() -> None:
    assert Settings() == Settings().fitted()
    assert Settings.from_storage({}) == Settings(
        provider='openai',
        model='gpt-realtime-2.1-mini',
        voice='marin',
        transcription_model='gpt-realtime-whisper',
        turn_detection='server_vad',
    )


def test_the_default_persona_has_a_name_in_the_language_of_the_page() -> None:
    japanese = Personas(built_in=built_in(LANGUAGES['ja'].text))
    assert Settings.from_storage(None, japanese).persona.name == 'アシスタント'


def test_changing_the_provider_replaces_unavailable_choices() -> None:
    settings = replace(Settings(language='ja', voice='cedar'), provider='engine').fitted()
    assert (settings.model, settings.transcription_model) == ('rehearsal-1', 'built-in')
    assert (settings.language, settings.voice) == ('en', 'cedar')


def test_values_that_were_the_only_offer_are_not_stored() -> None:
    stored = replace(Settings(), provider='engine').fitted().to_storage()
    assert stored['provider'] == 'engine'
    assert not {'model', 'language', 'transcription_model'} & stored.keys()


def test_each_setting_has_texts() -> None:
    assert set(ENGLISH.section('settings')) == set(Settings.table())


@pytest.mark.parametrize('name', ['provider', 'model', 'voice'])
def test_provider_model_and_voice_need_a_new_call(name: str) -> None:
    assert Settings.table()[name].applies == 'new_call'


def test_a_provider_is_known_by_the_catalogues_of_the_program() -> None:
    stored = {'provider': 'other', 'model': 'talker'}
    assert Settings.from_storage(stored).provider == 'openai'
    offer = replace(CATALOGUES['openai'], models={'talker': Model('talker')})
    settings = Settings.from_storage(stored, catalogues={**CATALOGUES, 'other': offer})
    assert (settings.provider, settings.model, settings.catalogue) == ('other', 'talker', offer)
    assert settings == Settings(provider='other', model='talker')
