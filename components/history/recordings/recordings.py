"""Keeps recordings: each is a file in Parley's data folder and a row in the database."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import func, select, update

from components.history.database import Database
from components.history.reading import of_owner, recording
from components.history.tables import CALLS, CONVERSATIONS, RECORDINGS

from .recording import Piece, Recording, Refusal
from .seekable import write_seekable

LARGEST = 1024**3
"""Bytes of one recording: more than a day of two voices."""
FIRST_BYTES, BYTES_PER_SECOND = 256 * 1024, 48 * 1024
"""How much a recording may hold at its beginning, and how fast it may grow; browsers need some 10 KB/s."""
LEAST_FREE = 256 * 1024**2
"""Bytes of the disk that recordings leave free, so that the words can still be stored."""
FULL, TOO_LARGE, TOO_FAST, UNKNOWN, OUT_OF_ORDER = 507, 413, 429, 404, 409

T = TypeVar('T')


class RunInThread(Protocol):
    """Runs a function in the thread that writes to the database."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Return what the function returns."""


class Recordings:
    """The recordings of all people. Nobody is given or adds to those of another owner.

    Files are changed in the thread that writes to the database only, so that none comes while others are removed.

    Args:
        folder: Where their files are.
        database: Where their rows are.
        in_writer: Runs a function in the thread that writes to the database.
        now: Tells the time in Unix seconds.
    """

    def __init__(self, folder: Path, database: Database, in_writer: RunInThread, now: Callable[[], float]) -> None:
        self._folder, self._database, self._in_writer, self._now = folder, database, in_writer, now
        self._is_swept = False
        self._drafts: set[str] = set()  # names of files that are being written beside their recordings
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    def on_finished(self, conversation_id: str, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when a recording of a conversation is complete. Returns a function that ends this."""
        listeners = self._listeners.setdefault(conversation_id, [])
        listeners.append(listener)

        def end() -> None:
            if listener in listeners:
                listeners.remove(listener)
            if not listeners and self._listeners.get(conversation_id) is listeners:
                del self._listeners[conversation_id]

        return end

    async def add(self, owner: str, piece: Piece) -> None:
        """Add a piece to its recording; the first one begins it. Adding one twice does no harm.

        The last piece completes the recording: its file is written anew, so that players can seek in it.

        Raises:
            Refusal: It is not taken.
            DatabaseProblem: The database cannot be read or written at the moment.
        """
        is_new = await self._in_writer(lambda: self._add(owner, piece))
        if is_new and piece.is_last:
            await self._complete(piece)
        if piece.is_last:
            for listener in list(self._listeners.get(piece.conversation_id, ())):
                listener()

    def path(self, recording_id: str) -> Path:
        """Return where the file of a recording is."""
        return self._folder / recording_id

    def sweep(self) -> None:
        """Remove the files of recordings whose conversation was deleted for good. Call this in the writer's thread.

        The files that lie beside a new database belong to one that was moved away: their folder gets another name.
        """
        if not self._folder.is_dir():
            return
        files = {path.name: path for path in self._folder.iterdir() if path.is_file()}
        if not files:
            return
        with self._database.transaction() as connection:
            kept = set(connection.execute(select(RECORDINGS.c.id)).scalars())
        is_foreign = self._database.is_new and not self._is_swept and not kept
        self._is_swept = True
        if is_foreign:
            self._folder.rename(self._folder.with_name(f'{self._folder.name}-until-{self._now():.0f}'))
            return
        for name in files.keys() - kept - self._drafts:
            files[name].unlink(missing_ok=True)

    async def _complete(self, piece: Piece) -> None:
        """Replace the file of a recording by one that says its duration. No piece is added to it any more."""
        path = self.path(piece.recording_id)
        draft = path.with_name(f'{path.name}.draft')  # a sweep removes it if the program is killed
        self._drafts.add(draft.name)
        try:
            if await asyncio.to_thread(write_seekable, path, draft, piece.media_type):
                await self._in_writer(lambda: self._replace(path, draft))
        finally:
            self._drafts.remove(draft.name)

    def _replace(self, path: Path, draft: Path) -> None:
        if not path.is_file() or not draft.is_file():  # the conversation was deleted meanwhile
            draft.unlink(missing_ok=True)
            return
        size = draft.stat().st_size
        draft.replace(path)
        with self._database.transaction(writing=True) as connection:
            connection.execute(update(RECORDINGS).where(RECORDINGS.c.id == path.name).values(bytes=size))

    def _add(self, owner: str, piece: Piece) -> bool:
        """Add a piece. Returns False if it was there, since the answer to it got lost."""
        begun = self._begun(owner, piece)
        if begun.finished or piece.number < begun.pieces:
            return False
        if piece.number > begun.pieces:
            raise Refusal(OUT_OF_ORDER, f'Piece {begun.pieces} comes next.')
        size = begun.bytes + len(piece.data)
        if size > LARGEST:
            raise Refusal(TOO_LARGE, 'The recording is too long.')
        if size > FIRST_BYTES + BYTES_PER_SECOND * max(0.0, self._now() - begun.started_at):
            raise Refusal(TOO_FAST, 'The recording grows too fast.')
        self._append(begun, piece.data)
        changed = update(RECORDINGS).where(RECORDINGS.c.id == piece.recording_id)
        with self._database.transaction(writing=True) as connection:
            connection.execute(
                changed.values(
                    pieces=piece.number + 1,
                    bytes=size,
                    seconds=max(begun.seconds, piece.seconds),
                    finished=piece.is_last,
                    changed_at=self._now(),
                )
            )
        return True

    def _begun(self, owner: str, piece: Piece) -> Recording:
        """Return the recording of a piece; begin it if this is its first piece."""
        with self._database.transaction(writing=piece.number == 0) as connection:
            own = of_owner(owner, piece.conversation_id)
            if connection.execute(select(CONVERSATIONS.c.id).where(*own)).scalar() is None:
                raise Refusal(UNKNOWN, 'There is no such conversation.')
            this = RECORDINGS.c.id == piece.recording_id
            row = connection.execute(select(RECORDINGS).where(this)).first()
            if row is not None and row.conversation_id != piece.conversation_id:
                raise Refusal(UNKNOWN, 'There is no such recording.')
            if row is None and piece.number:
                raise Refusal(OUT_OF_ORDER, 'Piece 0 comes next.')
            if row is None:
                calls = select(func.max(CALLS.c.number)).where(CALLS.c.conversation_id == piece.conversation_id)
                now = self._now()
                started = now - piece.age
                call = connection.execute(calls).scalar() or 0
                new = Recording(piece.recording_id, call, started, now, piece.media_type, 0, 0, 0.0, finished=False)
                fields = {name: getattr(new, name) for name in Recording.__slots__}
                connection.execute(RECORDINGS.insert().values(conversation_id=piece.conversation_id, **fields))
                return new
            return recording(row)

    def _append(self, begun: Recording, data: bytes) -> None:
        """Write behind what the row says, over what came when the program was killed before it changed the row."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < LEAST_FREE + len(data):
                raise Refusal(FULL, 'The disk is full.')
            descriptor = os.open(self.path(begun.id), os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, 'r+b') as file:
                file.seek(begun.bytes)
                file.write(data)
                file.truncate()
        except OSError as error:
            reason = 'The disk is full.' if error.errno == errno.ENOSPC else 'The data folder cannot be written.'
            raise Refusal(FULL, reason) from error
