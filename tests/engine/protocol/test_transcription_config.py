"""The session object of a transcription session: its defaults, and the updates it accepts and refuses."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from openai.types.realtime.realtime_transcription_session_create_request import (
    RealtimeTranscriptionSessionCreateRequest,
)
from openai.types.realtime.realtime_transcription_session_create_response import (
    RealtimeTranscriptionSessionCreateResponse,
)

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig, SessionConfig, TranscriptionConfig, read_config

from .test_session_config import ANYTHING, read_update

TURN_DETECTION = 'session.audio.input.turn_detection'
RATE = 'session.audio.input.format.rate'
DETECTION = {'type': 'server_vad', 'threshold': 0.5, 'prefix_padding_ms': 300, 'silence_duration_ms': 500}
MINI = {'model': 'gpt-4o-mini-transcribe'}
WHISPER = {'model': 'gpt-realtime-whisper'}


def updated(session: dict[str, Any], config: AnyConfig | None = None) -> AnyConfig:
    """The configuration after a `session.update` with these fields."""
    return (config or TranscriptionConfig()).merged(read_update({'type': 'transcription', **session}))


def hearing(**fields: Any) -> dict[str, Any]:
    return {'audio': {'input': fields}}


def wire(config: AnyConfig) -> dict[str, Any]:
    return config.session(id='sess_1', expires_at=1234)


def shown_input(config: AnyConfig) -> dict[str, Any]:
    shown: dict[str, Any] = wire(config)['audio']['input']
    return shown


def test_a_session_is_shown_with_the_fields_of_openai() -> None:
    assert wire(TranscriptionConfig()) == {
        'type': 'transcription',
        'object': 'realtime.transcription_session',
        'id': 'sess_1',
        'expires_at': 1234,
        'audio': {
            'input': {
                'format': {'type': 'audio/pcm', 'rate': 24_000},
                'transcription': None,
                'noise_reduction': None,
                'turn_detection': DETECTION,
            }
        },
        'include': None,
    }


def test_an_update_changes_only_the_fields_it_names() -> None:
    include = ['item.input_audio_transcription.logprobs']
    before = updated({'include': include, **hearing(transcription={**MINI, 'language': 'en'})})
    after = updated(
        hearing(noise_reduction={'type': 'far_field'}, turn_detection={**DETECTION, 'threshold': 0.7}), before
    )
    assert shown_input(after)['transcription'] == {**MINI, 'language': 'en', 'prompt': None}
    assert shown_input(after)['noise_reduction'] == {'type': 'far_field', 'strength': 1}
    assert shown_input(after)['turn_detection'] == {**DETECTION, 'threshold': 0.7}
    assert wire(after)['include'] == include
    cleared = updated({'include': None, **hearing(transcription=None, noise_reduction=None)}, after)
    assert (wire(cleared)['include'], shown_input(cleared)['transcription']) == (None, None)


@pytest.mark.parametrize(
    'detection',
    [
        None,
        {**DETECTION, 'create_response': True, 'interrupt_response': True, 'idle_timeout_ms': 6000},
        {'type': 'semantic_vad', 'eagerness': 'high', 'create_response': True},
    ],
)
def test_turn_detection_never_causes_a_response(detection: dict[str, Any] | None) -> None:
    config = updated(hearing(turn_detection=detection))
    turns = config.turn_detection
    assert turns is None or not (turns.create_response or turns.interrupt_response or turns.idle_timeout_ms)
    fields = detection and {name: detection[name] for name in detection if name in {*DETECTION, 'eagerness'}}
    assert shown_input(config)['turn_detection'] == fields


def test_streaming_transcription_models_have_no_turn_detection() -> None:
    assert shown_input(updated(hearing(transcription=WHISPER)))['turn_detection'] is None
    assert shown_input(updated(hearing(transcription=WHISPER, turn_detection=None)))['turn_detection'] is None
    for before, change in (
        (TranscriptionConfig(), hearing(transcription={'model': 'gpt-live-transcribe'}, turn_detection=DETECTION)),
        (updated(hearing(transcription=WHISPER)), hearing(turn_detection=DETECTION)),
    ):
        with pytest.raises(RealtimeError, match='not supported for this transcription model') as refused:
            updated(change, before)
        assert (refused.value.code, refused.value.param) == ('invalid_value', TURN_DETECTION)
    again = updated(hearing(transcription=MINI, turn_detection=DETECTION), updated(hearing(transcription=WHISPER)))
    assert shown_input(again)['turn_detection'] == DETECTION


@pytest.mark.parametrize(
    ('session', 'code', 'param'),
    [
        ({'model': 'gpt-realtime-2.1'}, 'unknown_parameter', 'session.model'),
        ({'instructions': 'Sing.'}, 'unknown_parameter', 'session.instructions'),
        ({'tools': []}, 'unknown_parameter', 'session.tools'),
        ({'output_modalities': ['text']}, 'unknown_parameter', 'session.output_modalities'),
        ({'audio': {'output': {'voice': 'marin'}}}, 'unknown_parameter', 'session.audio.output'),
        ({'audio': []}, 'invalid_type', 'session.audio'),
        ({'include': ['everything']}, 'invalid_value', 'session.include[0]'),
        (hearing(format={'type': 'audio/pcm', 'rate': 16_000}), 'integer_below_min_value', RATE),
        (hearing(transcription={'model': 7}), 'invalid_type', 'session.audio.input.transcription.model'),
        (hearing(turn_detection={'type': 'none'}), 'invalid_value', f'{TURN_DETECTION}.type'),
        (
            hearing(turn_detection={'idle_timeout_ms': 1}),
            'integer_below_min_value',
            f'{TURN_DETECTION}.idle_timeout_ms',
        ),
        (hearing(voice='marin'), 'unknown_parameter', 'session.audio.input.voice'),
        ({'type': 'realtime'}, 'invalid_parameter', 'session.type'),
        ({'type': 'translation'}, 'invalid_value', 'session.type'),
    ],
)
def test_a_bad_field_is_named(session: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(RealtimeError) as refused:
        updated(session)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_the_type_of_a_session_cannot_change() -> None:
    with pytest.raises(RealtimeError, match='a transcription session update event to a realtime session') as refused:
        updated({}, SessionConfig())
    assert (refused.value.code, refused.value.param) == ('invalid_parameter', 'session.type')


def test_a_new_session_has_the_requested_type() -> None:
    assert read_config({'type': 'realtime'}) == SessionConfig()
    assert read_config({'type': 'transcription'}) == TranscriptionConfig()
    with pytest.raises(RealtimeError, match='tools'):
        read_config({'type': 'transcription', 'tools': []})


def test_the_shown_session_can_be_sent_back_and_fits_the_openai_package() -> None:
    config = updated(
        {'include': [], **hearing(transcription={**MINI, 'language': 'en'}, format={'type': 'audio/pcma'})}
    )
    shown = wire(config)
    RealtimeTranscriptionSessionCreateResponse.model_validate(shown)
    sent = {name: shown[name] for name in ('type', 'audio', 'include')}
    RealtimeTranscriptionSessionCreateRequest.model_validate(sent)
    assert wire(updated(sent)) == shown


@given(ANYTHING)
def test_any_json_is_merged_or_refused(session: Any) -> None:
    with suppress(RealtimeError):
        config = TranscriptionConfig().merged(read_update(session))
        RealtimeTranscriptionSessionCreateResponse.model_validate(wire(config))
