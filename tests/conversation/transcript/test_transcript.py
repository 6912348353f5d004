"""Rules that hold for all events."""

from typing import Any

import pytest

from components.conversation.transcript.transcript import REMEMBERED_EVENTS, Transcript

from . import events as e
from .events import event
from .transcripts import WHISPER, answer, answering, apply, lines, spoken, the_turn, transcript_of


def test_both_sides_grow_as_they_are_spoken() -> None:
    transcript = transcript_of(e.session(WHISPER), e.started('u1'))
    assert lines(transcript) == ['user (open): ']

    apply(transcript, e.words_delta('u1', 'Hel'))
    apply(transcript, e.words_delta('u1', 'lo'))
    assert lines(transcript) == ['user (open): Hello']

    apply(transcript, e.committed('u1', None))
    apply(transcript, e.added(e.said('u1'), None))
    apply(transcript, e.done(e.said('u1')))
    apply(transcript, e.words('u1', 'Hello!'))
    assert lines(transcript) == ['user (done): Hello!']

    for event_ in answering('Good ', 'day'):
        apply(transcript, event_)
    assert lines(transcript) == ['user (done): Hello!', 'assistant (open): Good day']

    apply(transcript, e.transcript_done('r1', 'a1', 'Good day.'))
    apply(transcript, e.done(answer('Good day.')))
    assert lines(transcript) == ['user (done): Hello!', 'assistant (done): Good day.']


def test_a_typed_turn_and_an_instruction() -> None:
    transcript = transcript_of(
        e.added(e.written('s1', 'system', 'Be brief.'), None),
        e.done(e.written('s1', 'system', 'Be brief.')),
        e.added(e.written('u2', 'user', 'Hi.'), 's1'),
        e.done(e.written('u2', 'user', 'Hi.')),
    )
    assert lines(transcript) == ['system (done): Be brief.', 'user (done): Hi.']
    assert not transcript.turns[1].spoken


def test_retrieving_an_item_repairs_its_text() -> None:
    retrieved = event('conversation.item.retrieved', item=e.said('u1', 'Hello.'))
    turn = the_turn(e.committed('u1', None), e.done(e.said('u1')), e.words_delta('u1', 'Yel'), retrieved)
    assert (turn.text, turn.status) == ('Hello.', 'done')
    assert transcript_of(retrieved).turns == []


def test_the_names_of_the_beta_are_understood() -> None:
    transcript = transcript_of(
        event('conversation.item.created', item=e.written('u1', 'user', 'Hi.'), previous_item_id=None),
        event(
            'conversation.item.created', item=e.message('a1', 'assistant', status='in_progress'), previous_item_id='u1'
        ),
        e.delta('r1', 'a1', 'Hello', of='response.audio_transcript'),
        event(
            'conversation.item.created', item=e.message('a2', 'assistant', status='in_progress'), previous_item_id='a1'
        ),
        e.delta('r1', 'a2', 'Writ', of='response.text'),
        event('conversation.item.created', item=e.call_output('o3', 'call_1', '42'), previous_item_id='a2'),
    )
    assert lines(transcript) == [
        'user (done): Hi.',
        'assistant (open): Hello',
        'assistant (open): Writ',
        'tool (done): 42',
    ]

    apply(transcript, event('response.audio_transcript.done', response_id='r1', item_id='a1', transcript='Hello!'))
    apply(transcript, event('response.text.done', response_id='r1', item_id='a2', text='Written.'))
    apply(transcript, e.finished('r1'))
    assert lines(transcript)[1:3] == ['assistant (done): Hello!', 'assistant (done): Written.']


def test_words_of_an_item_that_was_never_announced() -> None:
    assert lines(transcript_of(e.delta('r1', 'a1', 'Hello'))) == ['assistant (open): Hello']
    assert lines(transcript_of(e.words('u1', 'Hi.'), e.committed('u1', None))) == ['user (done): Hi.']


def test_the_same_event_twice_counts_once() -> None:
    twice = [event_ for event_ in answering('ha', 'ha') for _ in range(2)]
    assert the_turn(*twice).text == 'haha'


def test_events_without_ids_may_be_repeated_once_they_are_final() -> None:
    final = [*spoken(), e.words('u1', 'Hi.'), *answering('Hello'), e.done(answer('Hello.')), e.finished('r1')]
    once = [{key: value for key, value in event_.items() if key != 'event_id'} for event_ in final]
    assert transcript_of(*once, *once).turns == transcript_of(*once).turns


def test_a_limited_number_of_event_ids_is_remembered() -> None:
    transcript = transcript_of(*answering('ha'))
    again = e.delta('r1', 'a1', '!')
    apply(transcript, again)
    for _ in range(REMEMBERED_EVENTS - 1):
        apply(transcript, e.delta('r1', 'a1', ''))
    apply(transcript, again)
    assert transcript.turns[0].text == 'ha!'
    apply(transcript, e.delta('r1', 'a1', ''))
    apply(transcript, again)
    assert transcript.turns[0].text == 'ha!!'


