"""A conversation continues in a new call, which is seeded with its turns."""

from openai.types.realtime import ConversationItemCreateEvent

from components.call.items import Speaker
from components.conversation.transcript.seeds import MOST_TURNS, seeds
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


def test_each_side_keeps_its_own_words() -> None:
    seeded = conversation().seeds()
    assert [event['item'] for event in seeded] == [
        {'type': 'message', 'id': 'item_1', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'Hello.'}]},
        {
            'type': 'message',
            'id': 'item_2',
            'role': 'assistant',
            'content': [{'type': 'output_text', 'text': 'Hi there.'}],
        },
    ]
    for event in seeded:
        ConversationItemCreateEvent.model_validate(event, extra='forbid', strict=True)


def test_seeded_items_are_recognised_and_new_turns_follow_them() -> None:
    transcript = conversation()
    before = transcript.turns
    for event in transcript.seeds():
        item = event['item']
        for kind in ('conversation.item.added', 'conversation.item.done'):
            assert apply(transcript, added(item['id'], item['role'], 'As the service has it.', None, kind)) == set()
    assert transcript.turns == before
    apply(transcript, added('item_3', 'user', 'Go on.', 'item_2'))
    assert [turn.item_id for turn in transcript.turns] == ['item_1', 'item_2', 'item_3']


def test_turns_without_words_and_turns_of_tools_are_left_out() -> None:
    turns = [
        Turn('item_1', Speaker.USER, ' ', Status.DONE, spoken=True),
        Turn('item_2', Speaker.TOOL, 'clock {}', Status.DONE),
        Turn('item_3', Speaker.ASSISTANT, 'It is', Status.INTERRUPTED, spoken=True),
    ]
    assert [event['item']['id'] for event in seeds(turns)] == ['item_3']


def test_only_the_last_turns_of_a_long_conversation_are_seeded() -> None:
    turns = [Turn(f'item_{n}', Speaker.USER, f'{n}', Status.DONE) for n in range(MOST_TURNS + 5)]
    seeded = seeds(turns)
    assert len(seeded) == MOST_TURNS
    assert seeded[0]['item']['id'] == 'item_5'
