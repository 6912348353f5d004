"""Reads conversations from the database."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy import text as sql

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun
from components.conversation.transcript.summary import Summary
from components.conversation.transcript.turn import Status, Turn

from .changes import owner_word, storable
from .entries import CallEntry, ConversationEntry, SearchHit, StoredConversation
from .finding.index_words import is_prefix, marks, query_words
from .recordings.recording import Recorded, Recording
from .tables import CALLS, CONVERSATIONS, PICTURES, RECORDINGS, TURNS

SNIPPET_BEFORE, SNIPPET = 60, 220  # characters of a hit: before its first mark, and in all


def of_owner(owner: str, id: str | None = None) -> list[Any]:
    """The conditions for an owner's conversations that are not deleted."""
    conditions = [CONVERSATIONS.c.owner == owner, CONVERSATIONS.c.deleted_at.is_(None)]
    return conditions if id is None else [*conditions, CONVERSATIONS.c.id == id]


def latest(connection: Connection, owner: str) -> StoredConversation | None:
    """Return the conversation that was changed last; None if there is none."""
    newest = select(CONVERSATIONS.c.id).where(*of_owner(owner)).order_by(CONVERSATIONS.c.updated_at.desc()).limit(1)
    id = connection.execute(newest).scalar()
    return load(connection, owner, id) if id else None


def load(connection: Connection, owner: str, id: str) -> StoredConversation | None:
    """Return a whole conversation; None if the owner has none with this id."""
    row = connection.execute(select(CONVERSATIONS).where(*of_owner(owner, id))).first()
    if row is None:
        return None
    calls = connection.execute(select(CALLS).where(CALLS.c.conversation_id == row.id).order_by(CALLS.c.number)).all()
    of_this = TURNS.c.conversation_id == row.id
    rows = connection.execute(select(TURNS).where(of_this).order_by(TURNS.c.position)).all()
    shown = select(PICTURES).join(TURNS, TURNS.c.id == PICTURES.c.turn).where(of_this).order_by(PICTURES.c.number)
    images: dict[int, list[str]] = {}
    for picture in connection.execute(shown):
        data = base64.b64encode(picture.data).decode()
        images.setdefault(picture.turn, []).append(f'data:{picture.media_type};base64,{data}')
    turns = tuple(_turn(turn, tuple(images.get(turn.id, ()))) for turn in rows)
    seconds = sum(_length(call, [turn for turn in turns if turn.call == call.number]) for call in calls)
    return StoredConversation(
        _entry(row, len(turns), seconds),
        tuple(map(_call, calls)),
        turns,
        tuple(row.position for row in rows),
        Summary(row.summary, row.summary_until) if row.summary_until else None,
        recordings(connection, row.id),
    )


def recorded(connection: Connection, owner: str, id: str) -> Recorded | None:
    """Return the recordings of a conversation; None if the owner has none with this id."""
    title = connection.execute(select(CONVERSATIONS.c.title).where(*of_owner(owner, id))).scalar()
    return None if title is None else Recorded(title, recordings(connection, id))


def recordings(connection: Connection, conversation_id: str) -> tuple[Recording, ...]:
    """Return the recordings of a conversation in their order."""
    of_this = RECORDINGS.c.conversation_id == conversation_id
    rows = connection.execute(select(RECORDINGS).where(of_this).order_by(RECORDINGS.c.started_at)).all()
    return tuple(map(recording, rows))


def recording(row: Row[Any]) -> Recording:
    """Read a recording."""
    return Recording(**{name: getattr(row, name) for name in Recording.__slots__})


def has(connection: Connection, owner: str, conversation: StoredConversation) -> bool:
    """Tell whether an owner has a conversation that began at the same time and has all turns of this one."""
    same_start = CONVERSATIONS.c.started_at == conversation.entry.started_at
    turns = {(storable(turn.item_id), storable(turn.text)) for turn in conversation.turns}
    for id in connection.execute(select(CONVERSATIONS.c.id).where(*of_owner(owner), same_start)).scalars().all():
        kept = connection.execute(select(TURNS.c.item_id, TURNS.c.text).where(TURNS.c.conversation_id == id))
        if turns <= {(row.item_id, row.text) for row in kept}:
            return True
    return False


def _length(call: Any, turns: Sequence[Turn]) -> float:
    ends = [turn.ended_at for turn in turns if turn.ended_at is not None]
    end = call.ended_at or max(ends, default=call.started_at)
    return max(0.0, float(end - call.started_at))


