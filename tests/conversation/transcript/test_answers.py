"""The turns of the assistant: speech, text, tools, and how they end."""

from itertools import permutations
from typing import Any

import pytest

from components.conversation.transcript.turn import Status

from . import events as e
from .events import Event, event
from .transcripts import answer, answering, lines, the_turn, transcript_of


def test_several_parts_of_an_answer_stand_on_lines_of_their_own() -> None:
    of = 'response.output_text'
    turn = the_turn(
        *answering(),
        e.delta('r1', 'a1', 'Sec', of=of, index=1),
        e.delta('r1', 'a1', 'First.', of=of),
        e.delta('r1', 'a1', 'ond.', of=of, index=1),
    )
    assert turn.text == 'First.\nSecond.'


def test_a_function_call_and_its_output_are_turns() -> None:
    talk = e.Talk()
    talk.writes('Weather in London?')
    talk.calls('get_weather', ['{"city":', '"London"}'], 'Foggy.')
    talk.answers(['It is foggy.'])
    transcript = transcript_of(*talk.events)
    assert lines(transcript) == [
        'user (done): Weather in London?',
        'tool (done): get_weather {"city":"London"}',
        'tool (done): Foggy.',
        'assistant (done): It is foggy.',
    ]
    assert transcript.turns[1].call_id == transcript.turns[2].call_id


def test_a_call_shows_its_name_before_its_arguments() -> None:
    new = e.call('f1', 'get_weather', status='in_progress')
    arguments = 'response.function_call_arguments'
    assert the_turn(e.added(new, None), e.delta('r1', 'f1', '{"ci', of=arguments)).text == 'get_weather {"ci'
    done = event(f'{arguments}.done', item_id='f1', name='get_weather', arguments='{}')
    assert the_turn(done).text == 'get_weather {}'


def test_the_text_of_an_item_in_progress_is_not_final() -> None:
    new = e.message('a1', 'assistant', {'type': 'output_text', 'text': 'On'}, status='in_progress')
    assert the_turn(e.added(new, None), e.delta('r1', 'a1', 'Once')).text == 'Once'


@pytest.mark.parametrize(
    ('item', 'text'),
    [
        ({'type': 'mcp_list_tools', 'server_label': 'wiki', 'tools': [{'name': 'a'}, {'name': 'b'}]}, 'wiki a, b'),
        ({'type': 'mcp_approval_request', 'server_label': 'wiki', 'name': 'ask', 'arguments': '{}'}, 'ask {}'),
        ({'type': 'mcp_approval_response', 'approve': True}, 'approved'),
        ({'type': 'mcp_approval_response', 'approve': False, 'reason': 'No.'}, 'refused No.'),
        ({'type': 'mcp_call', 'name': 'ask', 'arguments': '{}', 'output': 'Yes'}, 'ask {} Yes'),
        ({'type': 'mcp_call', 'name': 'ask', 'arguments': '{}', 'error': {'message': 'Down'}}, 'ask {} Down'),
    ],
)
def test_the_work_of_mcp_tools(item: dict[str, Any], text: str) -> None:
    turn = the_turn(e.done({'id': 'm1', **item}))
    assert (turn.speaker, turn.text, turn.status) == ('tool', text, 'done')


def test_the_final_text_replaces_the_streamed_text() -> None:
    assert the_turn(*answering('Helo'), e.transcript_done('r1', 'a1', 'Hello.')).text == 'Hello.'
    assert the_turn(*answering('Helo'), e.output_done('r1', answer('Hello.'))).text == 'Hello.'
    assert the_turn(*answering('Helo'), e.done(answer('Hello.'))).text == 'Hello.'
    assert the_turn(*answering('Helo'), e.finished('r1', answer('Hello.'))).text == 'Hello.'
    part = event('response.content_part.done', response_id='r1', item_id='a1', part={'type': 'text', 'text': 'Hello.'})
    assert the_turn(*answering('Helo'), part).text == 'Hello.'


@pytest.mark.parametrize(
    ('end', 'status', 'reason'),
    [
        (e.finished('r1'), 'done', None),
        (e.cancelled('r1'), 'interrupted', 'turn_detected'),
        (e.cancelled('r1', reason='client_cancelled'), 'interrupted', 'client_cancelled'),
        (e.cancelled('r1', answer('Once', status='incomplete')), 'interrupted', 'turn_detected'),
        (e.cancelled('r1', answer('Once')), 'interrupted', 'turn_detected'),
        (e.failed('r1', error='Quota used up.'), 'failed', 'Quota used up.'),
        (
            e.finished('r1', status='incomplete', details={'type': 'incomplete', 'reason': 'max_output_tokens'}),
            'interrupted',
            'max_output_tokens',
        ),
    ],
)
def test_an_answer_ends_and_takes_no_more_words(end: Event, status: str, reason: str | None) -> None:
    turn = the_turn(*answering('Once'), end, e.delta('r1', 'a1', ' late'))
    assert (turn.text, turn.status, turn.reason) == ('Once', status, reason)


def test_a_late_item_of_a_cancelled_response_is_no_turn() -> None:
    assert transcript_of(e.created('r1'), e.cancelled('r1'), e.delta('r1', 'a1', 'late')).turns == []


