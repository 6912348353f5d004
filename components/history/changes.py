"""Changes of a conversation that wait to be written, and how they are written."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, func, select, update
from sqlalchemy import text as sql

from components.call.items import Speaker
from components.conversation.transcript.summary import Summary
from components.conversation.transcript.turn import Status, Turn

from .database import insert_of
from .entries import CallEntry
from .finding.index_words import index_words
from .tables import CALLS, CONVERSATIONS, PICTURES, TURNS

LONGEST_TITLE = 60
"""Characters of a title that is made of the first words."""
LARGEST_NUMBER = 2**31 - 1
"""The largest that a column takes. Services count as they like."""


@dataclass
class Changes:
    """The changes of one conversation since the last write. Later ones replace earlier ones."""

    owner: str
    conversation_id: str
    persona: str | None = None
    at: float = 0.0
    calls: dict[int, CallEntry] = field(default_factory=dict)
    turns: dict[str, tuple[float, Turn]] = field(default_factory=dict)
    """Turns by their ids, with their positions."""
    removed: set[str] = field(default_factory=set)
    summary: Summary | None = None
    is_new: bool = True
    """Whether they begin the conversation. Others are not written once it has been deleted, lest a part comes back."""

    @property
    def size(self) -> int:
        """About how many bytes they take while they wait."""
        turns = (turn for _, turn in self.turns.values())
        return sum(500 + len(turn.text) + sum(map(len, turn.images)) for turn in turns)

    @property
    def is_urgent(self) -> bool:
        """Whether a turn or a call has ended, or there is a summary, which is written at once."""
        return bool(self.calls or self.summary) or any(
            turn.status is not Status.OPEN for _, turn in self.turns.values()
        )

    @property
    def only_grows(self) -> bool:
        """Whether they are nothing but words of turns that go on, in a conversation that is stored."""
        is_more = self.is_new or self.persona or self.calls or self.removed or self.summary
        return not is_more and all(turn.status is Status.OPEN and not turn.images for _, turn in self.turns.values())

    def __bool__(self) -> bool:
        return bool(self.persona or self.calls or self.turns or self.removed or self.summary)

    def before(self, later: Changes) -> Changes:
        """Return these changes and later ones as one."""
        return Changes(
            self.owner,
            self.conversation_id,
            later.persona or self.persona,
            max(self.at, later.at),
            self.calls | later.calls,
            {id: turn for id, turn in self.turns.items() if id not in later.removed} | later.turns,
            {id for id in self.removed if id not in later.turns} | later.removed,
            later.summary or self.summary,
            self.is_new or later.is_new,
        )

    def write(self, connection: Connection) -> bool:
        """Write them, and the row of the conversation if it is new. Returns False if it has been deleted for good."""
        insert = insert_of(connection.dialect.name)
        if not self._write_conversation(connection, insert):
            return False
        for call in self.calls.values():
            row = _storable_row({**asdict(call), 'conversation_id': self.conversation_id})
            statement = insert(CALLS).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=['conversation_id', 'number'], set_=row))
        if self.removed:
            of_this = TURNS.c.conversation_id == self.conversation_id
            connection.execute(delete(TURNS).where(of_this, TURNS.c.item_id.in_([storable(id) for id in self.removed])))
        for position, turn in self.turns.values():
            self._write_turn(connection, position, turn)
        return True

    def _write_conversation(self, connection: Connection, insert: Any) -> bool:
        persona = storable(self.persona or '')
        row = {
            'id': self.conversation_id,
            'owner': self.owner,
            'title': '',
            'summary': '',
            'titled_by_hand': False,
            'persona': persona,
            'started_at': self.at,
            'updated_at': self.at,
        }
        changed = {'updated_at': self.at} | ({'persona': persona} if persona else {})
        if self.summary:
            changed |= {'summary': storable(self.summary.text), 'summary_until': storable(self.summary.until)}
        if self.is_new:
            statement = insert(CONVERSATIONS).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=['id'], set_=changed))
        elif not connection.execute(CHANGE_CONVERSATION, {'conversation': self.conversation_id, **changed}).rowcount:
            return False
        if title := title_of([turn for _, turn in self.turns.values()]):
            untitled = (CONVERSATIONS.c.id == self.conversation_id) & (CONVERSATIONS.c.title == '')
            connection.execute(update(CONVERSATIONS).where(untitled).values(title=title))
        return True

    def _write_turn(self, connection: Connection, position: float, turn: Turn) -> None:
        row = turn_row(self.conversation_id, position, turn)
        id = connection.execute(_keep_turn(connection.dialect.name), row).scalar_one()
        if turn.images:
            self._write_pictures(connection, id, turn.images)
        if turn.status is not Status.OPEN:
            index(connection, id, self.owner, turn.text)

    def _write_pictures(self, connection: Connection, id: int, images: Sequence[str]) -> None:
        """Write pictures, unless they are there: a turn gets more of them, but none changes."""
        rows, of_turn = picture_rows(id, images), PICTURES.c.turn == id
        if connection.execute(select(func.count()).select_from(PICTURES).where(of_turn)).scalar_one() != len(rows):
            connection.execute(delete(PICTURES).where(of_turn))
            connection.execute(PICTURES.insert(), rows)


def write_all(connection: Connection, batch: Sequence[Changes]) -> list[str]:
    """Write changes of several conversations. Returns the ids of those that have not been deleted for good."""
    growing = [changes for changes in batch if changes.only_grows]
    others = [changes for changes in batch if not changes.only_grows]
    grown = _write_growing(connection, growing) if growing else []
    return [*grown, *(changes.conversation_id for changes in others if changes.write(connection))]


def _write_growing(connection: Connection, batch: Sequence[Changes]) -> list[str]:
    """Write changes that only grow, those of all conversations together: each second, there are as many as calls."""
    ids = connection.execute(PRESENT, {'ids': [changes.conversation_id for changes in batch]}).scalars().all()
    present = [changes for changes in batch if changes.conversation_id in ids]
    rows = [
        turn_row(changes.conversation_id, position, turn)
        for changes in present
        for position, turn in changes.turns.values()
    ]
    if rows:
        connection.execute(_keep_turns(connection.dialect.name), rows)
        times = [{'conversation': changes.conversation_id, 'updated_at': changes.at} for changes in present]
        connection.execute(CHANGE_CONVERSATION, times)
    return [*ids]


# Statements that run for each open turn, each second. Making one takes longer than running it, so they are made once.
CHANGE_CONVERSATION = update(CONVERSATIONS).where(CONVERSATIONS.c.id == bindparam('conversation'))
PRESENT = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id.in_(bindparam('ids', expanding=True)))


@cache
def _keep_turn(dialect: str) -> Executable:
    """The statement that adds or replaces the turn of a row, and returns its id."""
    return _keep_turns(dialect).returning(TURNS.c.id)  # type: ignore[no-any-return]


@cache
def _keep_turns(dialect: str) -> Any:
    """The statement that adds or replaces the turns of rows."""
    statement = insert_of(dialect)(TURNS)
    replaced = {column.name: statement.excluded[column.name] for column in TURNS.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=['conversation_id', 'item_id'], set_=replaced)


def index(connection: Connection, id: int, owner: str, words: str) -> None:
    """Put the words of a turn into the index, in place of what it had. The owner is one of them."""
    tokens = [owner_word(owner), *index_words(words)]
    if connection.dialect.name == 'sqlite':
        connection.execute(sql('DELETE FROM words WHERE rowid = :id'), {'id': id})
        connection.execute(
            sql('INSERT INTO words (rowid, tokens) VALUES (:id, :tokens)'), {'id': id, 'tokens': ' '.join(tokens)}
        )
    else:
        connection.execute(
            sql(
                'INSERT INTO words (turn, tokens) VALUES (:id, array_to_tsvector(CAST(:tokens AS text[])))'
                ' ON CONFLICT (turn) DO UPDATE SET tokens = excluded.tokens'
            ),
            {'id': id, 'tokens': tokens},
        )


def owner_word(owner: str) -> str:
    """Return a word that stands for an owner in the index, and is no word of any language."""
    return 'owner0' + base64.b16encode(owner.encode()).decode().lower()


def title_of(turns: Sequence[Turn]) -> str:
    """Return the title for a conversation that begins with these turns: the first complete words of the user."""
    said = next((turn.text for turn in turns if _is_said(turn)), '')
    words = ' '.join(storable(said).split())
    return words if len(words) <= LONGEST_TITLE else f'{words[:LONGEST_TITLE].rsplit(" ", 1)[0]}…'


def _is_said(turn: Turn) -> bool:
    return turn.speaker is Speaker.USER and turn.status is not Status.OPEN and bool(turn.text.strip())


def turn_row(conversation_id: str, position: float, turn: Turn) -> dict[str, Any]:
    """Return the row of a turn."""
    row = {
        'conversation_id': conversation_id,
        'item_id': turn.item_id,
        'position': position,
        'call': turn.call,
        'speaker': turn.speaker.value,
        'status': turn.status.value,
        'text': turn.text,
        'spoken': turn.spoken,
        'reason': turn.reason,
        'response_id': turn.response_id,
        'call_id': turn.call_id,
        'tokens': turn.tokens,
        'audio_end_ms': turn.audio_end_ms,
        'heard': turn.heard,
        'started_at': turn.started_at,
        'ended_at': turn.ended_at,
        'sound_started_at': turn.sound_started_at,
        'sound_ended_at': turn.sound_ended_at,
        'persona': turn.persona,
    }
    return _storable_row(row)


def picture_rows(id: int, images: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a turn's pictures, which are `data:` URLs. Those that cannot be decoded are left out."""
    rows = []
    for number, url in enumerate(images):
        head, _, encoded = url.partition(';base64,')
        with suppress(binascii.Error):
            data = base64.b64decode(encoded)
            rows.append({'turn': id, 'number': number, 'media_type': head.removeprefix('data:'), 'data': data})
    return rows


def storable(words: str) -> str:
    """Return a text as databases take it: without NUL, and without halves of surrogate pairs."""
    return words.replace('\0', '\N{REPLACEMENT CHARACTER}').encode('utf-8', 'replace').decode()


def _storable_row(row: dict[str, Any]) -> dict[str, Any]:
    return {column: _storable_value(value) for column, value in row.items()}


def _storable_value(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    return min(value, LARGEST_NUMBER) if type(value) is int else value
