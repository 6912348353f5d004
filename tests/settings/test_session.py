"""The session object of the wire, and the updates between two of them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from openai.types.realtime import RealtimeSessionCreateRequest, ResponseCreateEvent

from components.engine.protocol.session_config import read_config
from components.settings.personas.personas import BUILT_IN
from components.settings.session import greeting, session, update_between
from components.settings.settings import AnswerLength, Settings

from .strategies import all_settings


def test_the_session_of_the_default_settings() -> None:
    persona = BUILT_IN['assistant']
    assert session(Settings()) == {
        'type': 'realtime',
        'model': 'gpt-realtime-2.1-mini',
        'output_modalities': ['audio'],
        'instructions': persona.instructions,
        'max_output_tokens': 'inf',
        'reasoning': {'effort': 'low'},
        'audio': {
            'input': {
                'transcription': {'model': 'gpt-realtime-whisper'},
                'noise_reduction': None,
                'turn_detection': {
                    'type': 'server_vad',
                    'threshold': 0.5,
                    'silence_duration_ms': 500,
                    'idle_timeout_ms': None,
                    'interrupt_response': True,
                },
            },
            'output': {'voice': 'marin', 'speed': 1.0},
        },
    }


def test_a_language_guides_both_the_voice_and_the_transcription() -> None:
    made = _session(Settings(language='ja'))
    assert made['instructions'].endswith('\n\nSpeak Japanese unless asked otherwise.')
    assert made['audio']['input']['transcription'] == {'model': 'gpt-realtime-whisper', 'language': 'ja'}


def test_edited_instructions_replace_those_of_the_persona() -> None:
    assert _session(Settings(instructions='Only rhyme.'))['instructions'] == 'Only rhyme.'


def test_transcription_can_be_off() -> None:
    assert _session(Settings(transcription=False, language='ja'))['audio']['input']['transcription'] is None


def test_reasoning_is_sent_only_if_the_model_supports_it() -> None:
    assert _session(Settings(reasoning='high'))['reasoning'] == {'effort': 'high'}
    assert 'reasoning' not in _session(Settings(reasoning='high', model='gpt-realtime-1.5'))
    assert 'reasoning' not in _session(Settings(provider='engine', reasoning='high').fitted())


def test_text_only_is_the_other_modality() -> None:
    assert _session(Settings(output='text'))['output_modalities'] == ['text']


@pytest.mark.parametrize(('length', 'tokens'), [('short', 400), ('medium', 1000), ('long', 2500), ('unlimited', 'inf')])
def test_a_maximum_answer_length_is_a_number_of_tokens(length: AnswerLength, tokens: object) -> None:
    assert _session(Settings(answer_length=length))['max_output_tokens'] == tokens


def test_semantic_turn_detection_has_eagerness_and_no_fields_of_server_vad() -> None:
    settings = Settings(turn_detection='semantic_vad', eagerness='low', silence_ms=900, interruption=False)
    expected = {'type': 'semantic_vad', 'eagerness': 'low', 'interrupt_response': False}
    assert _session(settings)['audio']['input']['turn_detection'] == expected


def test_settings_within_an_object_that_is_null_are_not_sent() -> None:
    wire = session(Settings(turn_detection='push_to_talk', transcription=False, language='de'))
    assert wire['audio'] == {
        'input': {'transcription': None, 'noise_reduction': None, 'turn_detection': None},
        'output': {'voice': 'marin', 'speed': 1.0},
    }


def test_an_idle_timeout_is_in_milliseconds_and_zero_is_null() -> None:
    timeouts = [
        _session(Settings(idle_timeout_s=s))['audio']['input']['turn_detection']['idle_timeout_ms'] for s in (8, 0)
    ]
    assert timeouts == [8000, None]


@given(all_settings)
def test_openai_knows_every_field_of_a_session_and_its_values(settings: Settings) -> None:
    wire = json.loads(json.dumps(_session(settings)))
    RealtimeSessionCreateRequest.model_validate(wire, extra='forbid', strict=True)


@given(all_settings)
async def test_the_engine_takes_every_session_that_it_offers(settings: Settings) -> None:
    if settings.provider == 'engine':
        read_config(json.loads(json.dumps(_session(settings))))


def test_equal_sessions_need_no_update() -> None:
    assert update_between(_session(Settings()), _session(Settings())) is None


def test_one_change_is_one_field() -> None:
    update = update_between(_session(Settings()), _session(Settings(noise_reduction='far_field')))
    assert update == {'type': 'realtime', 'audio': {'input': {'noise_reduction': {'type': 'far_field'}}}}


def test_a_feature_is_switched_off_by_null() -> None:
    update = update_between(_session(Settings()), _session(Settings(transcription=False)))
    assert update == {'type': 'realtime', 'audio': {'input': {'transcription': None}}}


@given(all_settings, all_settings)
def test_an_update_leads_from_any_settings_to_any_other(before: Settings, after: Settings) -> None:
    old, new = _session(before), _session(_in_the_same_call(before, after))
    assert _merged(old, update_between(old, new) or {}) == new


@given(all_settings, all_settings)
def test_an_update_contains_only_changes(before: Settings, after: Settings) -> None:
    old, new = _session(before), _session(_in_the_same_call(before, after))
    update = update_between(old, new)
    if update is None:
        return
    changes = {path: value for path, value in _leaves(update).items() if path != ('type',)}
    assert changes
    assert not [path for path, value in changes.items() if _leaves(old)[path] == value]


def _in_the_same_call(before: Settings, after: Settings) -> Settings:
    return after.applied_to(before).fitted()


def test_a_greeting_repeats_the_instructions_of_the_session() -> None:
    coach = BUILT_IN['coach']
    event = ResponseCreateEvent.model_validate(
        greeting(Settings(persona=coach, language='fr')), extra='forbid', strict=True
    )
    assert event.response
    text = event.response.instructions or ''
    assert text.startswith(coach.instructions)
    assert 'Speak French' in text
    assert f'"{coach.greeting}"' in text


def test_the_ai_makes_up_a_missing_greeting() -> None:
    shy = replace(BUILT_IN['coach'], greeting='')
    assert 'greet the user in one sentence' in str(greeting(Settings(persona=shy)))


def _session(settings: Settings) -> dict[str, Any]:
    return session(settings)


SECTIONS = {('audio',), ('audio', 'input'), ('audio', 'output')}


def _merged(old: Mapping[str, Any], update: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Do what the service does with a session.update: present fields change, in these sections field by field."""
    inner = {
        name: _merged(old[name], value, (*path, name)) for name, value in update.items() if (*path, name) in SECTIONS
    }
    return {**old, **update, **inner}


def _leaves(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    leaves: dict[tuple[str, ...], Any] = {}
    for name, value in tree.items():
        here = (*path, name)
        leaves |= _leaves(value, here) if here in SECTIONS else {here: value}
    return leaves
