"""How a session listens."""

from collections.abc import Callable
from typing import Any

import pytest

from components.engine.hearing.ears import Began, Ears, Ended, Idled, Paused
from components.engine.hearing.turn_detector import TurnDetection
from components.engine.protocol.errors import RealtimeError
from tests.engine import noises
from tests.engine.fakes import FakeHearing, FakeSpeech
from tests.speech import heard

TURNS = TurnDetection()


def ears(detection: TurnDetection | None) -> tuple[Ears, list[FakeHearing]]:
    speech = FakeSpeech()
    return Ears(lambda: speech.hear(), detection), speech.hearings


def feed(ears: Ears, *script: str | float) -> list[Began | Paused | Ended | Idled]:
    pcm = heard(*script)
    return [event for at in range(0, len(pcm), 640) for event in ears.feed(pcm[at : at + 640])]


def test_an_utterance_begins_and_ends() -> None:
    listening, [] = ears(TURNS)
    began, ended = feed(listening, 1.0, 'hello', 1.0)
    assert isinstance(began, Began)
    assert isinstance(ended, Ended)
    assert ended.utterance.item_id == began.item_id
    assert ended.utterance.milliseconds == ended.audio_end_ms - began.audio_start_ms


def test_the_clock_runs_through_changes_of_the_detection() -> None:
    listening, _ = ears(None)
    feed(listening, 2.0)
    listening.configure(TURNS)
    began = feed(listening, 1.0, 'hello')[0]
    assert isinstance(began, Began)
    assert 2700 < began.audio_start_ms < 3300


def test_new_settings_count_in_the_middle_of_speech() -> None:
    listening, _ = ears(TurnDetection(silence_duration_ms=5000))
    assert len(feed(listening, 'hello', 1.0)) == 1
    listening.configure(TurnDetection(silence_duration_ms=200))
    assert isinstance(feed(listening, 0.1)[0], Ended)


def test_speech_that_detection_no_longer_follows_is_dropped() -> None:
    listening, hearings = ears(TURNS)
    feed(listening, 'hello')
    listening.configure(None)
    assert hearings[0].aborted
    assert feed(listening, 1.0) == []


def test_a_commit_takes_the_running_utterance() -> None:
    listening, hearings = ears(TURNS)
    began = feed(listening, 'hello')[0]
    assert isinstance(began, Began)
    assert listening.commit().item_id == began.item_id
    assert feed(listening, 1.0) == [], 'it is over'
    assert not hearings[0].aborted


@pytest.mark.parametrize(('seconds', 'enough'), [(0.02, False), (0.08, False), (0.12, True)])
def test_a_commit_needs_a_tenth_of_a_second(seconds: float, enough: bool) -> None:
    listening, hearings = ears(None)
    feed(listening, seconds)
    if enough:
        assert listening.commit().milliseconds == round(1000 * seconds)
    else:
        with pytest.raises(RealtimeError) as refused:
            listening.commit()
        assert refused.value.code == 'input_audio_buffer_commit_empty'
        assert f' {1000 * seconds:.2f}ms of audio' in str(refused.value)
        assert not hearings


def test_committed_or_cleared_sound_is_not_heard_again() -> None:
    listening, _ = ears(None)
    feed(listening, 1.0)
    assert listening.commit().milliseconds >= 980
    feed(listening, 1.0)
    listening.clear()
    with pytest.raises(RealtimeError):
        listening.commit()


def semantic_wait(guess: str | None, **settings: Any) -> int:
    """The milliseconds from the end of speech to that of the turn."""
    return turn_end(TurnDetection('semantic_vad', **settings), guess) - turn_end(TurnDetection()) + 500


def turn_end(detection: TurnDetection, guess: str | None = None) -> int:
    speech = FakeSpeech()
    speech.guess = guess
    ended = feed(Ears(lambda: speech.hear(), detection), 'hello', 10.0)[-1]
    assert isinstance(ended, Ended)
    return ended.audio_end_ms


@pytest.mark.parametrize(('eagerness', 'longest'), [('low', 8000), ('medium', 4000), ('auto', 4000), ('high', 2000)])
def test_a_semantic_turn_waits_for_the_end_of_the_sentence(eagerness: Any, longest: int) -> None:
    complete = semantic_wait('what time is it', eagerness=eagerness)
    unclear = semantic_wait(None, eagerness=eagerness)
    hanging = semantic_wait('if it rains tomorrow', eagerness=eagerness)
    unfinished = semantic_wait('i would like to', eagerness=eagerness)
    assert complete < unclear < hanging < unfinished
    assert unfinished == pytest.approx(longest, abs=64)


def test_each_pause_is_judged_by_itself() -> None:
    speech = FakeSpeech()
    speech.guess = 'i would like to'
    listening = Ears(lambda: speech.hear(), TurnDetection('semantic_vad'))
    assert len(feed(listening, 'hello', 2.0)) == 1, 'it goes on'
    speech.guess = 'i would like to know what time it is'
    paused, ended = feed(listening, 'hello', 1.5)
    assert paused == Paused(speech.guess)
    assert isinstance(ended, Ended)


def test_the_words_are_asked_for_in_the_pause_that_may_be_the_end() -> None:
    listening, hearings = ears(TurnDetection(silence_duration_ms=1000))
    feed(listening, 1.0, 'hello')
    assert (hearings[0].guesses, hearings[0].resumed) == (0, 0)
    feed(listening, 0.5)
    assert (hearings[0].guesses, hearings[0].resumed) == (1, 0)
    feed(listening, 'hello')
    assert (hearings[0].guesses, hearings[0].resumed) == (1, 1)
    assert len(feed(listening, 1.5)) == 1
    assert (hearings[0].guesses, hearings[0].resumed) == (2, 1)


def test_no_word_is_lost_when_much_sound_comes_at_once() -> None:
    listening, hearings = ears(TurnDetection(silence_duration_ms=1000))
    listening.feed(heard(1.0, 'hello', 0.5, 'hello', 1.5))
    assert (hearings[0].guesses, hearings[0].resumed) == (2, 1)


def test_without_a_commit_the_newest_minute_is_kept() -> None:
    listening, _ = ears(None)
    for _ in range(70):
        listening.feed(bytes(32_000))
    assert listening.commit().milliseconds == 60_000


def test_committed_sound_is_recognised_from_where_speech_begins() -> None:
    listening, hearings = ears(None)
    feed(listening, 2.0, 'hello', 2.0, 'hello')
    committed = listening.commit()
    assert committed.milliseconds == len(committed.pcm) // 32 >= 7200
    # Each sentence takes 1.23 seconds, with 0.3 of padding before it; half a second of silence follows the first.
    assert hearings[0].milliseconds == pytest.approx(2 * (1230 + 300) + 500, abs=300)


NOISES = (noises.silence, noises.quiet_noise, noises.white_noise, noises.clicks, noises.coughs, noises.music)


@pytest.mark.parametrize('noise', NOISES)
def test_a_commit_without_speech_gives_the_recogniser_nothing(noise: Callable[[float], bytes]) -> None:
    listening, hearings = ears(None)
    listening.feed(noise(3.0))
    committed = listening.commit()
    assert committed.milliseconds == 3000
    assert committed.voiced_ms == 0
    assert hearings[0].milliseconds == 0


def test_speech_of_the_last_commit_is_not_heard_again() -> None:
    listening, hearings = ears(None)
    feed(listening, 'hello')
    listening.commit()
    feed(listening, 1.0)
    listening.commit()
    assert hearings[0].milliseconds > 1000
    assert hearings[1].milliseconds == 0
