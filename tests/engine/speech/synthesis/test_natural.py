"""The natural voices, with the real model: what they say is heard again."""

import shutil
import socket
from array import array
from pathlib import Path

import numpy as np
import pytest

from components.engine.speech.missing import moonshine_weights
from components.engine.speech.moonshine import Moonshine
from components.engine.speech.resampler import Resampler
from components.engine.speech.synthesis.natural import NATURAL_RATE, NaturalVoices
from components.engine.speech.synthesis.voices import natural_models
from components.engine.speech.wav import HEARING_RATE
from tests.speech import words


@pytest.fixture(scope='module')
def natural() -> NaturalVoices:
    return NaturalVoices(natural_models())


@pytest.fixture(scope='module')
def moonshine() -> Moonshine:
    weights = moonshine_weights()
    assert weights
    return Moonshine(weights)


def spoken(natural: NaturalVoices, text: str, speed: float = 1.0) -> bytes:
    return b''.join(natural.speak(text, 'heart', speed))


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / NATURAL_RATE


def silence(pcm: bytes, *, behind: bool) -> float:
    """Seconds of silence in front of the sound, or behind it."""
    loud = [at for at, sample in enumerate(array('h', pcm)) if abs(sample) > 300]
    return seconds(pcm) - loud[-1] / NATURAL_RATE if behind else loud[0] / NATURAL_RATE


def heard(moonshine: Moonshine, pcm: bytes) -> list[str]:
    resampler = Resampler(NATURAL_RATE, HEARING_RATE)
    samples = np.frombuffer(resampler.resample(pcm) + resampler.finish(), '<i2').astype(np.float32) / np.float32(32768)
    return words(moonshine.text(moonshine.tokens(samples)))


@pytest.mark.parametrize('speed', [0.25, 0.5, 1.0, 1.5])
def test_every_word_is_heard_at_every_speed(natural: NaturalVoices, moonshine: Moonshine, speed: float) -> None:
    pcm = spoken(natural, 'There are seven days in a week.', speed)
    assert seconds(pcm) == pytest.approx(1.75 / speed, rel=0.1)
    assert heard(moonshine, pcm) == words('there are seven days in a week')


def test_speech_begins_at_once_and_ends_with_a_pause(natural: NaturalVoices) -> None:
    for text, pause in (('Hello there.', 0.3), ('Hello there', 0.3), ('Hello there,', 0.2)):
        pcm = spoken(natural, text)
        assert silence(pcm, behind=False) < 0.05
        assert silence(pcm, behind=True) == pytest.approx(pause, abs=0.07)


def test_speech_is_about_as_loud_as_that_of_other_services(natural: NaturalVoices) -> None:
    samples = np.abs(np.array(array('h', spoken(natural, 'The capital of France is Paris.')), float))
    assert 0.3 < samples.max() / 32768 < 0.95


@pytest.mark.parametrize('text', ['.', '—', '😀', '日本語', "''"])
def test_nothing_to_pronounce_is_silence(natural: NaturalVoices, text: str) -> None:
    assert seconds(spoken(natural, text)) < 0.5


def test_markup_of_hibari_is_text(natural: NaturalVoices, moonshine: Moonshine) -> None:
    assert heard(moonshine, spoken(natural, '[Hello there](/x/)')) == words('hello there x')


def test_voices_from_the_hub_are_used_if_they_are_here_and_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*address: object) -> None:
        raise AssertionError('something connected to the network')

    monkeypatch.setattr(socket, 'getaddrinfo', refused)
    monkeypatch.setattr(socket.socket, 'connect', refused)
    monkeypatch.setenv('HIBARI_HOME', str(tmp_path))
    models = natural_models()
    assert set(models) == {'heart'}
    shutil.copyfile(models['heart'], tmp_path / 'af_kore.int8.onnx')  # all voices have the same architecture
    models = natural_models()
    assert set(models) == {'heart', 'kore'}
    natural = NaturalVoices(models)
    assert 'kore' in natural
    assert 'emma' not in natural
    assert seconds(b''.join(natural.speak('Hello there.', 'kore', 1.0))) > 0.5
