"""The simple voices."""

import ctypes
from types import SimpleNamespace
from typing import cast

import pytest

from components.engine.speech.synthesis.espeak import ESPEAK_RATE, Espeak, EspeakError
from components.engine.speech.synthesis.voices import VOICES, SimpleVoice


class StubbornEspeak(Espeak):
    """Refuses every voice that it does not `know`, as espeak-ng does by returning 2 (EE_NOT_FOUND)."""

    def __init__(self, *known: str) -> None:
        self.chosen: list[str] = []
        library = SimpleNamespace(
            espeak_SetVoiceByName=lambda name: self._choose_by_name(name.decode(), known),
            espeak_SetParameter=lambda *parameter: 0,
            espeak_Synth=lambda *text: 0,
        )
        self._library = cast('ctypes.CDLL', library)

    def _choose_by_name(self, name: str, known: tuple[str, ...]) -> int:
        self.chosen.append(name)
        return 0 if name in known else 2


def test_a_refused_voice_is_an_error_and_not_the_voice_before() -> None:
    with pytest.raises(EspeakError, match=r'refused the voice en-gb \(status 2\)'):
        StubbornEspeak().speak('Hello.', SimpleVoice('en-gb', '', 165, 50, 50), 'en', 1.0, lambda pcm: None)


def test_a_language_that_is_not_known_is_read_as_english() -> None:
    espeak = StubbornEspeak('en-us+f1', 'de+f1')
    for language in ('de', 'tlh'):
        espeak.speak('nuqneH', VOICES['alloy'].simple, language, 1.0, lambda pcm: None)
    assert espeak.chosen == ['de+f1', 'tlh+f1', 'en-us+f1']


@pytest.fixture(scope='module')
def espeak() -> Espeak:
    return Espeak()


def seconds(espeak: Espeak, text: str, language: str = 'en') -> float:
    sound = bytearray()
    espeak.speak(text, VOICES['alloy'].simple, language, 1.0, sound.extend)
    return len(sound) / 2 / ESPEAK_RATE


@pytest.mark.parametrize(
    ('language', 'text'),
    [('zh', '今天天气很好'), ('ja', 'こんにちは、げんきですか'), ('ru', 'Добрый день'), ('no', 'God morgen')],
)
def test_other_languages_are_spoken_and_not_spelled(espeak: Espeak, language: str, text: str) -> None:
    assert 0.5 < seconds(espeak, text, language) < 3


def test_clauses_are_closer_together_than_sentences(espeak: Espeak) -> None:
    assert seconds(espeak, 'Hello there,') < seconds(espeak, 'Hello there.') - 0.1
