"""The service of a call accepts changed settings, or refuses them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from components.call.server_events import ErrorOccurred, ServiceError, SessionChanged
from components.settings.agreement import Agreement, RefusedChange
from components.settings.session import session, update_between
from components.settings.settings import Settings

from .strategies import all_settings

UPDATED = SessionChanged(updated=True, transcribes=None)
START = Settings()


def begin(settings: Settings = START) -> Agreement:
    return Agreement(settings, session)


def refused(update: dict[str, Any] | None, message: str = 'Not now.', param: str = '') -> ErrorOccurred:
    assert update
    return ErrorOccurred(ServiceError('invalid_value', message, update['event_id'], param))


def test_a_change_is_one_update_with_an_id_of_its_own() -> None:
    agreement = begin()
    assert agreement.ask(replace(START, speed=1.5)) == {
        'type': 'session.update',
        'event_id': 'settings_1',
        'session': {'type': 'realtime', 'audio': {'output': {'speed': 1.5}}},
    }
    second = agreement.ask(replace(START, speed=1.5, output='text'))
    assert second
    assert second['event_id'] == 'settings_2'
    assert second['session'] == {'type': 'realtime', 'output_modalities': ['text']}


def test_a_change_is_asked_for_only_once() -> None:
    agreement = begin()
    agreement.ask(replace(START, speed=1.5))
    assert agreement.ask(replace(START, speed=1.5)) is None


def test_a_refused_change_is_put_back_with_the_reason() -> None:
    agreement = begin()
    changed = replace(START, speed=1.5)
    refusal = agreement.hear(refused(agreement.ask(changed), 'Too fast.'))
    assert refusal == RefusedChange(START, changed, 'Too fast.', 'invalid_value')
    assert refusal.undone(changed) == START
    assert agreement.ask(START) is None


def test_a_setting_changed_after_the_refused_update_stays() -> None:
    agreement = begin()
    first = agreement.ask(faster := replace(START, speed=1.5))
    agreement.ask(both := replace(faster, noise_reduction='far_field'))
    refusal = agreement.hear(refused(first))
    assert refusal
    assert refusal.undone(both) == replace(START, noise_reduction='far_field')
    assert refusal.undone(replace(both, speed=0.5)) == replace(both, speed=0.5)
    assert agreement.hear(UPDATED) is None
    assert agreement.ask(replace(START, noise_reduction='far_field')) is None


def test_only_the_refused_setting_is_put_back_and_the_others_are_asked_for_again() -> None:
    agreement = begin()
    changed = replace(START, speed=1.5, output='text', language='de')
    refused_change = agreement.hear(refused(agreement.ask(changed), param='session.audio.output.speed'))
    assert refused_change
    assert refused_change.names == {'speed'}
    left = refused_change.undone(changed)
    assert left == replace(START, output='text', language='de')
    again = agreement.ask(left)
    assert again
    assert again['session'] == update_between(session(START), session(left))


@pytest.mark.parametrize(
    ('param', 'names'),
    [
        ('session.audio.input.turn_detection.threshold', {'threshold'}),
        ('session.audio.input.turn_detection', {'threshold', 'silence_ms'}),
        ('session.audio.input.transcription.language', {'language'}),
        ('session.audio.input.transcription.language.0', {'language'}),
        ('session.instructions', {'language', 'instructions'}),
        ('session.audio.output.speed', {'threshold', 'silence_ms', 'language', 'instructions'}),
        ('session.tools', {'threshold', 'silence_ms', 'language', 'instructions'}),
        ('', {'threshold', 'silence_ms', 'language', 'instructions'}),
    ],
)
def test_the_param_of_a_refusal_decides_which_settings_are_put_back(param: str, names: set[str]) -> None:
    agreement = begin()
    changed = replace(START, threshold=0.9, silence_ms=900, language='de', instructions='Only rhyme.')
    refused_change = agreement.hear(refused(agreement.ask(changed), param=param))
    assert refused_change
    assert refused_change.names == names


def test_two_refusals_in_a_row_restore_the_first_settings() -> None:
    agreement = begin()
    first = agreement.ask(faster := replace(START, speed=1.5))
    second = agreement.ask(slower := replace(faster, speed=0.5))
    settings = slower
    for update in (first, second):
        refusal = agreement.hear(refused(update))
        assert refusal
        settings = refusal.undone(settings)
    assert settings == START


def test_an_accepted_update_cannot_be_refused_later() -> None:
    agreement = begin()
    update = agreement.ask(replace(START, speed=1.5))
    agreement.hear(UPDATED)
    assert agreement.hear(refused(update)) is None


def test_other_errors_refuse_no_update() -> None:
    agreement = begin()
    agreement.ask(replace(START, speed=1.5))
    for event_id in ('item_1', None):
        assert agreement.hear(ErrorOccurred(ServiceError('invalid_value', 'No.', event_id))) is None


def test_model_voice_and_provider_wait_for_the_next_call() -> None:
    agreement = begin(Settings(model='gpt-realtime-1.5'))
    assert agreement.ask(Settings(model='gpt-realtime-2.1', voice='ash', reasoning='high')) is None
    assert agreement.ask(replace(START, provider='engine', output='text').fitted()) is None


def test_waiting_settings_are_named() -> None:
    agreement = begin()
    changed = replace(START, voice='ash', model='gpt-realtime-2.1', speed=1.5)
    agreement.ask(changed)
    assert agreement.waiting(changed) == {'voice', 'model'}
    assert agreement.waiting(START) == set()
    assert agreement.waiting(replace(START, provider='engine').fitted()) == {'provider', 'model'}


@given(all_settings, all_settings)
def test_a_refusal_always_restores_the_settings_before(before: Settings, after: Settings) -> None:
    agreement = begin(before)
    after = after.applied_to(before).fitted()
    if update := agreement.ask(after):
        refusal = agreement.hear(refused(update))
        assert refusal
        assert refusal.undone(after) == before
        assert agreement.ask(before) is None


def created(**changes: Any) -> SessionChanged:
    """A new session as a service reports it: with all that was asked for, more fields, and these changes."""
    asked: Any = session(START)
    audio = {
        'input': {**asked['audio']['input'], 'format': {'type': 'audio/pcm'}, **changes.pop('input', {})},
        'output': {**asked['audio']['output'], 'format': {'type': 'audio/pcm'}, **changes.pop('output', {})},
    }
    return SessionChanged(False, None, session={**asked, 'object': 'realtime.session', 'audio': audio, **changes})


def test_a_session_as_it_was_asked_for_needs_no_update() -> None:
    agreement = begin()
    agreement.hear(created(max_output_tokens='inf', tools=[]))
    assert agreement.ask(START) is None
    agreement.hear(SessionChanged(False, None, session={'id': 'sess_1'}))
    assert agreement.ask(START) is None, 'a service may say nothing of it'


def test_a_session_that_a_gateway_has_lost_is_restored() -> None:
    """LiteLLM used to replace the session of a client secret by one with the model alone."""
    agreement = begin()
    agreement.hear(created(instructions='Be a robot.', input={'transcription': None}, output={'voice': 'alloy'}))
    update = agreement.ask(START)
    asked: Any = session(START)
    assert update
    assert update['session'] == {
        'type': 'realtime',
        'instructions': asked['instructions'],
        'audio': {
            'input': {'transcription': asked['audio']['input']['transcription']},
            'output': {'voice': asked['audio']['output']['voice']},
        },
    }
    assert agreement.ask(START) is None, 'once is enough'
    assert agreement.hear(refused(update)) is None, 'the settings stay'


def test_changes_travel_with_what_was_lost() -> None:
    agreement = begin()
    agreement.hear(created(output={'voice': 'alloy'}))
    update = agreement.ask(replace(START, speed=1.5))
    assert update
    assert update['session']['audio']['output'] == {'voice': START.voice, 'speed': 1.5}
