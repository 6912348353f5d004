"""The synthesiser: chooses who says a phrase."""

from collections.abc import Iterable
from typing import Protocol

from ..frames import Failed, Message, Speak, Speech, Spoken
from ..language import language_of
from ..missing import NATURAL_VOICES, NO_VOICES, SIMPLE_VOICES
from ..stage import Send, StageMissingError
from .espeak import Espeak, EspeakError
from .voices import NATURAL_DEFAULT, VOICES, has_simple_voices, natural_models


def open_synthesiser(send: Send) -> 'Synthesiser':
    """The synthesiser of this machine. Raises StageMissingError if neither hibari nor espeak-ng works."""
    natural, simple = _open_natural(), _open_simple()
    if natural is None and simple is None:
        raise StageMissingError(NO_VOICES)
    problem = ''
    if natural is None and NATURAL_DEFAULT in natural_models():
        problem = NATURAL_VOICES
    if simple is None and has_simple_voices():
        problem = SIMPLE_VOICES
    return Synthesiser(send, natural=natural, simple=simple, problem=problem)


class NaturalSpeech(Protocol):
    """The part of `NaturalVoices` that is used."""

    ability: str
    rate: int

    def __contains__(self, voice: str) -> bool: ...

    def speak(self, text: str, voice: str, speed: float) -> Iterable[bytes]:
        """Say a phrase."""
        ...


class Synthesiser:
    """Speaks phrases in the voices of `VOICES`.

    English is spoken by the natural voice if this voice has one. Everything else is spoken by a simple voice, or if
    there are none, by the default natural voice. A `problem` tells of voices that are installed and do not work.
    """

    def __init__(self, send: Send, *, natural: NaturalSpeech | None, simple: Espeak | None, problem: str = '') -> None:
        self.problem = problem
        self.ability = ' and '.join(voices.ability for voices in (natural, simple) if voices)
        self._send = send
        self._natural = natural
        self._simple = simple

    def take(self, request: Message) -> None:
        """Do what is asked."""
        if not isinstance(request, Speak):
            return
        try:
            self._speak(request)
        except Exception as error:  # whatever the libraries raise costs this phrase only
            problem = str(error) if isinstance(error, EspeakError) else _FAILED.format(name=type(error).__name__)
            self._send(Failed(request.id, problem))
        else:
            self._send(Spoken(request.id))

    def catch_up(self) -> None:
        """Does nothing: no work waits here."""

    def _speak(self, request: Speak) -> None:
        voice = VOICES[request.voice]
        language = language_of(request.text, request.language)
        natural, simple = self._natural, self._simple
        if natural and (simple is None or (language == 'en' and voice.natural in natural)):
            name = voice.natural if voice.natural in natural else NATURAL_DEFAULT
            for pcm in natural.speak(request.text, name, request.speed):
                self._send(Speech(request.id, pcm, natural.rate))
        elif simple:
            simple.speak(
                request.text,
                voice.simple,
                language,
                request.speed,
                lambda pcm: self._send(Speech(request.id, pcm, simple.rate)),
            )


def _open_simple() -> Espeak | None:
    try:
        return Espeak()
    except (ImportError, OSError, EspeakError):
        return None


def _open_natural() -> NaturalSpeech | None:
    models = natural_models()
    if NATURAL_DEFAULT not in models:
        return None
    try:
        from .natural import NaturalVoices

        return NaturalVoices(models)
    except Exception:  # a broken library must not take the simple voices along
        return None


_FAILED = 'The speech synthesiser failed ({name}): please try again.'
