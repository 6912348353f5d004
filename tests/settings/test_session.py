"""The session object of the wire, and the updates between two of them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hypothesis import given
from openai.types.realtime import RealtimeSessionCreateRequest
from pydantic import BaseModel

from components.settings.personas import PERSONAS
from components.settings.settings import Settings, session, update_between
from tests.settings.strategies import all_settings


def test_the_session_of_a_newcomer() -> None:
    persona = PERSONAS['assistant']
    assert session(Settings(), persona) == {
        'type': 'realtime',
        'model': 'gpt-realtime-2.1-mini',
        'output_modalities': ['audio'],
        'instructions': persona.instructions,
        'audio': {
            'input': {
                'transcription': {'model': 'gpt-realtime-whisper'},
                'noise_reduction': None,
                'turn_detection': {'type': 'server_vad'},
            },
            'output': {'voice': 'marin'},
        },
    }


def test_a_language_guides_both_the_voice_and_the_transcription() -> None:
    made = _session(Settings(language='ja'))
    assert made['instructions'].endswith('\n\nSpeak Japanese unless asked otherwise.')
    assert made['audio']['input']['transcription'] == {'model': 'gpt-realtime-whisper', 'language': 'ja'}


def test_edited_instructions_take_the_place_of_the_personas() -> None:
    assert _session(Settings(instructions='Only rhyme.'))['instructions'] == 'Only rhyme.'


def test_transcription_can_be_off() -> None:
    assert _session(Settings(transcription=False, language='ja'))['audio']['input']['transcription'] is None


@given(all_settings)
def test_openai_knows_every_field_of_a_session(settings: Settings) -> None:
    made = RealtimeSessionCreateRequest.model_validate(_session(settings))
    assert _unknown_fields(made) == []


def test_nothing_changed_means_no_update() -> None:
    assert update_between(_session(Settings()), _session(Settings())) is None


def test_a_model_and_a_voice_are_never_updated() -> None:
    assert update_between(_session(Settings()), _session(Settings(model='gpt-realtime-2.1', voice='cedar'))) is None


def test_one_change_is_one_field() -> None:
    update = update_between(_session(Settings()), _session(Settings(noise_reduction='far_field', voice='cedar')))
    assert update == {'type': 'realtime', 'audio': {'input': {'noise_reduction': {'type': 'far_field'}}}}


def test_switching_off_is_said_with_null() -> None:
    update = update_between(_session(Settings()), _session(Settings(transcription=False)))
    assert update == {'type': 'realtime', 'audio': {'input': {'transcription': None}}}


@given(all_settings, all_settings)
def test_an_update_leads_from_any_session_to_any_other(before: Settings, after: Settings) -> None:
    old, new = _session(before), _session(after)
    update = update_between(old, new) or {}
    wanted = deepcopy(new) | {'model': old['model']}
    wanted['audio']['output']['voice'] = old['audio']['output']['voice']
    assert _merged(old, update) == wanted


@given(all_settings, all_settings)
def test_an_update_says_nothing_that_is_already_so(before: Settings, after: Settings) -> None:
    old, new = _session(before), _session(after)
    update = update_between(old, new)
    if update is None:
        return
    changes = {path: value for path, value in _leaves(update).items() if path != ('type',)}
    assert changes
    assert not [path for path, value in changes.items() if _leaves(old)[path] == value]


def _session(settings: Settings) -> dict[str, Any]:
    return session(settings, PERSONAS[settings.persona])


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


def _unknown_fields(model: BaseModel, path: str = 'session') -> list[str]:
    unknown = [f'{path}.{name}' for name in model.model_extra or {}]
    for name, value in model:
        if isinstance(value, BaseModel):
            unknown += _unknown_fields(value, f'{path}.{name}')
    return unknown
