"""The words that recognisers write where nobody speaks."""

import pytest

from components.engine.hearing.ears import Ears
from components.engine.hearing.hallucinations import without_hallucinations
from components.engine.hearing.turn_detector import TurnDetection
from tests.engine.fakes import FakeSpeech
from tests.speech import heard

COUGH_MS = 160


@pytest.mark.parametrize(
    'transcript',
    [
        '',
        '.',
        ' ... ',
        '!?',
        '[BLANK_AUDIO]',
        '[ Silence ]',
        '(silence)',
        '*coughs*',
        '♪♪',
        '♪ (music) ♪',
        '<|nospeech|>',
    ],
)
def test_punctuation_and_annotations_are_no_words(transcript: str) -> None:
    assert without_hallucinations(transcript, 5000) == ''


@pytest.mark.parametrize(
    'transcript',
    ['you', 'You', 'Thank you.', 'Thanks for watching!', 'Bye-bye.', '谢谢观看', '[Music] you'],
)
def test_phrases_from_subtitles_are_no_words_where_hardly_any_voice_was_heard(transcript: str) -> None:
    assert without_hallucinations(transcript, COUGH_MS) == ''


@pytest.mark.parametrize(
    ('transcript', 'voiced_ms'),
    [
        ('You?', 230),
        ('Thank you.', 450),
        ('Thanks for watching!', 900),
        ('ご視聴ありがとうございました', 1600),
        ('Stop!', COUGH_MS),
        ('(555) 123', 1500),
        ('I said (loudly): no.', 1200),
        ('3.', COUGH_MS),
        ('今日は', 300),
    ],
)
def test_spoken_words_stay_as_they_were_written(transcript: str, voiced_ms: int) -> None:
    assert without_hallucinations(transcript, voiced_ms) == transcript


def test_a_short_phrase_has_voice_enough_to_stay() -> None:
    """The shortest of the test sentences is far above the limit for phrases of its length."""
    listening = Ears(FakeSpeech().hear, TurnDetection())
    listening.feed(heard(1.0, 'stop'))
    assert listening.utterance
    assert 700 < listening.utterance.voiced_ms < 1600