def entries(connection: Connection, owner: str, before: float | None, limit: int) -> list[ConversationEntry]:
    """Return the conversations that were changed last, the newest first; with `before` those changed earlier."""
    turns = select(func.count()).where(TURNS.c.conversation_id == CONVERSATIONS.c.id).scalar_subquery()
    last = select(func.max(TURNS.c.ended_at)).where(
        TURNS.c.conversation_id == CALLS.c.conversation_id, TURNS.c.call == CALLS.c.number
    )
    end = func.coalesce(CALLS.c.ended_at, last.scalar_subquery(), CALLS.c.started_at)
    seconds = (
        select(func.coalesce(func.sum(end - CALLS.c.started_at), 0.0))
        .where(CALLS.c.conversation_id == CONVERSATIONS.c.id)
        .scalar_subquery()
    )
    chosen: Select[Any] = select(CONVERSATIONS, turns.label('turns'), seconds.label('seconds')).where(*of_owner(owner))
    if before is not None:
        chosen = chosen.where(CONVERSATIONS.c.updated_at < before)
    rows = connection.execute(chosen.order_by(CONVERSATIONS.c.updated_at.desc()).limit(limit))
    return [_entry(row, row.turns, max(0.0, row.seconds)) for row in rows]


def _entry(row: Row[Any], turns: int, seconds: float) -> ConversationEntry:
    return ConversationEntry(
        row.id, row.owner, row.title, row.titled_by_hand, row.persona, row.started_at, row.updated_at, turns, seconds
    )


def _call(row: Row[Any]) -> CallEntry:
    return CallEntry(
        number=row.number,
        started_at=row.started_at,
        begun=Begun(row.begun),
        provider=row.provider,
        model=row.model,
        voice=row.voice,
        settings=row.settings,
        transport=row.transport,
        older_told=row.older_told,
        older_summary=row.older_summary,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        usage=row.usage,
    )


def _turn(row: Row[Any], images: tuple[str, ...]) -> Turn:
    """Read a turn. One that was open when the program was killed ended there."""
    turn = Turn(
        item_id=row.item_id,
        speaker=Speaker(row.speaker),
        text=row.text,
        status=Status(row.status),
        spoken=row.spoken,
        reason=row.reason,
        response_id=row.response_id,
        call_id=row.call_id,
        tokens=row.tokens,
        audio_end_ms=row.audio_end_ms,
        heard=row.heard,
        images=images,
        started_at=row.started_at,
        ended_at=row.ended_at,
        sound_started_at=row.sound_started_at,
        sound_ended_at=row.sound_ended_at,
        call=row.call,
        persona=row.persona,
    )
    if turn.status is not Status.OPEN:
        return turn
    return replace(turn, status=Status.INTERRUPTED, reason='call_ended', ended_at=turn.ended_at or turn.started_at)


def search(connection: Connection, owner: str, query: str, before: int | None, limit: int) -> list[SearchHit]:
    """Return the newest turns that have all words of a query; with `before` those with a smaller number."""
    words = query_words(query)
    if not words:
        return []
    hits: list[SearchHit] = []
    last = before
    while len(hits) < limit and (found := _matches(connection, owner, words, last, limit)):
        last = found[-1]
        rows = connection.execute(
            select(TURNS, CONVERSATIONS.c.title)
            .join(CONVERSATIONS, CONVERSATIONS.c.id == TURNS.c.conversation_id)
            .where(*of_owner(owner), TURNS.c.id.in_(found))
            .order_by(TURNS.c.id.desc())
        )
        hits += [_hit(row, query) for row in rows]
    return hits[:limit]


def _matches(connection: Connection, owner: str, words: list[str], before: int | None, limit: int) -> list[int]:
    """Return the ids of turns in which all words occur, the newest first."""
    prefix = is_prefix(words[-1])
    bounds = {'before': before if before is not None else 2**62, 'limit': 2 * limit}
    if connection.dialect.name == 'sqlite':
        terms = [owner_word(owner), *words]
        expression = ' AND '.join(f'"{term}"' for term in terms) + ('*' if prefix else '')
        statement = (
            'SELECT rowid FROM words WHERE words MATCH :terms AND rowid < :before ORDER BY rowid DESC LIMIT :limit'
        )
    else:
        terms = [owner_word(owner), *words]
        expression = ' & '.join(f"'{term}'" for term in terms) + (':*' if prefix else '')
        statement = (
            'SELECT turn FROM words WHERE tokens @@ CAST(:terms AS tsquery) AND turn < :before'
            ' ORDER BY turn DESC LIMIT :limit'
        )
    return list(connection.execute(sql(statement), {'terms': expression, **bounds}).scalars())


def _hit(row: Row[Any], query: str) -> SearchHit:
    found = marks(row.text, query)
    start = max(0, (found[0][0] if found else 0) - SNIPPET_BEFORE)
    end = min(len(row.text), start + SNIPPET)
    head, tail = '…' if start else '', '…' if end < len(row.text) else ''
    shift = len(head) - start
    inside = tuple((a + shift, min(b, end) + shift) for a, b in found if a < end)
    snippet = head + row.text[start:end] + tail
    return SearchHit(
        row.conversation_id,
        row.title,
        row.item_id,
        Speaker(row.speaker),
        row.persona,
        row.started_at or 0.0,
        snippet,
        inside,
        row.id,
    )
