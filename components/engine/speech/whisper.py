"""Speech recognition by faster-whisper, where that package is installed: many languages, and far fewer wrong words."""

import io
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from .frames import Cancel, Failed, Listen, Loading, Message, Sound, Understand, Understood
from .missing import WHISPER
from .stage import Send, StageMissingError
from .wav import wav


def open_whisper(send: Send, name: str) -> 'Whisper':
    """The recogniser with the model of this name, or in the folder of this name.

    A model that is not on this machine is fetched, once, and `send` gets `Loading` meanwhile. Raises StageMissingError.
    """
    try:
        package = import_module('faster_whisper')
    except (ImportError, OSError) as error:
        raise StageMissingError(WHISPER) from error
    if '/' not in name and name not in package.available_models() and not Path(name).is_dir():
        some = ', '.join(package.available_models())
        raise StageMissingError(f'There is no speech model “{name}”: write one of these to ENGINE_EARS_MODEL: {some}.')
    ability = f'faster-whisper {_version()}, {name}'
    return Whisper(send, model=_load(package, name, _Report(send, ability, name)), ability=ability)


class Whisper:
    """Understands mono s16 at 16 kHz, one utterance after the other, each when it is over."""

    problem = ''

    def __init__(self, send: Send, *, model: 'Model', ability: str) -> None:
        self.ability = ability
        self._send = send
        self._model = model
        self._utterances: dict[int, _Utterance] = {}  # by id

    def take(self, request: Message) -> None:
        """Do what is asked."""
        match request:
            case Listen(id, language):
                self._utterances[id] = _Utterance(language)
            case Sound(id, pcm) if utterance := self._utterances.get(id):
                utterance.pcm += pcm
            case Understand(id) if utterance := self._utterances.pop(id, None):
                self._understand(id, utterance)
            case Cancel(id):
                self._utterances.pop(id, None)

    def catch_up(self) -> None:
        """Does nothing: no work waits here."""

    def _understand(self, id: int, utterance: '_Utterance') -> None:
        try:
            text = self._text(utterance) if utterance.pcm else ''
        except Exception as error:  # whatever the libraries below raise costs this utterance only
            self._send(Failed(id, f'The speech model failed ({type(error).__name__}): please say it again.'))
        else:
            self._send(Understood(id, text))

    def _text(self, utterance: '_Utterance') -> str:
        segments, _ = self._model.transcribe(
            io.BytesIO(wav(bytes(utterance.pcm))),
            language=utterance.language.partition('-')[0].lower() if utterance.language else None,
            beam_size=1,
            vad_filter=False,  # silence was cut off already
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return ' '.join(' '.join(segment.text for segment in segments).split())


class _Utterance:
    def __init__(self, language: str | None) -> None:
        self.language = language
        self.pcm = bytearray()


class Model(Protocol):
    """The part of `faster_whisper.WhisperModel` that is used. The segments are recognised as they are taken."""

    def transcribe(self, audio: BinaryIO, **options: object) -> 'tuple[Iterable[Segment], object]':
        """The segments of a WAV file, and facts about them."""
        ...


class Segment(Protocol):
    """A piece of what was understood."""

    text: str


def _load(package: Any, name: str, report: '_Report') -> Model:
    options = {'device': 'cpu', 'compute_type': 'int8'}  # works everywhere
    try:
        return cast(Model, package.WhisperModel(name, local_files_only=True, **options))
    except (OSError, ValueError, RuntimeError):  # not here, or not all of it
        report.begin()
    try:
        package.utils.disabled_tqdm = _progress_bar(report.progress)
        return cast(Model, package.WhisperModel(name, **options))
    except RuntimeError as error:
        why = str(error).partition('. ')[0].rstrip('.')
        raise StageMissingError(
            f'The speech model {name} does not work on this machine ({why}): choose another ENGINE_EARS_MODEL.'
        ) from error
    except Exception as error:  # each version of the hub's library has its own
        raise StageMissingError(
            f'The speech model {name} could not be fetched from huggingface.co ({type(error).__name__}): connect this '
            'computer to the internet and start again, or remove ENGINE_EARS to use the built-in recogniser.'
        ) from error


class _Report:
    """Tells how far the fetching is."""

    def __init__(self, send: Send, ability: str, name: str) -> None:
        self._send = send
        self._ability = ability
        self._name = name
        self._said = ''

    def begin(self) -> None:
        self._say('')

    def progress(self, done: float, total: float) -> None:
        """Both in bytes."""
        self._say(f': {done / _MEGABYTE:.0f} of {total / _MEGABYTE:.0f} MB')

    def _say(self, progress: str) -> None:
        sentence = f'The speech model {self._name} is being fetched, once{progress}.'
        if sentence != self._said:
            self._said = sentence
            self._send(Loading(self._ability, sentence))


def _progress_bar(report: Callable[[float, float], None]) -> type:
    """A class that faster-whisper hands to the hub's library in place of its own, which shows nothing."""
    tqdm: Any = import_module('tqdm').tqdm

    class Reporter(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, 'disable': False, 'file': io.StringIO()})

        def update(self, count: float | None = 1) -> None:
            super().update(count)
            if self.unit == 'B' and self.total and self.total > _MEGABYTE:
                report(self.n, self.total)

    return Reporter


def _version() -> str:
    try:
        return version('faster-whisper')
    except PackageNotFoundError:
        return '(unknown version)'


_MEGABYTE = 1e6  # bytes
