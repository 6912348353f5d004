"""The configuration of the stages, read from the environment."""

from datetime import date
from pathlib import Path

import pytest

from components.engine import Engine
from components.engine.local_mind.models import MODELS, LocalModel
from components.engine.servers.chosen_stages import ChosenStages
from components.engine.servers.server_ears import ServerEars
from components.engine.servers.server_voice import ServerVoice
from components.engine.servers.stage_server import FasterWhisper, StageServer, StageServers
from components.engine.speech.frames import Ready
from components.engine.speech.missing import NATURAL_VOICES, SIMPLE_VOICES
from components.engine.speech.speech_process import SpeechProcess


def test_all_stages_are_built_in_by_default() -> None:
    servers = StageServers.from_environment({'ENGINE_EARS_URL': ' ', 'ENGINE_MIND_MODEL': 'unused', 'PATH': '/bin'})
    assert servers == StageServers()
    assert servers.notes == []


def test_each_stage_can_be_a_server() -> None:
    servers = StageServers.from_environment(
        {
            'ENGINE_EARS_URL': 'http://localhost:8000/v1/',
            'ENGINE_MIND_URL': ' http://localhost:11434/v1 ',
            'ENGINE_MIND_MODEL': 'llama3.2',
            'ENGINE_VOICE_URL': 'https://voices.example/v1',
            'ENGINE_VOICE_KEY': 'sk-canary',
            'ENGINE_VOICE_NAME': 'af_heart',
        }
    )
    assert servers.ears == StageServer('http://localhost:8000/v1', 'whisper-1')
    assert servers.mind == StageServer('http://localhost:11434/v1', 'llama3.2')
    assert servers.voice == StageServer('https://voices.example/v1', 'tts-1', 'sk-canary')
    assert servers.voice_name == 'af_heart'
    assert 'canary' not in repr(servers)
    assert servers.notes == [
        'Speech recognition: localhost:8000.',
        'Answers: localhost:11434.',
        'Voice: voices.example.',
    ]


def test_stages_without_a_server_are_described_honestly() -> None:
    servers = StageServers.from_environment({'ENGINE_VOICE_URL': 'http://localhost:8880/v1'})
    assert servers.notes == [
        'Speech recognition: built in, English only.',
        'Answers: built in, a rehearsal partner without a language model.',
        'Voice: localhost:8880.',
    ]


def test_faster_whisper_can_be_the_ears() -> None:
    servers = StageServers.from_environment({'ENGINE_EARS': 'faster-whisper'})
    assert servers.ears == FasterWhisper('base.en')
    assert servers.notes[0] == 'Speech recognition: faster-whisper with the model base.en.'
    chosen = StageServers.from_environment({'ENGINE_EARS': 'faster-whisper', 'ENGINE_EARS_MODEL': 'small'})
    assert chosen.ears == FasterWhisper('small')


@pytest.mark.parametrize('stage', ['EARS', 'MIND', 'VOICE'])
@pytest.mark.parametrize(
    'url',
    [
        'localhost:8000/v1',
        'ftp://localhost/v1',
        'http://',
        'http://[::1',
        'http://localhost:port/v1',
        'http://me:canary@localhost/v1',
        'http://localhost/v1?key=canary',
    ],
)
def test_an_impossible_url_is_refused_with_a_sentence(stage: str, url: str) -> None:
    with pytest.raises(ValueError, match=f'ENGINE_{stage}_URL must look like http://localhost:8000/v1') as caught:
        StageServers.from_environment({f'ENGINE_{stage}_URL': url})
    assert 'canary' not in str(caught.value)


@pytest.mark.parametrize(
    ('environment', 'sentence'),
    [
        ({'ENGINE_EARS': 'vosk'}, 'ENGINE_EARS can only be faster-whisper, not “vosk”'),
        (
            {'ENGINE_EARS': 'faster-whisper', 'ENGINE_EARS_URL': 'http://localhost:8000/v1'},
            'ENGINE_EARS and ENGINE_EARS_URL each choose the ears',
        ),
        ({'ENGINE_MIND_URL': 'http://a/v1', 'ENGINE_MIND_KEY': 'sk-canary\nB'}, 'ENGINE_MIND_KEY has a character'),
        ({'ENGINE_MIND_URL': 'http://a/v1', 'ENGINE_MIND_KEY': 'sk-canary–B'}, 'ENGINE_MIND_KEY has a character'),
    ],
)
def test_other_mistakes_are_refused_with_a_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        StageServers.from_environment(environment)
    assert 'canary' not in str(caught.value)


