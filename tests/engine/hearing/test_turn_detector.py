"""When a turn begins and ends: first from given probabilities, then from sound."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.hearing.turn_detector import Speech, SpeechStarted, SpeechStopped, TurnDetection, TurnDetector
from components.engine.hearing.voice_activity import FRAME_BYTES, FRAME_MS
from tests.engine import noises
from tests.speech import heard

from .test_voice_activity import probabilities

Event = SpeechStarted | SpeechStopped | Speech


def frame(percent: int) -> bytes:
    """A frame that is speech with this probability, for `detector_of_frames`."""
    return bytes([percent]) * FRAME_BYTES


def detector_of_frames(settings: TurnDetection | None = None) -> TurnDetector:
    """A detector that reads the probability from the frame itself."""
    return TurnDetector(settings or TurnDetection(), activity=lambda pcm: pcm[0] / 100)


def borders(events: Iterable[Event]) -> list[tuple[str, int]]:
    """Starts and stops with their milliseconds."""
    return [
        ('start', event.audio_start_ms) if isinstance(event, SpeechStarted) else ('stop', event.audio_end_ms)
        for event in events
        if not isinstance(event, Speech)
    ]


def test_two_frames_start_a_turn_and_the_silence_after_it_ends_it() -> None:
    events = detector_of_frames().feed(frame(0) * 30 + frame(90) * 20 + frame(0) * 20)
    # 9 frames of 32 ms fit into 300 ms of padding; the turn ends when 500 ms held no voice, 16 frames after the last.
    assert borders(events) == [('start', (30 - 9) * FRAME_MS), ('stop', (30 + 20 + 16) * FRAME_MS)]


@pytest.mark.parametrize(
    ('voice', 'starts'),
    [
        ([60, 85], True),
        ([85, 60], True),
        ([60, 60, 60, 85], True),
        ([60] * 4, False),
        ([60] * 5, True),
        ([85, 0, 60, 60, 60, 60], False),
    ],
)
def test_doubtful_frames_start_a_turn_later_than_sure_ones(voice: list[int], starts: bool) -> None:
    sound = b''.join(map(frame, voice))
    events = detector_of_frames(TurnDetection(prefix_padding_ms=0)).feed(frame(0) * 10 + sound + frame(0))
    assert borders(events) == ([('start', 10 * FRAME_MS)] if starts else [])


def test_a_reset_forgets_what_was_sure() -> None:
    detector = detector_of_frames()
    detector.feed(frame(0) + frame(90))
    detector.reset()
    assert detector.feed(frame(60) * 4) == []


def test_a_single_frame_starts_nothing() -> None:
    assert detector_of_frames().feed((frame(99) + frame(0)) * 50) == []


def test_within_a_turn_a_lower_probability_counts_as_voice() -> None:
    murmur = detector_of_frames().feed(frame(90) * 2 + frame(36) * 100)
    assert borders(murmur) == [('start', 0)]
    silence = detector_of_frames().feed(frame(90) * 2 + frame(34) * 100)
    assert borders(silence) == [('start', 0), ('stop', 18 * FRAME_MS)]


def test_the_settings_of_the_session_decide() -> None:
    settings = TurnDetection(threshold=0.8, prefix_padding_ms=0, silence_duration_ms=200)
    events = detector_of_frames(settings).feed(frame(0) * 10 + frame(75) * 5 + frame(85) * 5 + frame(0) * 20)
    assert borders(events) == [('start', 15 * FRAME_MS), ('stop', (20 + 7) * FRAME_MS)]


def test_settings_may_change_in_the_middle_of_a_turn() -> None:
    detector = detector_of_frames(TurnDetection(silence_duration_ms=5000))
    assert borders(detector.feed(frame(90) * 2 + frame(0) * 20)) == [('start', 0)]
    detector.settings = TurnDetection(silence_duration_ms=200)
    assert borders(detector.feed(frame(0))) == [('stop', 23 * FRAME_MS)]


def test_a_semantic_turn_waits_by_its_eagerness() -> None:
    def length(settings: TurnDetection) -> int:
        return borders(detector_of_frames(settings).feed(frame(90) * 2 + frame(0) * 300))[1][1]

    eager = length(TurnDetection('semantic_vad', eagerness='high'))
    usual = length(TurnDetection('semantic_vad'))
    patient = length(TurnDetection('semantic_vad', eagerness='low'))
    assert eager < usual < patient
    assert usual == length(TurnDetection('semantic_vad', eagerness='medium', silence_duration_ms=1))


def test_after_a_reset_the_clock_runs_on() -> None:
    detector = detector_of_frames()
    detector.feed(frame(90) * 10)
    detector.reset()
    assert not detector.speaking
    assert borders(detector.feed(frame(0) * 2 + frame(90) * 2)) == [('start', 10 * FRAME_MS)]


percents = st.lists(st.sampled_from([0, 30, 40, 60, 90]), max_size=120)


@given(percents, st.lists(st.integers(min_value=0, max_value=5000), max_size=40))
def test_it_does_not_matter_in_which_pieces_sound_arrives(voice: list[int], cuts: list[int]) -> None:
    pcm = b''.join(frame(percent) for percent in voice)
    pieces, rest = [], pcm
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    whole, cut_up = detector_of_frames(), detector_of_frames()
    events = [event for piece in [*pieces, rest] for event in cut_up.feed(piece)]
    assert events == whole.feed(pcm)


@given(percents)
def test_a_turn_holds_exactly_the_sound_between_its_borders(voice: list[int]) -> None:
    pcm = b''.join(
        bytes([percent]) + number.to_bytes(2) + bytes(FRAME_BYTES - 3) for number, percent in enumerate(voice)
    )
    turns: list[tuple[int, bytes]] = []
    for event in detector_of_frames().feed(pcm):
        match event:
            case SpeechStarted(start, sound):
                turns.append((start, sound))
            case Speech(sound):
                turns[-1] = (turns[-1][0], turns[-1][1] + sound)
            case SpeechStopped(end):
                assert end == turns[-1][0] + len(turns[-1][1]) // FRAME_BYTES * FRAME_MS
    for start, sound in turns:
        at = start // FRAME_MS * FRAME_BYTES
        assert pcm[at : at + len(sound)] == sound


def test_spoken_sentences_are_cut_out_of_the_microphone() -> None:
    events = TurnDetector(TurnDetection()).feed(heard(1.0, 'hello', 1.5, 'lights', 1.5))
    (_, first_start), (_, first_stop), (_, second_start), (_, second_stop) = borders(events)
    # The voice sounds from 1.2 to 2.43 s and from 4.33 to 6.03 s; padding and silence come on top.
    assert 800 <= first_start <= 1200
    assert 2700 <= first_stop <= 3250
    assert 3850 <= second_start <= 4350
    assert 6250 <= second_stop <= 6800


@pytest.mark.parametrize('noise', [noises.white_noise, noises.clicks, noises.coughs, noises.door_slams, noises.music])
def test_noise_starts_no_turn(noise: Callable[[float], bytes]) -> None:
    assert TurnDetector(TurnDetection()).feed(noises.silence(0.5) + noise(10.0)) == []


@pytest.mark.parametrize('number', noises.VOICE_LIKE_COUGHS)
def test_a_cough_that_sounds_like_a_voice_starts_no_turn(number: int) -> None:
    cough = noises.silence(1.0) + noises.cough(number) + noises.silence(0.5)
    assert sum(probability >= 0.5 for probability in probabilities(cough)) > 1, 'it is a hard one'
    assert TurnDetector(TurnDetection()).feed(cough) == []