@pytest.mark.parametrize(
    'nonsense', [{}, {'type': None}, {'type': 'response.singing.delta', 'item_id': 'a1'}, [], None]
)
def test_malformed_and_unknown_events_change_nothing(nonsense: Any) -> None:
    transcript = transcript_of(*answering('Hello'))
    before = transcript.turns
    assert apply(transcript, nonsense) == set()
    assert transcript.turns == before


def test_apply_returns_which_turns_to_look_at() -> None:
    transcript = transcript_of(*spoken())
    assert apply(transcript, words := e.words('u1', 'Hi.')) == {'u1'}
    assert apply(transcript, words) == set()
    apply(transcript, e.started('u2'))
    apply(transcript, e.added(e.written('t3', 'system', 'Be brief.'), 'u1'))
    assert apply(transcript, e.committed('u2', 'u1')) == {'u2'}
    assert apply(transcript, event('rate_limits.updated', rate_limits=[])) == set()
    assert apply(transcript, event('conversation.item.deleted', item_id='u1')) == {'u1'}


def test_a_turn_has_times_and_tokens() -> None:
    transcript = Transcript()
    for at, event_ in enumerate([*answering('One', ' two'), e.done(answer('One two.'))]):
        apply(transcript, event_, at=float(at))
    finish = e.finished('r1')
    finish['response']['usage'] = {'total_tokens': 50, 'output_tokens': 20}
    apply(transcript, finish, at=9.0)
    (turn,) = transcript.turns
    assert (turn.started_at, turn.ended_at, turn.tokens, turn.response_id) == (1.0, 5.0, 20, 'r1')

    heard = the_turn(*spoken(), e.words('u1', 'Hi.', usage={'type': 'tokens', 'total_tokens': 7}))
    assert heard.tokens == 7


def test_a_turn_knows_when_it_could_be_heard() -> None:
    detection = {'type': 'server_vad', 'silence_duration_ms': 500}
    transcript = transcript_of(event('session.created', session={'audio': {'input': {'turn_detection': detection}}}))
    asked = e.started('u1'), e.stopped('u1'), e.committed('u1', None), e.added(e.said('u1'), None), e.words('u1', 'Hm?')
    answered = *answering('One', ' two'), e.sound_started('r1'), e.done(answer('One two.')), e.finished('r1')
    for at, event_ in enumerate([*asked, *answered, e.sound_stopped('r1')]):
        apply(transcript, event_, at=float(at))
    user, assistant = transcript.turns
    assert (user.sound_started_at, user.sound_ended_at, user.ended_at) == (0.0, 0.5, 4.0)
    assert (assistant.sound_started_at, assistant.sound_ended_at, assistant.ended_at) == (10.0, 13.0, 11.0)


def test_an_answer_that_is_cut_off_was_heard_until_then() -> None:
    for end in (e.sound_cleared('r1'), None):
        transcript = transcript_of(e.created('r1'))
        apply(transcript, e.sound_started('r1'), at=2.0)
        for event_ in answering('One', ' two'):
            apply(transcript, event_, at=3.0)
        if end:
            apply(transcript, end, at=4.0)
        transcript.end_call(4.0)
        (turn,) = transcript.turns
        assert (turn.sound_started_at, turn.sound_ended_at) == (2.0, 4.0)


def test_a_turn_taken_by_hand_was_heard_until_it_was_sent() -> None:
    transcript = Transcript()
    apply(transcript, e.committed('u1', None), at=3.0)
    (turn,) = transcript.turns
    assert (turn.sound_started_at, turn.sound_ended_at) == (None, 3.0)


def test_the_next_call_continues_below_with_no_open_turns() -> None:
    heard = e.started('u2'), e.words_delta('u2', 'Wai'), e.started('cough')
    transcript = transcript_of(*spoken(), e.words_delta('u1', 'Hel'), *answering('Goo'), *heard)
    assert transcript.end_call() == {'u1', 'a1', 'u2', 'cough'}
    ended = ['user (done): Hel', 'assistant (interrupted): Goo', 'user (done): Wai']
    assert lines(transcript) == ended
    assert transcript.turns[1].reason == 'call_ended'
    assert transcript.end_call() == set()

    apply(transcript, e.added(e.written('u3', 'user', 'Me again.'), None))
    assert lines(transcript) == [*ended, 'user (done): Me again.']


@pytest.mark.parametrize('content_index', [[], 0.5, True, 'a', None])
def test_a_truncation_at_a_content_index_of_the_wrong_type_changes_nothing(content_index: object) -> None:
    transcript = transcript_of(*answering('Hello', ' there'))
    before = transcript.turns
    assert apply(transcript, {**e.truncated('a1', 700), 'content_index': content_index}) == set()
    assert transcript.turns == before
    assert apply(transcript, e.truncated('a1', 700)) == {'a1'}
