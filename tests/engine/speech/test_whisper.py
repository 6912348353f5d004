"""Recognition by faster-whisper, shown with a package of that name that is made here."""

import asyncio
import io
import os
import sys
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, BinaryIO

import pytest

from components.engine import Engine
from components.engine.servers.notice import Notice
from components.engine.servers.stage_server import FasterWhisper, StageServers
from components.engine.speech.frames import (
    Cancel,
    Failed,
    Listen,
    Loading,
    Reply,
    Sound,
    Understand,
    Understood,
)
from components.engine.speech.speech_process import SpeechError, SpeechProcess
from components.engine.speech.stage import StageMissingError
from components.engine.speech.whisper import Whisper, open_whisper


class EchoModel:
    """Understands ASCII, word by word. 'boom' breaks it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []

    def transcribe(self, audio: BinaryIO, **options: object) -> tuple[Iterator[Any], object]:
        self.asked.append(options)
        with wave.open(audio) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
            words = file.readframes(file.getnframes()).decode().split()
        return self._segments(words), object()

    def _segments(self, words: list[str]) -> Iterator[Any]:
        for word in words:
            if word == 'boom':
                raise RuntimeError('out of memory')
            yield SimpleNamespace(text=f' {word} ')


class Office:
    """A recogniser, its model and its replies."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.model = EchoModel()
        self.whisper = Whisper(self.replies.append, model=self.model, ability='echo 1.0')

    def say(self, id: int, *parts: bytes, language: str | None = None) -> None:
        self.whisper.take(Listen(id, language))
        for part in parts:
            self.whisper.take(Sound(id, part))


def test_an_utterance_is_understood_when_it_is_over() -> None:
    office = Office()
    office.say(1, b'good ', b'mor', b'ning! ')
    assert office.model.asked == []
    office.whisper.take(Understand(1))
    assert office.replies == [Understood(1, 'good morning!')]


@pytest.mark.parametrize(('language', 'asked'), [(None, None), ('de', 'de'), ('pt-BR', 'pt')])
def test_the_language_is_passed_on(language: str | None, asked: str | None) -> None:
    office = Office()
    office.say(1, b'ja  ', language=language)
    office.whisper.take(Understand(1))
    assert office.model.asked[0]['language'] == asked


def test_silence_asks_nobody() -> None:
    office = Office()
    office.say(1)
    office.whisper.take(Understand(1))
    assert office.replies == [Understood(1, '')]
    assert office.model.asked == []


def test_an_abandoned_utterance_is_never_understood() -> None:
    office = Office()
    office.say(1, b'first ')
    office.say(2, b'second')
    office.say(3, b'third ')
    for id in (1, 2, 3):
        office.whisper.take(Cancel(id))
    for id in (1, 2, 3):
        office.whisper.take(Sound(id, b'more'))
        office.whisper.take(Understand(id))
    assert office.replies == []


def test_a_model_that_fails_costs_one_utterance() -> None:
    office = Office()
    for id, words in ((1, b'oh boom '), (2, b'hi')):
        office.say(id, words)
        office.whisper.take(Understand(id))
    assert office.replies == [
        Failed(1, 'The speech model failed (RuntimeError): please say it again.'),
        Understood(2, 'hi'),
    ]


