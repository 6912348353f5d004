"""Where conversations are kept: a SQLite file beside Parley's other data, or a PostgreSQL server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from . import reading
from .changes import Changes, storable
from .database import Database, DatabaseProblem, check, insert_of
from .entries import ConversationEntry, Problem, SearchHit, StoredConversation
from .journal import Journal, Stored
from .recordings.recording import Recorded
from .recordings.recordings import Recordings
from .tables import CONVERSATIONS, PEOPLE
from .writer import Writer

UNDO_S = 3600.0
"""Seconds in which a deletion can be undone."""
GUESTS_S = 24 * 3600.0
"""Seconds after which a guest's conversation is deleted if nothing is added to it."""
TIDY_S = 3600.0
"""Seconds between two looks for conversations whose time is over."""
GOODBYE_S = 3.0
"""Seconds that the program waits at its end for what is not written yet."""

T = TypeVar('T')
log = logging.getLogger('parley.history')


class History:
    """The conversations of all people. Nobody is given or changes those of another owner.

    Reading raises `DatabaseProblem` if the database cannot be read. Writing what is said never raises: `problem` tells
    why nothing is kept, and all that waits is written once that is over. A damaged file is noticed soon after the
    start, before anything is written.

    Args:
        url: Where they are kept, as SQLAlchemy writes it.
        now: Tells the time in Unix seconds.
        data: The folder for the files of recordings, if the database is a server.

    Raises:
        ValueError: The URL is of another kind, or no URL.
    """

    def __init__(self, url: str, now: Callable[[], float] = time.time, data: Path = Path('.parley')) -> None:
        self._database = Database(url)
        self._now = now
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix='history reader')
        self._writer = Writer(self._database, self._tell)
        self.recordings = Recordings(
            self._database.recordings_folder(data), self._database, self._writer.in_thread, now
        )
        self._listeners: list[Callable[[], None]] = []
        self._tidying: asyncio.Task[None] | None = None
        self._background: set[asyncio.Task[None]] = set()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], data: Path) -> History:
        """Keep them where `DATABASE_URL` says, else in a file in the folder of Parley's data."""
        return cls(environ.get('DATABASE_URL') or f'sqlite:///{data / "history.sqlite3"}', data=data)

    @property
    def problem(self) -> Problem | None:
        """Why nothing is kept at the moment; None if all is well."""
        return self._writer.problem

    def on_problem(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever `problem` changes. Returns a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def start(self) -> None:
        """Begin to write, and delete now and then what has been kept for long enough."""
        self._writer.start()
        self._tidying = asyncio.create_task(self._tidy(), name='history tidying')

    async def close(self) -> None:
        """Write what waits, within a few seconds, and close the database."""
        for task in filter(None, (self._tidying, *self._background)):
            task.cancel()
        await self._writer.close(GOODBYE_S)
        with suppress(TimeoutError):  # a thread that still reads would keep its connection
            async with asyncio.timeout(GOODBYE_S):
                await asyncio.to_thread(self._readers.shutdown, cancel_futures=True)
        self._database.close()

    def in_background(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Let work for a conversation go on when its page has gone, until the program ends."""
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def journal(
        self, owner: str, id: str, stored: StoredConversation | None, on_stored: Callable[[Stored], None]
    ) -> Journal:
        """Return what writes one conversation as it happens."""
        return Journal(self._writer, owner, id, stored, on_stored, self._now)

    async def latest(self, owner: str) -> StoredConversation | None:
        """Return the conversation that was changed last; None if there is none."""
        return await self._read(lambda connection: reading.latest(connection, owner))

    async def load(self, owner: str, id: str) -> StoredConversation | None:
        """Return a whole conversation; None if the owner has none with this id."""
        return await self._read(lambda connection: reading.load(connection, owner, id))

    async def recorded(self, owner: str, id: str) -> Recorded | None:
        """Return the recordings of a conversation; None if the owner has none with this id."""
        return await self._read(lambda connection: reading.recorded(connection, owner, id))

    async def conversations(
        self, owner: str, *, before: float | None = None, limit: int = 50
    ) -> Sequence[ConversationEntry]:
        """Return the conversations that were changed last, the newest first; with `before` those changed earlier."""
        return await self._read(lambda connection: reading.entries(connection, owner, before, limit))

    async def search(
        self, owner: str, query: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[SearchHit]:
        """Return the newest turns that have all words of a query; with `before` those with a smaller number."""
        return await self._read(lambda connection: reading.search(connection, owner, query, before, limit))

    async def rename(self, owner: str, id: str, title: str) -> None:
        """Give a conversation a title by hand."""
        named = (
            update(CONVERSATIONS).where(*reading.of_owner(owner, id)).values(title=storable(title), titled_by_hand=True)
        )
        await self._write(lambda connection: connection.execute(named))

    async def delete(self, owner: str, id: str) -> None:
        """Delete a conversation, so that it can still be restored for a while."""
        deleted = update(CONVERSATIONS).where(*reading.of_owner(owner, id)).values(deleted_at=self._now())
        await self._write(lambda connection: connection.execute(deleted))

    async def restore(self, owner: str, id: str) -> None:
        """Undo a deletion."""
        own = (CONVERSATIONS.c.owner == owner, CONVERSATIONS.c.id == id)
        await self._write(
            lambda connection: connection.execute(update(CONVERSATIONS).where(*own).values(deleted_at=None))
        )

    async def delete_all(self, owner: str) -> None:
        """Delete everything that is kept of an owner, for good. Of what waits to be written, nothing comes back."""
        self._writer.forget(owner)
        await self._write(
            lambda connection: connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.owner == owner))
        )
        await self._writer.in_thread(self.recordings.sweep)

    async def keep_days(self, owner: str) -> int | None:
        """Return how many days conversations are kept; None for ever."""
        days = select(PEOPLE.c.keep_days).where(PEOPLE.c.owner == owner)
        return await self._read(lambda connection: connection.execute(days).scalar())

    async def set_keep_days(self, owner: str, days: int | None) -> None:
        """Keep conversations for so many days after their last change; None for ever."""
        row = {'owner': owner, 'keep_days': days}

        def write(connection: Connection) -> None:
            insert = insert_of(connection.dialect.name)
            connection.execute(insert(PEOPLE).values(row).on_conflict_do_update(index_elements=['owner'], set_=row))
            _expire(connection, self._now())

        await self._write(write)
        await self._writer.in_thread(self.recordings.sweep)

    async def has(self, owner: str, conversation: StoredConversation) -> bool:
        """Tell whether all of a conversation from a file is kept already, perhaps with turns that have followed."""
        return await self._read(lambda connection: reading.has(connection, owner, conversation))

    async def import_conversation(self, owner: str, conversation: StoredConversation) -> str:
        """Keep a conversation from a file as one of this owner's. Returns its new id."""
        id, entry = uuid4().hex, conversation.entry
        turns = {turn.item_id: (float(place), turn) for place, turn in enumerate(conversation.turns, start=1)}
        calls = {call.number: call for call in conversation.calls}
        changes = Changes(owner, id, entry.persona, entry.updated_at, calls, turns)
        facts = {'title': storable(entry.title), 'titled_by_hand': entry.titled_by_hand, 'started_at': entry.started_at}

        def write(connection: Connection) -> None:
            changes.write(connection)
            connection.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == id).values(facts))

        await self._write(write)
        return id

    async def everything(self, owner: str) -> AsyncGenerator[StoredConversation, None]:
        """Return all conversations of an owner, one after the other."""
        ids = select(CONVERSATIONS.c.id).where(*reading.of_owner(owner)).order_by(CONVERSATIONS.c.started_at)
        for id in await self._read(lambda connection: list(connection.execute(ids).scalars())):
            if found := await self.load(owner, id):
                yield found

    async def expire(self) -> None:
        """Delete what has been kept for long enough."""
        await self._write(lambda connection: _expire(connection, self._now()))
        await self._writer.in_thread(self.recordings.sweep)

    async def _tidy(self) -> None:
        with suppress(DatabaseProblem):  # the writer says so, here and below
            await self._read(check)
        while True:
            with suppress(DatabaseProblem):
                await self.expire()
            await asyncio.sleep(TIDY_S)

    async def _read(self, read: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.transaction() as connection:
                return read(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        except DatabaseProblem as problem:
            self._writer.suspect(problem)
            raise

    async def _write(self, write: Callable[[Connection], object]) -> None:
        def work() -> None:
            with self._database.transaction(writing=True) as connection:
                write(connection)

        if self.problem and self.problem.is_final:
            raise DatabaseProblem(self.problem, 'it is left as it is')
        try:
            await self._writer.in_thread(work)
        except DatabaseProblem as problem:
            self._writer.suspect(problem)
            raise

    def _tell(self) -> None:
        for listener in list(self._listeners):
            try:
                listener()
            except Exception:
                log.exception('A page failed to show whether conversations are kept')


def _expire(connection: Connection, now: float) -> None:
    connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.deleted_at < now - UNDO_S))
    guests = CONVERSATIONS.c.owner.like('guest:%')
    connection.execute(delete(CONVERSATIONS).where(guests, CONVERSATIONS.c.updated_at < now - GUESTS_S))
    for owner, days in connection.execute(select(PEOPLE.c.owner, PEOPLE.c.keep_days)).all():
        if days is not None:
            old = CONVERSATIONS.c.updated_at < now - days * 24 * 3600
            connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.owner == owner, old))
