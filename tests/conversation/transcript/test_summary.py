"""The text of which a summary is made."""

from components.call.items import Speaker
from components.conversation.transcript.summary import MOST_BYTES, MOST_LETTERS, Summary, next_part, request
from components.conversation.transcript.turn import Status, Turn


def said(number: int, text: str = 'Hello', speaker: Speaker = Speaker.USER) -> Turn:
    return Turn(f'item_{number}', speaker, text, Status.DONE)


def test_a_request_holds_the_summary_so_far_and_what_followed() -> None:
    turns = [said(1, 'How far is\nthe moon?'), said(2, 'Far away, and so on', Speaker.ASSISTANT)]
    assert request(None, turns) == 'The conversation:\nUser: How far is the moon?\nAssistant: Far away, and so on'
    extended = request(Summary('They talked about the sun.', 'item_0'), turns)
    assert extended.startswith(
        'Your summary so far:\nThey talked about the sun.\n\nThe conversation goes on:\nUser: How'
    )


def test_what_was_not_heard_is_not_summarised() -> None:
    cut = Turn('a1', Speaker.ASSISTANT, 'It is far. Very far.', Status.INTERRUPTED, heard=10)
    assert request(None, [cut]).endswith('Assistant: It is far. …')


def test_a_long_conversation_is_summarised_part_by_part() -> None:
    turns = [said(number, '月' * 500) for number in range(20)]
    assert len(next_part(turns)) == MOST_BYTES // 1500
    assert next_part(turns[:3]) == turns[:3]
    long = [said(1, 'x' * 2 * MOST_BYTES), said(2)]
    assert next_part(long) == long[:1]
    assert len(request(None, long[:1])) < MOST_BYTES + 100


def test_a_summary_is_bounded() -> None:
    assert len(Summary(' x' * MOST_LETTERS, 'item_1').text) == MOST_LETTERS
