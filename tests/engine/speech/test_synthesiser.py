"""What the synthesiser does when its library is missing or refuses something."""

import ctypes
import sys
from types import SimpleNamespace
from typing import cast

import pytest

from components.engine.speech.frames import Failed, Reply, Speak
from components.engine.speech.stage import StageMissingError
from components.engine.speech.synthesiser import Espeak, EspeakError, Synthesiser, open_synthesiser
from components.engine.speech.voices import VOICES, Voice


class StubbornEspeak(Espeak):
    """Speaks until it is told to refuse every voice, as espeak-ng does by returning 2 (EE_NOT_FOUND)."""

    def __init__(self) -> None:
        self.status = 0
        library = SimpleNamespace(
            espeak_SetVoiceByName=lambda name: self.status,
            espeak_SetParameter=lambda *parameter: 0,
            espeak_Synth=lambda *text: 0,
        )
        self._library = cast('ctypes.CDLL', library)


def test_a_refused_voice_is_an_error_and_not_the_voice_before() -> None:
    espeak = StubbornEspeak()
    espeak.status = 2
    with pytest.raises(EspeakError, match=r'refused the voice en-gb \(status 2\)'):
        espeak.speak('Hello.', Voice('en-gb', rate=165, pitch=50, range=50), 1.0, lambda pcm: None)


def test_a_phrase_that_cannot_be_said_fails_with_a_sentence() -> None:
    espeak, replies = StubbornEspeak(), list[Reply]()
    synthesiser = Synthesiser(replies.append, espeak=espeak, ability='stub 1.0')
    espeak.status = 2
    synthesiser.take(Speak(7, 'Hello.', 'marin', 1.0))
    refusal = f'The speech synthesiser refused the voice {VOICES["marin"].variant} (status 2).'
    assert replies == [Failed(7, refusal)]


def test_without_its_package_there_is_a_sentence_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'espeakng_loader', None)
    with pytest.raises(StageMissingError, match='espeakng-loader is missing or does not work: install it'):
        open_synthesiser(lambda reply: None)
