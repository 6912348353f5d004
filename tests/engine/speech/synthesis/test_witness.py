"""The natural voice says every word of clear sentences: Moonshine listens."""

from functools import cache

import pytest

from components.engine.speech.synthesis.natural import NATURAL_RATE, NaturalVoices
from components.engine.speech.synthesis.voices import NATURAL_DEFAULT, natural_models
from tests.witness import spoken, words_heard, words_of


@cache
def voices() -> NaturalVoices:
    return NaturalVoices(natural_models())


@pytest.mark.parametrize(
    'text',
    [
        'Nice to meet you, Anna! How can I help you today?',
        'The capital of France is **Paris**, and it has about two million people.',
        'There are 365 days in a year.',
        'That will be $23.50, please.',
        'The meeting begins at 9:30.',
        'It is 25 °C in London.',
        'The box weighs 3.5 kg.',
        '12 + 30 = 42',
    ],
)
def test_every_word_is_heard(text: str) -> None:
    sound = b''.join(voices().speak(spoken(text), NATURAL_DEFAULT, 1.0))
    assert words_heard(sound, NATURAL_RATE) == words_of(text)


def test_a_missing_word_is_noticed() -> None:
    sound = b''.join(voices().speak('There are days in a year.', NATURAL_DEFAULT, 1.0))
    assert words_heard(sound, NATURAL_RATE) != words_of('There are 365 days in a year.')
