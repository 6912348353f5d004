"""The ten voices: which of them sound natural, and that all can be told apart by pitch, brightness and pace."""

import array
import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio

from components.engine.speech.speech_process import SPEECH_RATE, VOICES, SpeechProcess
from components.engine.speech.synthesis import voices
from components.engine.speech.synthesis.voices import voice_kinds

SENTENCE = 'Hello, I am here to talk with you.'


@dataclass(frozen=True)
class Sound:
    pitch: float  # Hz, the median
    brightness: float  # dB of the sound's slope against the sound itself
    seconds: float

    def distance(self, other: 'Sound') -> float:
        """1 is easily heard: two semitones, two decibels of brightness, or a tenth of the pace."""
        semitones = 12 * math.log2(self.pitch / other.pitch)
        pace = math.log(self.seconds / other.seconds) / math.log(1.1)
        return math.hypot(semitones / 2, (self.brightness - other.brightness) / 2, pace)


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def sounds() -> dict[str, Sound]:
    speech = SpeechProcess()
    await speech.start()
    try:
        return {
            voice: measured(b''.join([pcm async for pcm in speech.speak(SENTENCE, voice=voice)])) for voice in VOICES
        }
    finally:
        await speech.stop()


async def test_each_voice_is_told_from_every_other(sounds: dict[str, Sound]) -> None:
    alike = [
        (one, other) for one, other in itertools.combinations(VOICES, 2) if sounds[one].distance(sounds[other]) < 1
    ]
    assert alike == []


async def test_low_voices_are_low_and_high_ones_high(sounds: dict[str, Sound]) -> None:
    low = max(sounds[voice].pitch for voice in ('ash', 'ballad', 'cedar', 'echo', 'verse'))
    high = min(sounds[voice].pitch for voice in ('coral', 'marin', 'sage', 'shimmer'))
    assert low < sounds['alloy'].pitch < high


def test_the_voices_are_those_of_the_realtime_api() -> None:
    assert list(VOICES) == ['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'marin', 'sage', 'shimmer', 'verse']


def test_only_the_voice_that_comes_with_hibari_is_natural(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv('HIBARI_HOME', str(tmp_path))
    assert [voice for voice, kind in voice_kinds().items() if kind == 'natural'] == ['marin']
    (tmp_path / 'am_fenrir_v2.int8.onnx').touch()
    assert [voice for voice, kind in voice_kinds().items() if kind == 'natural'] == ['cedar', 'marin']


def test_the_kinds_follow_the_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def without(*packages: str) -> set[str]:
        monkeypatch.setattr(voices, 'find_spec', lambda name: None if name in packages else find_spec(name))
        return set(voice_kinds().values())

    assert without('espeakng_loader') == {'natural'}
    assert without('onnxruntime') == {'simple'}
    assert without('espeakng_loader', 'onnxruntime') == set()


def measured(pcm: bytes) -> Sound:
    samples = array.array('h', pcm)
    loud = [at for at, sample in enumerate(samples) if abs(sample) > 300]
    samples = samples[loud[0] : loud[-1]]
    energy = sum(sample * sample for sample in samples)
    slope = sum((after - before) ** 2 for before, after in itertools.pairwise(samples))
    return Sound(median_pitch(samples), 10 * math.log10(slope / energy), len(samples) / SPEECH_RATE)


def median_pitch(samples: Sequence[int]) -> float:
    """The median over frames of 40 ms, each by its autocorrelation from 60 to 400 Hz."""
    few = [sum(samples[at : at + 4]) / 4 for at in range(0, len(samples) - 3, 4)]
    rate = SPEECH_RATE / 4
    length = round(0.04 * rate)
    pitches = []
    for start in range(0, len(few) - 2 * length, length):
        frame = few[start : start + length]
        likeness = {
            lag: correlation(frame, few[start + lag : start + lag + length])
            for lag in range(round(rate / 400), round(rate / 60))
        }
        best = max(likeness.values())
        if best > 0.6:  # voiced; the shortest of the good lags, as its multiples fit as well
            pitches.append(rate / next(lag for lag, value in likeness.items() if value > best - 0.03))
    return statistics.median(pitches)


def correlation(one: list[float], other: list[float]) -> float:
    energy = sum(value * value for value in one) * sum(value * value for value in other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / math.sqrt(energy + 1)
