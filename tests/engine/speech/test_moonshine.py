"""Moonshine itself, with its weights: what it understands, and what it writes for noise."""

import wave
from array import array
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from components.engine.speech.missing import moonshine_weights
from components.engine.speech.moonshine import Moonshine
from components.engine.speech.running_transcript import RunningTranscript, Samples
from tests.engine import noises
from tests.speech import heard
from tests.witness import edits

# Dickens, read by a human voice for 44 seconds. The recording is part of moonshine-voice.
TWO_CITIES = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of light, it was the season
of darkness, it was the spring of hope, it was the winter of despair. We had everything before us, we had nothing before
us, we were all going direct to heaven, we were all going direct the other way. In short, the period was so far like the
present period that some of its noisiest authorities insisted on its being received, for good or for evil, in the
superlative degree of comparison only."""


@pytest.fixture(scope='module')
def moonshine() -> Moonshine:
    weights = moonshine_weights()
    assert weights
    return Moonshine(weights)


def samples(pcm: bytes) -> Samples:
    return np.array(array('h', pcm), np.float32) / np.float32(32_768)


def human_speech() -> bytes:
    """The recording as the recogniser gets it: mono s16 at 16 kHz."""
    package = find_spec('moonshine_voice')
    assert package
    assert package.origin
    with wave.open(str(Path(package.origin).parent / 'assets' / 'two_cities.wav'), 'rb') as file:
        return array('h', file.readframes(file.getnframes()))[::3].tobytes()


def plain(text: str) -> list[str]:
    return ''.join(char if char.isalpha() else ' ' for char in text.lower()).split()


def test_a_sentence_comes_with_capitals_and_punctuation(moonshine: Moonshine) -> None:
    assert moonshine.text(moonshine.tokens(samples(heard('what_time_is_it')))) == 'What time is it?'


def test_a_draft_saves_steps_and_a_wrong_one_does_no_harm(moonshine: Moonshine) -> None:
    sound = samples(heard('lights'))
    tokens = moonshine.tokens(sound)
    steps = 0
    decode = moonshine._decode

    def counted(*args: object) -> object:
        nonlocal steps
        steps += 1
        return decode(*args)  # type: ignore[arg-type]

    moonshine._decode = counted  # type: ignore[method-assign, assignment]
    try:
        assert moonshine.tokens(sound, tokens) == tokens
        assert steps <= 2
        other = moonshine.tokens(samples(heard('stop')))
        assert moonshine.text(moonshine.tokens(sound, other)) == moonshine.text(tokens)
    finally:
        moonshine._decode = decode  # type: ignore[method-assign]


@pytest.mark.parametrize('noise', [noises.silence, noises.clicks, noises.door_slams])
def test_where_nobody_speaks_it_writes_nothing(moonshine: Moonshine, noise: object) -> None:
    assert callable(noise)
    assert moonshine.text(moonshine.tokens(samples(noise(2.0)))) == ''


def test_its_tokens_are_limited_in_noise(moonshine: Moonshine) -> None:
    hiss = (np.random.default_rng(1).normal(size=32_000) * 10 ** (-50 / 20)).astype(np.float32)
    assert len(moonshine.tokens(hiss)) <= 13


@pytest.mark.parametrize('milliseconds', [0, 1, 100])
def test_very_short_sound_is_no_problem(moonshine: Moonshine, milliseconds: int) -> None:
    assert len(moonshine.text(moonshine.tokens(np.zeros(16 * milliseconds, np.float32))).split()) <= 1


def test_a_long_reading_is_understood_while_it_goes_on(moonshine: Moonshine) -> None:
    transcript = RunningTranscript(moonshine)
    pcm = human_speech()
    for at in range(0, len(pcm), 3200):
        transcript.hear(pcm[at : at + 3200])
        if transcript.is_due:
            transcript.recognise()
    understood, spoken = plain(transcript.recognise()), plain(TWO_CITIES)
    wrong = edits(understood, spoken)
    assert wrong <= 0.05 * len(spoken), understood
