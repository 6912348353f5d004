"""Turns stand in the order of the conversation, never in the order of arrival."""

from itertools import permutations

from . import events as e
from .events import event
from .transcripts import apply, transcript_of


def test_speech_stays_at_the_end_until_it_is_committed() -> None:
    transcript = transcript_of(e.added(e.written('t1', 'user', 'One.'), None), e.started('u2'))
    apply(transcript, e.added(e.written('a1', 'assistant', 'Two.'), 't1'))
    assert [turn.item_id for turn in transcript.turns] == ['t1', 'a1', 'u2']

    apply(transcript, e.added(e.written('a2', 'assistant', 'Four.'), 'u2'))
    apply(transcript, e.committed('u2', 'a1'))
    assert [turn.item_id for turn in transcript.turns] == ['t1', 'a1', 'u2', 'a2']


def test_items_stand_in_the_order_of_the_conversation_not_of_arrival() -> None:
    chain = [
        e.added(e.written(id_, 'user', id_), previous) for id_, previous in zip('abcd', [None, *'abc'], strict=True)
    ]
    for order in permutations(chain):
        assert [turn.item_id for turn in transcript_of(*order).turns] == ['a', 'b', 'c', 'd']


def test_an_item_may_be_inserted_between_others_or_at_the_root() -> None:
    transcript = transcript_of(
        e.added(e.written('a', 'user', 'a'), None),
        e.added(e.written('b', 'assistant', 'b'), 'a'),
        e.added(e.written('between', 'system', ''), 'a'),
        e.added(e.written('first', 'system', ''), 'root'),
    )
    assert [turn.item_id for turn in transcript.turns] == ['first', 'a', 'between', 'b']


def test_items_that_wait_for_their_predecessor_stand_together() -> None:
    b, c = e.added(e.written('b', 'user', 'b'), 'a'), e.added(e.written('c', 'user', 'c'), 'a')
    assert [turn.item_id for turn in transcript_of(b, c).turns] == ['b', 'c']


def test_an_item_keeps_the_place_that_it_was_given_first() -> None:
    a, b = e.added(e.written('a', 'user', 'a'), None), e.added(e.written('b', 'user', 'b'), 'a')
    between = e.added(e.written('between', 'system', ''), 'a')
    again = e.added(e.written('b', 'user', 'b'), 'a')
    assert [turn.item_id for turn in transcript_of(a, b, between, again).turns] == ['a', 'between', 'b']


def test_an_answer_that_is_never_announced_stands_where_it_began() -> None:
    transcript = transcript_of(e.delta('r1', 'a1', 'Hello'), e.added(e.written('u2', 'user', 'Hi.'), None))
    assert [turn.item_id for turn in transcript.turns] == ['a1', 'u2']


def test_an_item_without_a_predecessor_stands_at_the_end() -> None:
    """xAI's service sends null for calls of functions in the middle of a conversation."""
    transcript = transcript_of(
        e.added(e.written('a', 'user', 'a'), None),
        e.added(e.written('b', 'assistant', 'b'), 'a'),
        e.added(e.call('c', 'look'), None),
        e.added(e.written('d', 'assistant', 'd'), 'c'),
    )
    assert [turn.item_id for turn in transcript.turns] == ['a', 'b', 'c', 'd']


def test_items_that_name_each_other_as_predecessors_are_shown_once() -> None:
    transcript = transcript_of(
        e.added(e.written('a', 'user', 'a'), 'b'),
        e.added(e.written('b', 'user', 'b'), 'a'),
        e.added(e.written('c', 'user', 'c'), 'c'),
    )
    assert sorted(turn.item_id for turn in transcript.turns) == ['a', 'b', 'c']


def test_a_deleted_item_is_gone_and_leaves_the_others_in_place() -> None:
    transcript = transcript_of(
        e.added(e.written('a', 'user', 'a'), None),
        e.added(e.said('b'), 'a'),
        e.added(e.written('c', 'user', 'c'), 'b'),
        event('conversation.item.deleted', item_id='b'),
        e.words('b', 'Late.'),
        e.added(e.written('d', 'user', 'd'), 'c'),
    )
    assert [turn.item_id for turn in transcript.turns] == ['a', 'c', 'd']


def test_sound_without_speech_that_gets_its_place_late_moves_the_turns_behind_it() -> None:
    transcript = transcript_of(
        e.started('u2'), e.words('u2', ''), e.added(e.written('a3', 'assistant', 'Three.'), 'u2')
    )
    apply(transcript, e.added(e.written('u1', 'user', 'One.'), None))
    assert [turn.item_id for turn in transcript.turns] == ['a3', 'u1']
    assert apply(transcript, e.committed('u2', 'u1')) == {'a3', 'u1'}
    assert [turn.item_id for turn in transcript.turns] == ['u1', 'a3']