@pytest.mark.parametrize(
    ('status', 'details', 'shown'),
    [
        ('failed', None, ('failed', 'unknown')),
        ('failed', {'error': 'It broke.'}, ('failed', 'It broke.')),
        ('incomplete', {'reason': 'content_filter'}, ('interrupted', 'content_filter')),
        ('cancelled', {'reason': 'maintenance'}, ('interrupted', 'maintenance')),
        ('cancelled', None, ('interrupted', 'unknown')),
        ('completed', None, ('done', None)),
    ],
)
def test_an_answer_that_ends_without_a_word_leaves_a_mark(
    status: str, details: dict[str, Any] | None, shown: tuple[str, str | None]
) -> None:
    turn = the_turn(e.created('r1'), e.finished('r1', status=status, details=details))
    assert (turn.speaker, turn.text, turn.status, turn.reason) == ('assistant', '', *shown)


@pytest.mark.parametrize('reason', ['turn_detected', 'client_cancelled'])
def test_an_answer_that_the_user_stops_before_its_first_word_is_no_turn(reason: str) -> None:
    ended = e.finished('r1', status='cancelled', details={'reason': reason})
    assert transcript_of(e.created('r1'), ended).turns == []
    begun = [e.created('r1'), e.output_added('r1', answer('', status='in_progress')), e.sound_started('r1')]
    assert transcript_of(*begun).turns
    assert transcript_of(*begun, e.truncated('a1', 120), e.sound_cleared('r1'), ended).turns == []


def test_an_answer_without_a_transcript_that_was_heard_for_a_while_stays() -> None:
    begun = [e.created('r1'), e.output_added('r1', answer('', status='in_progress')), e.sound_started('r1')]
    turn = the_turn(*begun, e.truncated('a1', 3000), e.sound_cleared('r1'))
    assert (turn.text, turn.status) == ('', 'interrupted')


def test_an_interrupted_answer_whose_events_come_in_any_order() -> None:
    trio = [e.cancelled('r1', answer('Once upon', status='incomplete')), e.sound_cleared('r1'), e.truncated('a1', 640)]
    for order in permutations(trio):
        turn = the_turn(*answering('Once', ' upon'), *order, e.delta('r1', 'a1', ' a time'))
        assert (turn.text, turn.status, turn.reason) == ('Once upon', 'interrupted', 'turn_detected')
        assert turn.audio_end_ms == 640


def test_the_sound_being_cleared_is_enough_to_interrupt() -> None:
    assert the_turn(*answering('Once'), e.sound_cleared('r1')).status == Status.INTERRUPTED


def test_an_item_that_is_done_but_incomplete_was_interrupted() -> None:
    """The events of a server that sends none about responses."""
    assert the_turn(*answering('Once'), e.done(answer('Once', status='incomplete'))).status == Status.INTERRUPTED


def test_a_failure_is_not_taken_for_an_interruption() -> None:
    assert the_turn(*answering('Once'), e.failed('r1'), e.truncated('a1', 100)).status == Status.FAILED


@pytest.mark.parametrize('interruption', [e.truncated('a1', 900), e.sound_cleared('r1')])
def test_an_answer_interrupted_after_it_was_generated(interruption: Event) -> None:
    whole = [*answering('Once upon a time'), e.done(answer('Once upon a time')), e.finished('r1')]
    assert the_turn(*whole).status == Status.DONE
    assert the_turn(*whole, interruption).status == Status.INTERRUPTED


def test_the_service_forgetting_the_words_of_an_interrupted_answer_erases_nothing() -> None:
    empty = answer('', status='incomplete')
    retrieved = event('conversation.item.retrieved', item=empty)
    late = e.transcript_done('r1', 'a1', ''), e.done(empty), e.cancelled('r1', empty), retrieved
    assert the_turn(*answering('Once'), e.truncated('a1', 300), *late).text == 'Once'


def test_clearing_sound_that_was_played_to_its_end_interrupts_nothing() -> None:
    whole = [*answering('Hi.'), e.done(answer('Hi.')), e.finished('r1'), e.sound_stopped('r1')]
    assert the_turn(*whole, e.sound_cleared('r1')).status == Status.DONE


def test_only_the_last_message_of_an_answer_is_interrupted() -> None:
    talk = e.Talk()
    talk.answers(['Let me see.'], ['The weather', ' is'], end='interrupted')
    assert lines(transcript_of(*talk.events)) == [
        'assistant (done): Let me see.',
        'assistant (interrupted): The weather is',
    ]


def test_an_answer_outside_of_the_conversation_is_no_turn() -> None:
    item = e.written('a1', 'assistant', 'A summary.')
    aside = (
        e.created('r1', conversation_id=None),
        e.output_added('r1', item),
        e.delta('r1', 'a1', 'A'),
        e.finished('r1', item),
    )
    assert transcript_of(*aside).turns == []


def test_an_answer_of_a_service_that_names_no_conversation() -> None:
    new = e.message('a1', 'assistant', status='in_progress')
    turn = the_turn(
        e.created('r1', conversation_id=None),
        e.output_added('r1', new),
        e.added(new, None),
        e.delta('r1', 'a1', 'Hello'),
        e.finished('r1', answer('Hello')),
    )
    assert (turn.text, turn.status) == ('Hello', 'done')
