"""Captions: the words of each speaker at the times when they were said."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.history.entries import StoredConversation
from components.history.export.captions import srt, vtt
from components.history.export.cues import CUE, LINE, Cue, cues, width
from components.words.language import ENGLISH
from tests.history.conversations import BEGAN, answer, any_conversations, conversation, turn

LONG = (
    'The moon is a bit over three hundred thousand kilometres away, and every year it moves away by some centimetres. '
    * 4
)


def cues_of(*turns: Turn) -> list[Cue]:
    return cues(conversation(*turns), ENGLISH.text)


def test_srt() -> None:
    said = [turn('u1', 'How far is the <b>moon</b>?', 2, ended_at=None), answer('a1', 'Far. {\\an8} -->\n\nGo', 5.25)]
    first, second = srt(conversation(*said), ENGLISH.text).split('\n\n')
    assert first == '1\n00:00:02,000 --> 00:00:03,755\nYou: How far is the <\u2060b>moon<\u2060/b>?'
    assert second.startswith('2\n00:00:05,250 --> 00:00:0')
    assert second.endswith('AI: Far. {\u2060\\an8} --\u2060> Go\n')


def test_vtt() -> None:
    said = [turn('u1', 'Is 2 < 3 & 4 --> 5?', 2), answer('a1', 'Yes.', 5)]
    text = vtt(conversation(*said, persona='A > B'), ENGLISH.text)
    head, first, second = text.split('\n\n')
    assert head == 'WEBVTT'
    assert first.split('\n')[1] == '<v You>Is 2 &lt; 3 &amp; 4 --&gt; 5?</v>'
    assert second.split('\n')[1] == '<v A &gt; B>Yes.</v>'
    assert text.count('-->') == 2


def test_hours_are_counted_on() -> None:
    assert '25:00:00.000 --> ' in vtt(conversation(turn('u1', 'Hello again', 90_000)), ENGLISH.text)


def test_an_answer_lasts_as_long_as_it_is_spoken() -> None:
    (cue,) = cues_of(answer('a1', 'That is the moon, as far as I know.', 1, ended_at=None))
    (quick,) = cues_of(answer('a1', 'That is the moon, as far as I know.', 1))
    assert (cue.start, cue.end) == (quick.start, quick.end) == (1000, 1000 + 35 * 65)


def test_an_interrupted_answer_holds_what_was_heard() -> None:
    cut = answer('a1', 'That is the moon. It moves away.', 1, status=Status.INTERRUPTED, heard=17, audio_end_ms=1200)
    (cue,) = cues_of(cut)
    assert (cue.lines, cue.start, cue.end) == (('That is the moon.',), 1000, 2200)
    assert cues_of(answer('a1', 'Nobody heard this.', 1, status=Status.INTERRUPTED, heard=0)) == []


def test_words_are_shown_while_they_could_be_heard() -> None:
    said = turn('u1', 'Well, no.', 1, ended_at=BEGAN + 20, sound_started_at=BEGAN + 1.5, sound_ended_at=BEGAN + 9)
    (spoken,) = cues_of(said)
    (answered,) = cues_of(replace(said, speaker=Speaker.ASSISTANT, ended_at=BEGAN + 2))
    assert (spoken.start, spoken.end) == (answered.start, answered.end) == (1500, 9000)


def test_a_turn_taken_by_hand_is_shown_before_it_is_sent() -> None:
    (cue,) = cues_of(turn('u1', 'Well, no.', 5, ended_at=BEGAN + 6, sound_ended_at=BEGAN + 5))
    assert (cue.start, cue.end) == (5000 - 9 * 65, 5000)


def test_the_next_turn_ends_the_one_before() -> None:
    first, second = cues_of(answer('a1', 'I could go on for ever and ever.', 1), turn('u1', 'Stop!', 2))
    assert (first.end, second.start) == (2000, 2000)


def test_turns_without_times_follow_the_turn_before() -> None:
    first, second = cues_of(turn('u1', 'Hello.', 1), answer('a1', 'Hello to you.'))
    assert second.start == first.end


def test_tools_and_instructions_are_no_captions() -> None:
    assert (
        cues_of(turn('t1', 'get_time {}', 1, speaker=Speaker.TOOL), turn('s1', 'Be', 1, speaker=Speaker.SYSTEM)) == []
    )


@pytest.mark.parametrize('words', [LONG, '月亮离我们越来越远，每年大约三点八厘米。' * 8, 'x' * 500])
def test_long_turns_are_split_into_lines_that_can_be_read(words: str) -> None:
    found = cues_of(answer('a1', words, 1))
    assert all(len(cue.lines) <= 2 for cue in found)
    assert all(width(line) <= LINE * 1.25 for cue in found for line in cue.lines)
    assert sum(width(' '.join(cue.lines)) for cue in found) > CUE * 3
    assert letters(found) == re.sub(r'\s', '', words)
    assert [cue.is_first for cue in found] == [True] + [False] * (len(found) - 1)


@given(any_conversations())
def test_cues_never_overlap_and_lose_no_word(conversation: StoredConversation) -> None:
    found = cues(conversation, ENGLISH.text)
    times = [time for cue in found for time in (cue.start, cue.end)]
    assert times == sorted(times)
    assert all(0 <= cue.start < cue.end for cue in found)
    assert all(line and line == line.strip() for cue in found for line in cue.lines)
    assert not re.search(r'\n\n\n', vtt(conversation, ENGLISH.text))
    assert vtt(conversation, ENGLISH.text).count('-->') == len(found)
    assert srt(conversation, ENGLISH.text).count('-->') == len(found)


def letters(found: list[Cue]) -> str:
    return re.sub(r'\s', '', ''.join(line for cue in found for line in cue.lines))
