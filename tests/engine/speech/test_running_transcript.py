"""How the words of a growing utterance are recognised, shown with a model that hears a number as a word."""

from array import array
from collections.abc import Sequence

import numpy as np
import pytest

from components.engine.speech.running_transcript import RunningTranscript, Samples

BLOCK = 8000  # samples: each word takes half a second


class NumberModel:
    """Hears the loudness of each half second as a number, 0 as a pause. As a real model, it closes every sentence."""

    def __init__(self) -> None:
        self.seconds: list[float] = []  # of each run
        self.drafts: list[list[int]] = []

    def tokens(self, samples: Samples, draft: Sequence[int] = ()) -> list[int]:
        self.seconds.append(len(samples) / 16_000)
        self.drafts.append(list(draft))
        middles = np.rint(samples[BLOCK // 2 :: BLOCK] * 32_768).astype(int)
        return [int(number) for number in middles if number]

    def text(self, tokens: Sequence[int]) -> str:
        return ' '.join(f'w{token}' for token in tokens).capitalize() + '.' * bool(tokens)


def words(*numbers: int) -> bytes:
    return b''.join(array('h', [number] * BLOCK).tobytes() for number in numbers)


def stream(transcript: RunningTranscript, pcm: bytes) -> list[str]:
    """Feed sound in steps of 20 ms, recognise it whenever that is due, and return the texts."""
    texts = []
    for at in range(0, len(pcm), 640):
        transcript.hear(pcm[at : at + 640])
        if transcript.is_due:
            texts.append(transcript.recognise())
    return texts


def test_the_words_come_while_they_are_spoken() -> None:
    transcript = RunningTranscript(NumberModel())
    assert stream(transcript, words(1, 2, 3, 4)) == ['W1 w2.', 'W1 w2.', 'W1 w2 w3.', 'W1 w2 w3 w4.']
    assert transcript.recognise() == 'W1 w2 w3 w4.'


def test_sound_that_was_recognised_already_is_not_recognised_again() -> None:
    model = NumberModel()
    transcript = RunningTranscript(model)
    transcript.hear(words(1, 2))
    for _ in range(3):
        assert transcript.recognise() == 'W1 w2.'
    assert len(model.seconds) == 1


def test_the_last_tokens_are_the_draft_of_the_next_run() -> None:
    model = NumberModel()
    transcript = RunningTranscript(model)
    for numbers in ((1, 2), (3, 4)):
        transcript.hear(words(*numbers))
        transcript.recognise()
    assert model.drafts == [[], [1, 2]]


def test_without_sound_there_are_no_words() -> None:
    assert RunningTranscript(NumberModel()).recognise() == ''


@pytest.mark.parametrize('at_once', [True, False])
def test_a_minute_of_speech_is_heard_completely_in_pieces_of_bounded_length(at_once: bool) -> None:
    model = NumberModel()
    transcript = RunningTranscript(model)
    numbers = [0 if number % 9 == 0 else number for number in range(1, 121)]
    if at_once:
        transcript.hear(words(*numbers))
    else:
        stream(transcript, words(*numbers))
    spoken = transcript.recognise()
    assert spoken == ' '.join(f'w{number}' for number in numbers if number).capitalize() + '.', 'one sentence'
    assert max(model.seconds) <= 10
    assert sum(model.seconds) <= (4 if at_once else 12) * 60


def test_a_cut_within_a_word_does_not_lose_the_rest() -> None:
    transcript = RunningTranscript(NumberModel())
    transcript.hear(words(*range(1, 41)))  # nowhere is a pause
    spoken = [int(word.strip('Ww.')) for word in transcript.recognise().split()]
    assert set(spoken) >= set(range(1, 41)) - {8, 9, 10}
    assert spoken[-1] == 40


def test_words_are_stable_when_two_runs_agree_and_never_leave() -> None:
    transcript = RunningTranscript(NumberModel())
    before: list[str] = []
    pcm = words(*range(1, 31))
    for at in range(0, len(pcm), 640):
        transcript.hear(pcm[at : at + 640])
        if transcript.is_due:
            transcript.recognise()
        assert transcript.stable[: len(before)] == before
        before = list(transcript.stable)
    assert before[:3] == ['W1', 'w2', 'w3']
    assert 10 < len(before) <= 28
