"""The synthesiser: who says what, and what it says if a package is missing."""

import sys
from collections.abc import Iterable
from typing import cast

import pytest

from components.engine.speech.frames import Failed, Reply, Speak, Speech, Spoken
from components.engine.speech.missing import NATURAL_VOICES, SIMPLE_VOICES
from components.engine.speech.stage import StageMissingError
from components.engine.speech.synthesis.espeak import Espeak, EspeakError
from components.engine.speech.synthesis.natural import NaturalVoices
from components.engine.speech.synthesis.synthesiser import Synthesiser, open_synthesiser
from components.engine.speech.synthesis.voices import SimpleVoice


class FakeNatural:
    """Speaks as two of hibari's voices, and fails where the text says so."""

    ability = 'hibari 1.0'
    rate = 24_000

    def __contains__(self, voice: str) -> bool:
        return voice in ('heart', 'emma')

    def speak(self, text: str, voice: str, speed: float) -> Iterable[bytes]:
        if text == 'Fail.':
            raise ValueError('no such phoneme')
        yield f'{voice} {speed}'.encode()


class FakeEspeak:
    ability = 'espeak-ng 1.0'
    rate = 22_050

    def speak(self, text: str, voice: SimpleVoice, language: str, speed: float, hear: object) -> None:
        if text == 'Fail.':
            raise EspeakError('The speech synthesiser refused a text (status 2).')
        assert callable(hear)
        hear(f'{language}{voice.timbre} {speed}'.encode())


def said(text: str, voice: str, language: str | None = None, *, natural: bool = True, simple: bool = True) -> Reply:
    replies: list[Reply] = []
    synthesiser = Synthesiser(
        replies.append,
        natural=FakeNatural() if natural else None,
        simple=cast(Espeak, FakeEspeak()) if simple else None,
    )
    synthesiser.take(Speak(7, text, voice, 1.5, language))
    if not isinstance(replies[-1], Failed):
        assert replies[-1] == Spoken(7)
        assert len(replies) == 2
    return replies[0]


def test_english_is_spoken_by_the_natural_voice_if_this_voice_has_one() -> None:
    assert said('Hello.', 'marin') == Speech(7, b'heart 1.5', 24_000)
    assert said('Hello.', 'sage') == Speech(7, b'emma 1.5', 24_000)
    assert said('Hello.', 'alloy') == Speech(7, b'en+f1 1.5', 22_050)


def test_a_natural_voice_that_is_not_on_this_machine_is_replaced_by_the_simple_one() -> None:
    assert said('Hello.', 'cedar') == Speech(7, b'en+m7 1.5', 22_050)


def test_other_languages_are_spoken_by_simple_voices() -> None:
    assert said('こんにちは', 'marin') == Speech(7, b'ja+Annie 1.5', 22_050)
    assert said('Guten Tag!', 'marin', 'de') == Speech(7, b'de+Annie 1.5', 22_050)


def test_without_simple_voices_the_default_voice_says_everything() -> None:
    assert said('Hello.', 'alloy', simple=False) == Speech(7, b'heart 1.5', 24_000)
    assert said('Hello.', 'sage', simple=False) == Speech(7, b'emma 1.5', 24_000)
    assert said('Guten Tag!', 'alloy', 'de', simple=False) == Speech(7, b'heart 1.5', 24_000)


def test_without_natural_voices_simple_ones_speak() -> None:
    assert said('Hello.', 'marin', natural=False) == Speech(7, b'en+Annie 1.5', 22_050)


def test_a_phrase_that_cannot_be_said_fails_with_a_sentence() -> None:
    assert said('Fail.', 'alloy') == Failed(7, 'The speech synthesiser refused a text (status 2).')
    assert said('Fail.', 'marin') == Failed(7, 'The speech synthesiser failed (ValueError): please try again.')


def test_without_its_packages_there_is_a_sentence_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'espeakng_loader', None)
    monkeypatch.setitem(sys.modules, 'hibari', None)
    monkeypatch.delitem(sys.modules, 'components.engine.speech.synthesis.natural', raising=False)
    with pytest.raises(StageMissingError, match='hibari-tts and espeakng-loader are missing or do not work: run pip'):
        open_synthesiser(lambda reply: None)


def test_an_installed_package_that_does_not_work_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, *models: object) -> None:
        raise OSError('the library needs another library')

    with monkeypatch.context() as patch:
        patch.setattr(NaturalVoices, '__init__', broken)
        synthesiser = open_synthesiser(lambda reply: None)
        assert synthesiser.ability.startswith('espeak-ng')
        assert synthesiser.problem == NATURAL_VOICES
    with monkeypatch.context() as patch:
        patch.setattr(Espeak, '__init__', broken)
        synthesiser = open_synthesiser(lambda reply: None)
        assert synthesiser.ability.startswith('hibari')
        assert synthesiser.problem == SIMPLE_VOICES
    assert open_synthesiser(lambda reply: None).problem == ''


def test_a_broken_package_leaves_the_other_one_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, 'hibari', None)
        patch.delitem(sys.modules, 'components.engine.speech.synthesis.natural', raising=False)
        assert open_synthesiser(lambda reply: None).ability.startswith('espeak-ng')
    monkeypatch.setitem(sys.modules, 'espeakng_loader', None)
    assert open_synthesiser(lambda reply: None).ability == 'hibari 0.2.1'
