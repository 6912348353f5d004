"""How much of an interrupted answer was heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.conversation.transcript.pace import DEFAULT_MS, Pace, heard
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Turn

from . import events as e
from .events import Event
from .transcripts import answer, answering, apply, the_turn

STORY = 'Once upon a time there was a small lighthouse.'


@pytest.mark.parametrize(
    ('letters', 'said'),
    [
        (0, ''),
        (3.9, ''),
        (4, 'Once'),
        (8.9, 'Once'),
        (9, 'Once upon'),
        (45, 'Once upon a time there was a small'),
        (46, STORY),
        (1000, STORY),
    ],
)
def test_the_heard_part_ends_with_a_whole_word(letters: float, said: str) -> None:
    assert STORY[: heard(STORY, round(letters * 100), Pace(letters=1, ms=100))] == said


def test_a_script_without_spaces_ends_anywhere_and_takes_longer() -> None:
    text = '从前有一座灯塔。'
    assert text[: heard(text, 1000, Pace(letters=1, ms=100))] == '从前'


def test_numbers_take_longer_than_they_look_and_code_takes_no_time() -> None:
    text = 'It is 42.\n```\nsome code\n```\n**So** it is.'
    for letters, said in [(7, 'It is'), (18, 'It is 42.\n```\nsome code\n```'), (21, text[: text.rindex(' it is.')])]:
        assert text[: heard(text, letters * 100, Pace(letters=1, ms=100))] == said
    assert heard('```\nnever ends', 0, Pace()) == len('```\nnever ends')


def test_the_end_of_the_sound_is_the_end_of_the_words() -> None:
    assert heard('One. ', 10_000, Pace()) == len('One.')
    assert heard('', 10_000, Pace()) == 0


def test_the_pace_is_the_measured_one() -> None:
    assert Pace().ms_per_letter == DEFAULT_MS
    pace = Pace().measured('a' * 100, 5000).measured('b' * 100, 7000)
    assert pace.ms_per_letter == 60


@pytest.mark.parametrize(('text', 'ms'), [('Hi.', 200), ('a' * 100, 10), ('a' * 100, 600_000)])
def test_short_and_implausible_answers_do_not_count_towards_the_pace(text: str, ms: float) -> None:
    assert Pace().measured(text, ms) == Pace()


@given(st.text('ab ,\n漢', max_size=40), st.integers(0, 5000), st.integers(0, 5000))
def test_more_sound_is_never_fewer_words(text: str, ms: int, more: int) -> None:
    first, second = heard(text, ms, Pace()), heard(text, ms + more, Pace())
    assert first <= second <= len(text)
    assert not text[:first].endswith((' ', '\n'))


def interrupted(at_ms: int) -> list[Event]:
    return [*answering(STORY), e.done(answer(STORY)), e.finished('r1'), e.truncated('a1', at_ms)]


def test_an_interrupted_turn_includes_how_much_was_heard() -> None:
    turn = the_turn(*interrupted(round(12 * DEFAULT_MS)))
    assert said(turn) == 'Once upon a'
    assert turn.text == STORY
    assert the_turn(*answering(STORY)).heard is None


def test_answers_heard_to_their_end_set_the_pace() -> None:
    before = 'x' * 100
    item = e.message('a0', 'assistant', {'type': 'output_audio', 'transcript': before})
    transcript = Transcript()
    story = [
        (e.created('r0'), 0.0),
        (e.output_added('r0', item), 0.1),
        (e.sound_started('r0'), 1.0),
        (e.finished('r0', item), 2.0),
        (e.sound_stopped('r0'), 11.0),  # 100 letters in 10 seconds
        *((event, 20.0) for event in interrupted(1200)),
    ]
    for event, at in story:
        apply(transcript, event, at)
    assert said(transcript.turns[1]) == 'Once upon a'

    transcript.end_call()
    new = e.message('a2', 'assistant', {'type': 'output_audio', 'transcript': STORY})
    for event in (e.created('r2'), e.output_added('r2', new), e.truncated('a2', 1200)):
        apply(transcript, event, 30.0)
    assert said(transcript.turns[2]) == 'Once upon a time'  # the next call may have another voice


def test_a_turn_sounds_from_the_start_of_its_sound_to_the_end() -> None:
    whole = [*answering(STORY), e.done(answer(STORY)), e.finished('r1')]
    assert not the_turn(*whole).sounding
    assert the_turn(*whole, e.sound_started('r1')).sounding
    for end in (e.sound_stopped('r1'), e.sound_cleared('r1')):
        assert not the_turn(*whole, e.sound_started('r1'), end).sounding
        assert not the_turn(*whole, end, e.sound_started('r1')).sounding


def test_no_turn_sounds_after_the_call() -> None:
    transcript = Transcript()
    for event in [*answering(STORY), e.done(answer(STORY)), e.finished('r1'), e.sound_started('r1')]:
        apply(transcript, event)
    assert transcript.end_call() == {'a1'}
    assert not transcript.turns[0].sounding


def said(turn: Turn) -> str:
    return turn.text[: turn.heard]
