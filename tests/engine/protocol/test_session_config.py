"""The session object of a conversation: its defaults, and the updates it accepts and refuses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.realtime import RealtimeSessionCreateRequest

from components.engine.protocol.client_events import UpdateSession, read_event
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import DEFAULT_INSTRUCTIONS, AnyConfig, SessionConfig, read_config
from components.engine.speech.synthesis.voices import VOICES

TURN_DETECTION = 'session.audio.input.turn_detection'
IDLE_TIMEOUT = f'{TURN_DETECTION}.idle_timeout_ms'

RATE = 'session.audio.input.format.rate'
TRANSCRIPTION = 'session.audio.input.transcription'
TRUNCATION = 'session.truncation.retention'
RETENTION = {'type': 'retention_ratio', 'retention_ratio': 0.8}
LOGPROBS = 'item.input_audio_transcription.logprobs'
LATEST = {'model': 'gpt-transcribe'}
LIGHT = {'type': 'function', 'name': 'light', 'description': 'Switches', 'parameters': {'type': 'object'}}


def updated(session: dict[str, Any], config: SessionConfig | None = None) -> SessionConfig:
    """The configuration after a `session.update` with these fields."""
    return (config or SessionConfig()).merged(read_update({'type': 'realtime', **session}))


def read_update(session: Any) -> AnyConfig:
    event = read_event({'type': 'session.update', 'session': session})
    assert isinstance(event, UpdateSession)
    return event.session


def hearing(**fields: Any) -> dict[str, Any]:
    return {'audio': {'input': fields}}


def wire(config: SessionConfig) -> dict[str, Any]:
    return config.session(id='sess_1', expires_at=1234)


def test_defaults_are_those_of_openai() -> None:
    session = wire(SessionConfig())
    assert session['audio']['input'] == {
        'format': {'type': 'audio/pcm', 'rate': 24000},
        'transcription': None,
        'noise_reduction': None,
        'turn_detection': {
            'type': 'server_vad',
            'threshold': 0.5,
            'prefix_padding_ms': 300,
            'silence_duration_ms': 500,
            'idle_timeout_ms': None,
            'create_response': True,
            'interrupt_response': True,
        },
    }
    assert session['audio']['output'] == {
        'format': {'type': 'audio/pcm', 'rate': 24000},
        'voice': 'marin',
        'speed': 1.0,
    }
    assert session['output_modalities'] == ['audio']
    assert session['max_output_tokens'] == 'inf'
    assert (session['id'], session['object'], session['expires_at']) == ('sess_1', 'realtime.session', 1234)


def test_an_update_changes_only_the_fields_it_names() -> None:
    before = updated({'audio': {'input': {'transcription': {'model': 'whisper-1', 'language': 'en'}}}})
    after = updated({'audio': {'input': {'transcription': {'language': 'de'}}, 'output': {'speed': 1.25}}}, before)
    assert wire(after)['audio']['input']['transcription'] == {'model': 'whisper-1', 'language': 'de', 'prompt': None}
    assert wire(after)['audio']['output']['speed'] == 1.25
    assert wire(updated({}, after)) == wire(after)


def test_null_and_the_empty_string_clear_a_field() -> None:
    config = updated({'instructions': 'Sing.', 'audio': {'input': {'transcription': {}, 'turn_detection': None}}})
    assert config.audio.input.transcription
    assert config.audio.input.turn_detection is None
    cleared = updated({'instructions': '', 'audio': {'input': {'transcription': None}}}, config)
    assert cleared.instructions == DEFAULT_INSTRUCTIONS
    assert cleared.audio.input.transcription is None


def test_the_kind_of_turn_detection_can_change() -> None:
    config = updated({'audio': {'input': {'turn_detection': {'type': 'server_vad', 'threshold': 0.9}}}})
    config = updated({'audio': {'input': {'turn_detection': {'type': 'semantic_vad', 'eagerness': 'high'}}}}, config)
    assert wire(config)['audio']['input']['turn_detection'] == {
        'type': 'semantic_vad',
        'eagerness': 'high',
        'create_response': True,
        'interrupt_response': True,
    }


def test_a_session_is_shown_with_the_fields_of_openai() -> None:
    assert wire(SessionConfig()).keys() == {
        'type',
        'object',
        'id',
        'model',
        'output_modalities',
        'instructions',
        'tools',
        'tool_choice',
        'max_output_tokens',
        'tracing',
        'truncation',
        'prompt',
        'expires_at',
        'audio',
        'include',
    }, 'reasoning and parallel calls are shown only where they were set'
    shown = wire(SessionConfig())
    assert (shown['tracing'], shown['truncation'], shown['prompt'], shown['include']) == (None, 'auto', None, None)
    assert (shown['tools'], shown['tool_choice']) == ([], 'auto')


@pytest.mark.parametrize(
    'session',
    [
        {'tools': [LIGHT], 'tool_choice': 'required', 'max_output_tokens': 100},
        {'tool_choice': {'type': 'function', 'name': 'light'}},
        {'truncation': 'disabled'},
        {
            'truncation': {
                'type': 'retention_ratio',
                'retention_ratio': 0.8,
                'token_limits': {'post_instructions': 5000},
            }
        },
        {'tracing': 'auto'},
        {'tracing': {'workflow_name': 'calls', 'group_id': 'a', 'metadata': {'b': 1}}},
        {'prompt': {'id': 'pmpt_1', 'version': '2', 'variables': {'name': 'Ada'}}},
        {'include': ['item.input_audio_transcription.logprobs']},
        {'reasoning': {'effort': 'xhigh'}, 'parallel_tool_calls': False},
    ],
)
def test_fields_for_a_language_model_are_kept_and_shown(session: dict[str, Any]) -> None:
    config = updated(session)
    assert session.items() <= wire(config).items()
    assert wire(updated({}, config)) == wire(config), 'until they are changed'


def test_fields_for_a_language_model_can_be_cleared() -> None:
    config = updated(
        {'include': [], 'prompt': {'id': 'pmpt_1'}, 'reasoning': {'effort': 'low'}, 'truncation': 'disabled'}
    )
    cleared = updated({'include': None, 'prompt': None, 'reasoning': None, 'truncation': 'auto'}, config)
    assert wire(cleared) == wire(SessionConfig())


def test_tracing_cannot_be_changed() -> None:
    config = updated({'tracing': 'auto'})
    assert updated({'tracing': 'auto'}, config) == config
    with pytest.raises(RealtimeError, match='cannot be changed'):
        updated({'tracing': None}, config)


def test_transcription_hints_are_kept_and_shown() -> None:
    hints = {'model': 'gpt-transcribe', 'prompt': 'Names.', 'languages': ['en', 'de'], 'keywords': ['Ada']}
    config = updated(hearing(transcription=hints))
    assert wire(config)['audio']['input']['transcription'] == {**hints, 'language': None}
    config = updated(hearing(transcription={'keywords': None, 'language': 'en'}), config)
    assert 'keywords' not in wire(config)['audio']['input']['transcription']
    whisper = {'model': 'gpt-realtime-whisper', 'delay': 'minimal'}
    assert wire(updated(hearing(transcription=whisper)))['audio']['input']['transcription']['delay'] == 'minimal'


@pytest.mark.parametrize(
    ('session', 'code', 'param'),
    [
        ({'temperature': 1}, 'unknown_parameter', 'session.temperature'),
        ({'audio': {'output': {'pitch': 1}}}, 'unknown_parameter', 'session.audio.output.pitch'),
        ({'audio': {'output': {'voice': 'nobody'}}}, 'invalid_value', 'session.audio.output.voice'),
        ({'audio': {'output': {'speed': 1.6}}}, 'decimal_above_max_value', 'session.audio.output.speed'),
        ({'audio': {'output': {'speed': 0.2}}}, 'decimal_below_min_value', 'session.audio.output.speed'),
        ({'audio': {'output': {'speed': 'fast'}}}, 'invalid_type', 'session.audio.output.speed'),
        ({'audio': {'output': {'speed': True}}}, 'invalid_type', 'session.audio.output.speed'),
        ({'audio': []}, 'invalid_type', 'session.audio'),
        (hearing(turn_detection={'threshold': 2}), 'decimal_above_max_value', f'{TURN_DETECTION}.threshold'),
        (hearing(turn_detection={'eagerness': 'low'}), 'unknown_parameter', f'{TURN_DETECTION}.eagerness'),
        (hearing(turn_detection={'idle_timeout_ms': 4999}), 'integer_below_min_value', IDLE_TIMEOUT),
        (hearing(turn_detection={'idle_timeout_ms': 30_001}), 'integer_above_max_value', IDLE_TIMEOUT),
        (hearing(turn_detection={'idle_timeout_ms': '6 s'}), 'invalid_type', IDLE_TIMEOUT),
        (hearing(transcription={'model': 7}), 'invalid_type', f'{TRANSCRIPTION}.model'),
        (hearing(transcription=LATEST | {'languages': 'en'}), 'invalid_type', f'{TRANSCRIPTION}.languages'),
        (hearing(transcription=LATEST | {'keywords': ['Ada', 7]}), 'invalid_type', f'{TRANSCRIPTION}.keywords[1]'),
        (hearing(transcription={'delay': 'long'}), 'invalid_value', f'{TRANSCRIPTION}.delay'),
        (hearing(transcription={'prompt': 'Names.'}), 'invalid_value', f'{TRANSCRIPTION}.prompt'),
        (hearing(transcription={'model': 'whisper-1', 'delay': 'low'}), 'invalid_value', f'{TRANSCRIPTION}.delay'),
        (hearing(transcription={'speed': 1}), 'unknown_parameter', f'{TRANSCRIPTION}.speed'),
        (hearing(noise_reduction={'type': 'loud'}), 'invalid_value', 'session.audio.input.noise_reduction.type'),
        ({'audio': {'output': {'voice': {'id': 'voice_1'}}}}, 'invalid_value', 'session.audio.output.voice'),
        ({'audio': {'output': {'voice': {'id': 7}}}}, 'invalid_type', 'session.audio.output.voice.id'),
        (
            {'audio': {'output': {'voice': {'name': 'me'}}}},
            'missing_required_parameter',
            'session.audio.output.voice.id',
        ),
        (hearing(format={'type': 'audio/pcm', 'rate': 8000}), 'integer_below_min_value', RATE),
        ({'output_modalities': ['audio', 'text']}, 'invalid_value', 'session.output_modalities'),
        ({'max_output_tokens': 0}, 'integer_below_min_value', 'session.max_output_tokens'),
        ({'max_output_tokens': 1.5}, 'invalid_type', 'session.max_output_tokens'),
        ({'tools': [{'type': 'function'}]}, 'missing_required_parameter', 'session.tools[0].name'),
        ({'tools': [{'type': 'mcp'}]}, 'invalid_value', 'session.tools[0].type'),
        ({'tools': [{'type': 'function', 'name': 'a b'}]}, 'invalid_value', 'session.tools[0].name'),
        ({'tools': [LIGHT | {'parameters': 'none'}]}, 'invalid_type', 'session.tools[0].parameters'),
        ({'tools': [LIGHT | {'strict': True}]}, 'unknown_parameter', 'session.tools[0].strict'),
        ({'tool_choice': 7}, 'invalid_type', 'session.tool_choice'),
        ({'tool_choice': 'sometimes'}, 'invalid_value', 'session.tool_choice'),
        ({'tool_choice': {'type': 'function'}}, 'missing_required_parameter', 'session.tool_choice.name'),
        ({'tool_choice': {'type': 'mcp', 'server_label': 'a'}}, 'invalid_value', 'session.tool_choice.type'),
        ({'parallel_tool_calls': 'yes'}, 'invalid_type', 'session.parallel_tool_calls'),
        ({'reasoning': {'effort': 'huge'}}, 'invalid_value', 'session.reasoning.effort'),
        ({'reasoning': 'low'}, 'invalid_type', 'session.reasoning'),
        ({'tracing': 'on'}, 'invalid_value', 'session.tracing'),
        ({'tracing': {'workflow_name': 7}}, 'invalid_type', 'session.tracing.workflow_name'),
        ({'tracing': {'name': 'x'}}, 'unknown_parameter', 'session.tracing.name'),
        ({'truncation': 'some'}, 'invalid_value', 'session.truncation'),
        ({'truncation': RETENTION | {'retention_ratio': 2}}, 'decimal_above_max_value', f'{TRUNCATION}_ratio'),
        ({'truncation': {'type': 'retention_ratio'}}, 'missing_required_parameter', f'{TRUNCATION}_ratio'),
        ({'include': ['everything']}, 'invalid_value', 'session.include[0]'),
        ({'include': 'logprobs'}, 'invalid_type', 'session.include'),
        ({'include': [LOGPROBS] * 2}, 'array_above_max_length', 'session.include'),
        (hearing(transcription={'language': 'x' * 36}), 'string_above_max_length', f'{TRANSCRIPTION}.language'),
        ({'prompt': {'version': '1'}}, 'missing_required_parameter', 'session.prompt.id'),
        ({'prompt': {'id': 'p', 'variables': []}}, 'invalid_type', 'session.prompt.variables'),
        ({'model': 'another'}, 'invalid_value', 'session.model'),
        ({'type': 'transcription'}, 'invalid_parameter', 'session.type'),
        ({'type': None}, 'invalid_type', 'session.type'),
    ],
)
def test_a_bad_field_is_named(session: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(RealtimeError) as refused:
        updated(session)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_the_type_is_required() -> None:
    with pytest.raises(RealtimeError) as refused:
        read_update({})
    assert (refused.value.code, refused.value.param) == ('missing_required_parameter', 'session.type')


def test_the_model_is_chosen_at_the_start() -> None:
    config = read_config({'type': 'realtime', 'model': 'gpt-realtime-2.1'})
    assert isinstance(config, SessionConfig)
    assert config.model == 'gpt-realtime-2.1'
    assert updated({'model': 'gpt-realtime-2.1'}, config) == config


TURNS = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {'type': st.just('server_vad')},
        optional={'threshold': st.floats(0, 1), 'silence_duration_ms': st.integers(0, 10_000)},
    ),
    st.fixed_dictionaries(
        {'type': st.just('semantic_vad')}, optional={'eagerness': st.sampled_from(['low', 'medium', 'high', 'auto'])}
    ),
)
UPDATES = st.fixed_dictionaries(
    {},
    optional={
        'instructions': st.text(),
        'output_modalities': st.sampled_from([['audio'], ['text']]),
        'max_output_tokens': st.one_of(st.just('inf'), st.integers(1, 4096)),
        'audio': st.fixed_dictionaries(
            {},
            optional={
                'input': st.fixed_dictionaries({}, optional={'turn_detection': TURNS}),
                'output': st.fixed_dictionaries(
                    {}, optional={'voice': st.sampled_from(sorted(VOICES)), 'speed': st.floats(0.25, 1.5)}
                ),
            },
        ),
    },
)


@given(st.lists(UPDATES, max_size=4))
def test_the_shown_session_can_be_sent_back(updates: list[dict[str, Any]]) -> None:
    config = SessionConfig()
    for update in updates:
        config = updated(update, config)
    shown = wire(config)
    RealtimeSessionCreateRequest.model_validate(shown)
    sent = {name: value for name, value in shown.items() if name not in ('id', 'object', 'expires_at')}
    assert wire(updated(sent, SessionConfig(model=config.model))) == shown


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(['type', 'audio', 'input', 'output', 'voice', 'tools', 'turn_detection', 'format']), inner
        ),
    ),
)


@given(ANYTHING)
def test_any_json_is_merged_or_refused(session: Any) -> None:
    assert problem_of(session).startswith(('none', 'session'))


def problem_of(session: Any) -> str:
    try:
        SessionConfig().merged(read_update(session))
    except RealtimeError as refused:
        return refused.param or ''
    return 'none'