class Hub:
    """A package faster_whisper whose models are all on the hub; `here` are on this machine, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *here: str, problem: Exception | None = None) -> None:
        self.opened: list[tuple[str, bool]] = []
        package: Any = ModuleType('faster_whisper')
        package.available_models = lambda: ['tiny', 'base.en']
        package.utils = SimpleNamespace(disabled_tqdm=None)

        def open_model(name: str, *, local_files_only: bool = False, **options: object) -> EchoModel:
            self.opened.append((name, local_files_only))
            if local_files_only and name not in here:
                raise FileNotFoundError('not in the cache')
            if not local_files_only:
                if problem:
                    raise problem
                package.utils.disabled_tqdm(total=800, unit='B').update(800)  # the small files
                bar = package.utils.disabled_tqdm(total=40_000_000, unit='B', disable=True)
                bar.update(10_000_000)
                bar.update(30_000_000)
                package.utils.disabled_tqdm(total=4).update()  # of files
            return EchoModel()

        package.WhisperModel = open_model
        monkeypatch.setitem(sys.modules, 'faster_whisper', package)
        monkeypatch.setitem(sys.modules, 'tqdm', fake_tqdm())


def fake_tqdm() -> Any:
    class Bar:
        def __init__(self, *, total: int, disable: bool, file: io.StringIO, unit: str = 'it') -> None:
            self.n, self.total, self.unit, self.disable = 0.0, total, unit, disable

        def update(self, count: float) -> None:
            self.n += 0 if self.disable else count

    module: Any = ModuleType('tqdm')
    module.tqdm = Bar
    return module


def test_a_model_that_is_here_is_opened_without_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, replies = Hub(monkeypatch, 'base.en'), list[Reply]()
    assert open_whisper(replies.append, 'base.en').ability.endswith(', base.en')
    assert hub.opened == [('base.en', True)]
    assert replies == []


def test_a_model_that_is_not_here_is_fetched_and_its_progress_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, replies = Hub(monkeypatch), list[Reply]()
    whisper = open_whisper(replies.append, 'base.en')
    assert hub.opened == [('base.en', True), ('base.en', False)]
    assert replies == [
        Loading(whisper.ability, f'The speech model base.en is being fetched, once{progress}.')
        for progress in ('', ': 10 of 40 MB', ': 40 of 40 MB')
    ]


@pytest.mark.parametrize(
    ('problem', 'sentence'),
    [
        (ConnectionError('no route'), r'could not be fetched from huggingface\.co \(ConnectionError\): connect this'),
        (FileNotFoundError('cannot locate'), r'could not be fetched from huggingface\.co \(FileNotFoundError\)'),
        (
            RuntimeError('no AVX. Try this. Or that.'),
            r'does not work on this machine \(no AVX\): choose another ENGINE_EARS_MODEL\.',
        ),
    ],
)
def test_a_model_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, problem: Exception, sentence: str) -> None:
    Hub(monkeypatch, problem=problem)
    with pytest.raises(StageMissingError, match=sentence):
        open_whisper(lambda reply: None, 'base.en')


def test_an_unknown_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub = Hub(monkeypatch, str(tmp_path))
    with pytest.raises(
        StageMissingError, match='no speech model “huge”: write one of these to ENGINE_EARS_MODEL: tiny'
    ):
        open_whisper(lambda reply: None, 'huge')
    assert hub.opened == []
    open_whisper(lambda reply: None, str(tmp_path))


def test_without_the_package_there_is_a_sentence_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'faster_whisper', None)
    with pytest.raises(StageMissingError, match='run pip install faster-whisper, or remove ENGINE_EARS'):
        open_whisper(lambda reply: None, 'base.en')


# From here on the worker process does it, with a package that waits until the test lets the model arrive.


@pytest.fixture
def arrival(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipe: what is written to it is the fate of the model that is being fetched."""
    os.mkfifo(tmp_path / 'arrival')
    (tmp_path / 'tqdm.py').write_text('class tqdm: pass')
    (tmp_path / 'faster_whisper.py').write_text(PACKAGE)
    monkeypatch.setenv('PYTHONPATH', str(tmp_path))
    return tmp_path / 'arrival'


PACKAGE = """
from pathlib import Path
from types import SimpleNamespace
utils = SimpleNamespace()
available_models = lambda: ['base.en']
class WhisperModel:
    def __init__(self, name, local_files_only=False, **options):
        if local_files_only:
            raise FileNotFoundError
        fate = Path(__file__).with_name('arrival').read_text()
        if fate != 'good':
            raise ConnectionError
    def transcribe(self, audio, **options):
        return [SimpleNamespace(text='Hello.')], None
"""


@asynccontextmanager
async def running(speech: SpeechProcess) -> AsyncIterator[SpeechProcess]:
    await speech.start(voice=False)
    try:
        yield speech
    finally:
        await speech.stop()


async def test_while_the_model_is_fetched_the_engine_runs_and_says_what_it_waits_for(arrival: Path) -> None:
    async with running(SpeechProcess(whisper_model='base.en')) as speech:
        waiting = 'The speech model base.en is being fetched, once.'
        assert speech.loading == waiting
        assert speech.abilities.recogniser
        with pytest.raises(SpeechError, match=waiting):
            await speech.hear().finish()
        await fetched(speech, arrival, 'good')
        hearing = speech.hear(language='en')
        hearing.feed(bytes(32_000))
        assert await hearing.finish() == 'Hello.'


async def test_when_the_hub_is_out_of_reach_the_engine_says_so(arrival: Path) -> None:
    async with running(SpeechProcess(whisper_model='base.en')) as speech:
        await fetched(speech, arrival, 'bad')
        with pytest.raises(SpeechError, match='connect this computer to the internet and start again'):
            await speech.hear().finish()


async def test_the_engine_tells_the_news(arrival: Path) -> None:
    engine = Engine(servers=StageServers(ears=FasterWhisper('base.en')))
    assert engine.news == []
    await engine.start()
    try:
        assert engine.news == [Notice('The speech model base.en is being fetched, once.')]
    finally:
        await engine.stop()
    assert engine.news == []


async def fetched(speech: SpeechProcess, arrival: Path, fate: str) -> None:
    """Let the model arrive, or not, and wait until the worker has told so."""
    told = speech._recogniser._greeted
    told.clear()
    await asyncio.to_thread(arrival.write_text, fate)
    await told.wait()
    assert speech.loading == ''
