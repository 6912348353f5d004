"""A conversation continues in a new call, which is seeded with its turns."""

from typing import Any

from openai.types.realtime import ConversationItemCreateEvent

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun, CallMark
from components.conversation.transcript.seeds import MOST_PICTURE_BYTES, MOST_TURNS, seeds
from components.conversation.transcript.summary import Summary
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Status, Turn

from .transcripts import apply


def added(
    id: str, role: str, text: str, previous: str | None = None, kind: str = 'conversation.item.added'
) -> dict[str, object]:
    part = 'output_text' if role == 'assistant' else 'input_text'
    item = {'id': id, 'type': 'message', 'role': role, 'status': 'completed', 'content': [{'type': part, 'text': text}]}
    return {'type': kind, 'previous_item_id': previous, 'item': item}


def conversation() -> Transcript:
    transcript = Transcript()
    apply(transcript, added('item_1', 'user', 'Hello.'))
    apply(transcript, added('item_2', 'assistant', 'Hi there.', 'item_1'))
    transcript.end_call()
    return transcript


def tell(transcript: Transcript) -> list[dict[str, Any]]:
    """Tell a call that begins what was said before; gives the items that it is told."""
    told = transcript.seeds()
    transcript.begin_call(CallMark(Begun.CONTINUED, 1.0))  # also a call that is renewed asks before it begins
    transcript.note_seeds(CallMark(Begun.STARTED, 2.0))
    return [event['item'] for event in told]


def contents(*turns: Turn, summary: Summary | None = None) -> list[tuple[str, list[str]]]:
    """The role of each seed, and its content: texts as they are, pictures by their addresses."""
    items = [event['item'] for event in seeds(turns, summary).events]
    return [(item['role'], [part.get('text', part.get('image_url')) for part in item['content']]) for item in items]


def test_each_side_keeps_its_own_words() -> None:
    seeded = conversation().seeds()
    assert [(event['item']['role'], event['item']['content']) for event in seeded] == [
        ('user', [{'type': 'input_text', 'text': 'Hello.'}]),
        ('assistant', [{'type': 'output_text', 'text': 'Hi there.'}]),
    ]
    for event in seeded:
        ConversationItemCreateEvent.model_validate(event, extra='forbid', strict=True)


def test_items_get_ids_of_their_own_however_long_those_of_the_turns_are() -> None:
    turn = Turn('7f0c1d5e-4b0a-4c56-9c3e-8a3b8a0f6a11', Speaker.USER, 'Hello.', Status.DONE)
    seeded = seeds([turn])
    [item_id] = seeded.copies
    assert seeded.copies == {item_id: turn.item_id}
    assert seeded.events[0]['item']['id'] == item_id
    assert len(item_id) <= 32


def test_seeded_items_are_recognised_and_new_turns_follow_them() -> None:
    transcript = conversation()
    before = transcript.turns
    ids = []
    for item in tell(transcript):
        ids.append(item['id'])
        for kind in ('conversation.item.added', 'conversation.item.done'):
            assert apply(transcript, added(item['id'], item['role'], 'As the service has it.', None, kind)) == set()
    assert transcript.turns == before
    apply(transcript, added('item_4', 'user', 'Go on.', ids[1]))
    apply(transcript, added('item_3', 'assistant', 'And then?', ids[1]))
    assert [turn.item_id for turn in transcript.turns] == ['item_1', 'item_2', 'item_3', 'item_4']


def test_a_call_keeps_its_own_copies_while_another_is_told_that_may_never_begin() -> None:
    transcript = conversation()
    copies = [item['id'] for item in tell(transcript)]
    transcript.seeds()
    assert transcript.remove_from('item_1').items == copies


def test_new_turns_follow_an_answer_that_nobody_heard_and_so_was_not_told() -> None:
    transcript = Transcript(
        [
            Turn('u1', Speaker.USER, 'Hello.', Status.DONE),
            Turn('a1', Speaker.ASSISTANT, 'Hi there.', Status.INTERRUPTED, spoken=True, heard=0),
        ]
    )
    (seed,) = tell(transcript)
    apply(transcript, added('u2', 'user', 'Again.', seed['id']))
    assert [turn.item_id for turn in transcript.turns] == ['u1', 'a1', 'u2']


def test_extracts_of_the_older_part_are_no_turn() -> None:
    turns = [Turn(f'item_{n}', Speaker.USER, f'{n}', Status.DONE) for n in range(MOST_TURNS + 5)]
    transcript = Transcript(turns)
    for item in tell(transcript):
        apply(transcript, {'type': 'conversation.item.added', 'previous_item_id': None, 'item': item})
    assert transcript.turns == turns


def test_a_turn_is_deleted_by_the_id_of_its_copy() -> None:
    transcript = conversation()
    copy = tell(transcript)[0]['id']
    assert apply(transcript, {'type': 'conversation.item.deleted', 'item_id': copy}) == {'item_1'}
    assert [turn.item_id for turn in transcript.turns] == ['item_2']


def test_only_what_was_heard_of_an_interrupted_answer_is_told() -> None:
    told = contents(
        Turn('a1', Speaker.ASSISTANT, 'One two three four.', Status.INTERRUPTED, spoken=True, heard=7),
        Turn('a2', Speaker.ASSISTANT, 'Nobody heard this.', Status.INTERRUPTED, spoken=True, heard=0),
        Turn('a3', Speaker.ASSISTANT, 'Written and stopped', Status.INTERRUPTED),
    )
    assert told == [('assistant', ['One two …']), ('assistant', ['Written and stopped'])]