def test_packages_of_stages_with_a_server_are_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ('missing', 'synthesis.voices'):
        monkeypatch.setattr(f'components.engine.speech.{module}.find_spec', lambda package: None)
    problems = Engine().problems
    assert ['moonshine-voice' in problems[0], 'espeakng-loader' in problems[1]] == [True, True]
    server = StageServer('http://localhost:8000/v1', 'm')
    assert Engine(servers=StageServers(ears=server)).problems == [problems[1]]
    assert Engine(servers=StageServers(voice=server)).problems == [problems[0]]
    assert Engine(servers=StageServers(ears=server, voice=server)).problems == []
    [missing, _] = Engine(servers=StageServers(ears=FasterWhisper('base.en'))).problems
    assert 'pip install faster-whisper' in missing


@pytest.mark.parametrize(('sentence', 'code'), [(NATURAL_VOICES, 'no_hibari'), (SIMPLE_VOICES, 'no_espeakng_loader')])
def test_voices_that_are_installed_and_do_not_work_are_news(sentence: str, code: str) -> None:
    chosen = ChosenStages(StageServers())
    assert chosen.news == []
    chosen._own._synthesiser.ready = Ready('some voice', sentence)
    assert [(notice, notice.code) for notice in chosen.news] == [(sentence, code)]


async def test_only_stages_without_a_server_have_a_process() -> None:
    server = StageServer('http://localhost:8000/v1', 'm')
    chosen = ChosenStages(StageServers(ears=server))
    stages = await chosen.start()
    try:
        assert isinstance(stages.ears, ServerEars)
        assert isinstance(stages.voice, SpeechProcess)
        assert stages.abilities.recogniser == 'm at localhost:8000'
        assert stages.abilities.synthesiser
        assert stages.abilities.synthesiser.startswith('hibari')
        assert stages.voice._recogniser._process is None
        assert stages.voice._synthesiser._process is not None
    finally:
        await chosen.stop()
    chosen = ChosenStages(StageServers(voice=server, voice_name='af_heart'))
    stages = await chosen.start()
    await chosen.stop()
    assert isinstance(stages.ears, SpeechProcess)
    assert isinstance(stages.voice, ServerVoice)
    assert stages.abilities.synthesiser == 'm at localhost:8000'


def test_a_model_on_this_computer_can_be_the_mind(tmp_path: Path) -> None:
    local = {'ENGINE_MIND': 'local', 'PARLEY_DATA': str(tmp_path)}
    listed = StageServers.from_environment({**local, 'ENGINE_MIND_MODEL': 'smollm3-3b'})
    file = tmp_path / 'models' / 'SmolLM3-Q4_K_M.gguf'
    assert listed.mind == LocalModel(file, 'SmolLM3 3B')
    assert listed.notes[1] == 'Answers: SmolLM3 3B on this computer.'
    own = StageServers.from_environment({**local, 'ENGINE_MIND_MODEL': '/models/my-own.gguf'})
    assert own.mind == LocalModel(Path('/models/my-own.gguf'), 'my-own')


def test_without_a_name_a_model_is_taken_that_is_there(tmp_path: Path) -> None:
    local = {'ENGINE_MIND': 'local', 'PARLEY_DATA': str(tmp_path)}
    first, *_, last = MODELS.values()
    assert StageServers.from_environment(local).mind == LocalModel(tmp_path / 'models' / first.file, first.name)
    file = tmp_path / 'models' / last.file
    file.parent.mkdir()
    file.touch()
    assert StageServers.from_environment(local).mind == LocalModel(file, last.name)


@pytest.mark.parametrize(
    ('environ', 'sentence'),
    [
        ({'ENGINE_MIND': 'remote'}, 'ENGINE_MIND can only be local, not “remote”.'),
        ({'ENGINE_MIND': 'local', 'ENGINE_MIND_MODEL': 'gpt'}, 'or one of qwen3-1.7b, .*, not “gpt”.'),
        ({'ENGINE_MIND': 'local', 'ENGINE_MIND_URL': 'http://localhost:8000/v1'}, 'remove one of them'),
    ],
)
def test_an_impossible_local_mind_is_refused(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=f'{sentence}.* Please check the file .env'):
        StageServers.from_environment(environ)


@pytest.mark.parametrize(
    ('url', 'model', 'today', 'code'),
    [
        ('https://api.openai.com/v1', 'gpt-4o-mini', date(2026, 11, 1), ''),
        ('https://api.openai.com/v1', 'gpt-4o-mini', date(2026, 12, 1), 'model_ends'),
        ('https://api.openai.com/v1', 'gpt-4o-mini-tts', date(2027, 3, 1), 'model_ends_for_good'),
        ('https://api.openai.com/v1', 'gpt-6-luna', date(2027, 3, 1), ''),
        ('http://localhost:8083/v1', 'tts-1', date(2027, 3, 1), ''),  # a name that other servers take for their own
    ],
)
def test_the_end_of_a_model_is_told_when_it_is_near(url: str, model: str, today: date, code: str) -> None:
    notices = StageServers(mind=StageServer(url, model)).ends(today)
    assert [notice.code for notice in notices] == ([code] if code else [])
    assert all(model in notice for notice in notices)
