"""The turns of a conversation as a file for readers shows them: who, when, and only the words that were heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from components.call.items import Speaker
from components.conversation.rows.divider import Break, break_before
from components.conversation.transcript.call_mark import CallMark
from components.conversation.transcript.turn import Status, Turn
from components.history.entries import StoredConversation
from components.words.language import Text, one_or_many


@dataclass(frozen=True)
class ShownTurn:
    """One turn. `note` says if it is incomplete or has no words; `before` is what happened before it."""

    name: str
    words: str
    note: str
    at: float | None
    images: tuple[str, ...]
    before: Break | None


def shown_turns(conversation: StoredConversation, text: Text) -> Iterator[ShownTurn]:
    """Return all turns in their order.

    Args:
        conversation: The conversation.
        text: Gives the names of the speakers and the notes in the reader's language.
    """
    calls = {call.number: CallMark(call.begun, call.started_at, call.older_told) for call in conversation.calls}
    previous = None
    for turn in conversation.turns:
        yield ShownTurn(
            speaker_name(turn, conversation, text),
            heard_words(turn),
            _note(turn, text),
            turn.started_at,
            turn.images,
            break_before(turn, previous, calls),
        )
        previous = turn


def speaker_name(turn: Turn, conversation: StoredConversation, text: Text) -> str:
    """Return the name of a speaker: for the AI's answers that of the persona that gave it."""
    persona = one_line(turn.persona or conversation.entry.persona)
    return persona if persona and turn.speaker is Speaker.ASSISTANT else text(f'chat.names.{turn.speaker}')


def heard_words(turn: Turn) -> str:
    """Return the words of a turn that were heard: all of them, unless it was interrupted."""
    return (turn.text if turn.heard is None else turn.text[: turn.heard]).strip()


def facts(conversation: StoredConversation, text: Text) -> str:
    """Return one line about a conversation: when it began, and how long it was."""
    entry = conversation.entry
    return ' · '.join(
        filter(None, [one_line(entry.persona), date_time(entry.started_at), length(entry.turns, entry.seconds, text)])
    )


def one_line(words: str) -> str:
    """Return words on one line."""
    return ' '.join(words.split())


def length(turns: int, seconds: float, text: Text) -> str:
    """Return how long a conversation is, in turns and minutes of calls."""
    minutes = round(seconds / 60)
    return ' · '.join(
        [
            text(f'conversations.turns.{one_or_many(turns)}', count=turns),
            text('conversations.minutes', count=minutes) if minutes else text('conversations.under_a_minute'),
        ]
    )


def break_text(before: Break, text: Text) -> str:
    """Return what happened before a turn, in words."""
    call = before.call
    what = text(f'chat.begun.{call.begun}') if call else ''
    told = text(f'chat.older_told.{call.older_told}') if call and call.older_told else ''
    return ' · '.join(filter(None, [what, date_time(before.at), told]))


def date_time(at: float) -> str:
    """Return a time with its date and offset from UTC, on the clock of this computer."""
    return f'{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M %Z}'


def time_of_day(at: float) -> str:
    """Return the time of day, on the clock of this computer."""
    return f'{datetime.fromtimestamp(at):%H:%M:%S}'


def _note(turn: Turn, text: Text) -> str:
    if turn.status is Status.FAILED:
        return text('chat.ends.unwritten' if turn.speaker is Speaker.USER else 'chat.ends.failed')
    if turn.status is Status.INTERRUPTED:
        return text('chat.ends.interrupted')
    if turn.text.strip() or turn.images:
        return ''
    return text('conversations.without_words')