def test_pictures_are_told_as_pictures_while_there_is_room_and_else_in_words() -> None:
    large = f'data:image/png;base64,{"A" * (MOST_PICTURE_BYTES // 2)}'
    small = 'data:image/png;base64,AAAA'
    told = contents(
        Turn('u1', Speaker.USER, 'Look.', Status.DONE, images=(large,)),
        Turn('u2', Speaker.USER, '', Status.DONE, images=(large,)),
        Turn('u3', Speaker.USER, 'And this?', Status.DONE, images=(small,)),
    )
    assert told == [
        ('user', ['[1 picture(s), not shown again] Look.']),
        ('user', [large]),
        ('user', [small, 'And this?']),
    ]


def test_results_of_tools_are_told_as_notes_and_turns_without_words_are_left_out() -> None:
    told = contents(
        Turn('item_1', Speaker.USER, ' ', Status.DONE, spoken=True),
        Turn('item_2', Speaker.TOOL, 'clock {}', Status.DONE),
    )
    assert told == [('system', ['A tool was used: clock {}'])]


def test_the_older_part_of_a_long_conversation_is_told_in_extracts() -> None:
    turns = [Turn(f'item_{n}', Speaker.USER, f'number {n} ' + 'word ' * 100, Status.DONE) for n in range(200)]
    seeded = contents(*turns)
    assert len(seeded) <= MOST_TURNS + 1
    role, [extracts] = seeded[0]
    assert role == 'system'
    assert 'number 0 ' in extracts
    assert len(extracts) < 10_000
    first = int(seeded[1][1][0].split()[1])
    assert f'number {first - 1} ' in extracts
    assert f'number {first} ' not in extracts


def test_the_older_part_is_told_by_its_summary_and_extracts_of_what_followed() -> None:
    turns = [Turn(f'item_{n}', Speaker.USER, f'number {n}', Status.DONE) for n in range(MOST_TURNS + 20)]
    summary = Summary('They counted.', 'item_14')
    (role, [older]), *recent = contents(*turns, summary=summary)
    assert role == 'system'
    assert 'They counted.' in older
    assert [n for n in range(20) if f'number {n}\n' in f'{older}\n'] == [15, 16, 17, 18, 19]
    assert recent[0] == ('user', ['number 20'])
    told = seeds(turns, summary)
    assert (told.older_told, told.older_summary) == ('summary', 'They counted.')


def test_a_summary_that_is_not_needed_or_whose_end_is_gone_is_not_told() -> None:
    turns = [Turn(f'item_{n}', Speaker.USER, f'number {n}', Status.DONE) for n in range(MOST_TURNS + 5)]
    gone, early = Summary('They counted.', 'item_x'), Summary('They counted.', 'item_1')
    assert seeds(turns, gone).older_told == 'extracts'
    assert seeds(turns[:MOST_TURNS], early).older_told == ''
    assert len(seeds(turns[:MOST_TURNS], early).events) == MOST_TURNS


def test_the_call_that_was_told_something_older_says_how() -> None:
    transcript = Transcript([Turn(f'item_{n}', Speaker.USER, f'{n}', Status.DONE) for n in range(MOST_TURNS + 5)])
    transcript.summary = Summary('They counted.', 'item_2')
    transcript.begin_call(CallMark(Begun.CONTINUED, 1.0))
    transcript.seeds()
    assert transcript.note_seeds(CallMark(Begun.STARTED, 2.0)) == CallMark(
        Begun.CONTINUED, 1.0, 'summary', 'They counted.'
    )
    assert transcript.calls[1].older_told == 'summary'


def test_a_turn_is_removed_with_all_that_followed_by_the_ids_that_the_call_has_for_them() -> None:
    transcript = Transcript([Turn(f'u{n}', Speaker.USER, f'{n}', Status.DONE) for n in range(4)])
    copies = [item['id'] for item in tell(transcript)]
    apply(transcript, added('u4', 'user', 'New.', copies[-1]))
    removal = transcript.remove_from('u2')
    assert (removal.turns, removal.items) == (['u2', 'u3', 'u4'], [*copies[2:], 'u4'])
    assert [turn.item_id for turn in transcript.turns] == ['u0', 'u1']
    assert apply(transcript, added('u4', 'user', 'Late.', copies[-1])) == set()
    apply(transcript, added('u5', 'user', 'Anew.', copies[1]))
    assert [turn.item_id for turn in transcript.turns] == ['u0', 'u1', 'u5']
    assert not transcript.remove_from('u2').turns


def test_an_answer_is_removed_as_a_whole() -> None:
    turns = [Turn(id, Speaker.ASSISTANT, id, Status.DONE, response_id=id[:2]) for id in ('r1', 'r2a', 'r2b')]
    transcript = Transcript(turns)
    assert transcript.remove_from('r2b').turns == ['r2a', 'r2b']


def test_an_answer_that_failed_without_an_item_cannot_be_deleted_in_the_service() -> None:
    transcript = Transcript([Turn('r1', Speaker.ASSISTANT, '', Status.FAILED, response_id='r1')])
    assert transcript.remove_from('r1').items == []
