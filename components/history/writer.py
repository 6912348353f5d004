"""Writes changes of conversations to the database, beside everything else that the program does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from .changes import Changes, write_all
from .database import Database, DatabaseProblem
from .entries import Problem

OPEN_TURNS_S = 1.0
"""Seconds that the words of a turn may wait which goes on; a turn that has ended waits for nothing."""
AT_ONCE = 0.0
"""A time of the loop that has passed."""
RETRY_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts while the database cannot be written; the last one again and again."""
MOST_WAITING = 64 * 1024 * 1024
"""Bytes that wait while the database cannot be written. More are lost; the page says all the while that it cannot."""

Report = Callable[[Changes, bool], None]
"""Called with changes and whether they were written; they are not if their conversation has been deleted for good."""
T = TypeVar('T')
log = logging.getLogger('parley.history')


class Writer:
    """Writes changes in one thread, in their order, and keeps them until that has succeeded.

    Args:
        database: Where to.
        on_problem: Called on the event loop when writing fails, or works again.
    """

    def __init__(self, database: Database, on_problem: Callable[[], None]) -> None:
        self._database, self._on_problem = database, on_problem
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix='history writer')
        self._waiting: dict[str, tuple[Changes, Report]] = {}  # by conversation
        self._writing: dict[str, tuple[Changes, Report]] = {}
        self._size = 0  # bytes that wait; too high where changes have replaced others
        self._due: float | None = None  # when all that waits is written, in the loop's time
        self._news = asyncio.Event()
        self._urgent = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self.problem: Problem | None = None

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name='history writer')

    async def close(self, patience: float) -> None:
        """Write what waits, for so many seconds at most, and stop."""
        self._due = AT_ONCE
        self._urgent.set()
        if self._task:
            idle = asyncio.create_task(self._idle.wait())
            await asyncio.wait([self._task, idle], timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            idle.cancel()
            self._task.cancel()
        with suppress(TimeoutError):  # a thread that still writes would keep its connection
            async with asyncio.timeout(patience):
                await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def add(self, changes: Changes, report: Report) -> bool:
        """Write these changes soon. Returns False if that is hopeless.

        :param report: called afterwards with these changes, perhaps together with earlier ones
        """
        if self.problem and (self.problem.is_final or not self._has_room(changes)):
            return False
        id = changes.conversation_id
        earlier = self._waiting.get(id)
        self._waiting[id] = earlier[0].before(changes) if earlier else changes, report
        self._size += changes.size
        self._idle.clear()
        self._news.set()
        if self._due is None:
            self._due = asyncio.get_running_loop().time() + OPEN_TURNS_S
        if changes.is_urgent:
            self._urgent.set()
        return True

    def forget(self, owner: str) -> None:
        """Let nothing that waits now begin a conversation of this owner, because all of them are deleted."""
        for changes, _ in [*self._waiting.values(), *self._writing.values()]:
            changes.is_new &= changes.owner != owner

    def suspect(self, problem: DatabaseProblem) -> None:
        """Take note that reading has failed. Says so if writing fails as well, until it works again."""
        if problem.problem.is_final:
            self._note(problem)
        self._news.set()
        self._urgent.set()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do other writing, behind what is being written now. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _run(self) -> None:
        failures = 0
        while True:
            await self._news.wait()
            if not failures:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(self._due):
                        await self._urgent.wait()
            self._urgent.clear()
            if self.problem and self.problem.is_final:
                return
            batch = self._writing = self._take()
            changes = [changes for changes, _ in batch.values()]
            written, failed, problem = await self.in_thread(partial(self._write, changes))
            self._put_back({id: batch[id] for id in failed})
            self._writing = {}
            self._note(problem)
            for id in batch.keys() - failed.keys():
                self._report(*batch[id], id in written)
            if problem is None:
                failures = 0
                if not self._waiting:
                    self._idle.set()
            elif problem.problem.is_final:
                return
            else:
                await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
                failures += 1
                self._news.set()

    def _take(self) -> dict[str, tuple[Changes, Report]]:
        """Return what is written now: turns that have ended, and with them the others only once these are due.

        Where many talk, a turn ends every few milliseconds, and the others would be written as often.
        """
        is_due = self._due is not None and self._due <= asyncio.get_running_loop().time()
        taken = {id: each for id, each in self._waiting.items() if is_due or each[0].is_urgent}
        for id, (changes, _) in taken.items():
            del self._waiting[id]
            self._size -= changes.size
        if not self._waiting:
            self._size, self._due = 0, None
            self._news.clear()
        return taken

    def _write(self, batch: list[Changes]) -> tuple[list[str], dict[str, DatabaseProblem], DatabaseProblem | None]:
        """Write all changes together, or each conversation by itself if the database does not take something of one.

        Returns the ids of the conversations that were written, why others failed, and whether anything did. Without
        changes it finds out whether the database can be written.
        """
        written, problem = self._attempt(batch)
        if problem is None:
            return written, {}, None
        if len(batch) <= 1 or problem.problem is not Problem.OTHER:
            return [], {changes.conversation_id: problem for changes in batch}, problem
        attempts = {changes.conversation_id: self._attempt([changes]) for changes in batch}
        failed = {id: problem for id, (_, problem) in attempts.items() if problem}
        return [id for written, _ in attempts.values() for id in written], failed, next(iter(failed.values()), None)

    def _attempt(self, batch: list[Changes]) -> tuple[list[str], DatabaseProblem | None]:
        try:
            with self._database.transaction(writing=True) as connection:
                return write_all(connection, batch), None
        except DatabaseProblem as problem:
            return [], problem
        except Exception as error:  # one value that cannot be written must not end the writing of everything else
            return [], DatabaseProblem(Problem.OTHER, repr(error))

    def _has_room(self, changes: Changes) -> bool:
        if self._size + changes.size > MOST_WAITING:
            self._size = sum(waiting.size for waiting, _ in self._waiting.values())
        return self._size + changes.size <= MOST_WAITING

    @staticmethod
    def _report(changes: Changes, report: Report, is_written: bool) -> None:
        try:
            report(changes, is_written)
        except Exception:
            log.exception('A page failed to show what is stored')

    def _put_back(self, batch: dict[str, tuple[Changes, Report]]) -> None:
        for id, (changes, report) in batch.items():
            later = self._waiting.get(id)
            self._waiting[id] = (changes.before(later[0]), later[1]) if later else (changes, report)
            self._size += changes.size
            self._due = AT_ONCE

    def _note(self, problem: DatabaseProblem | None) -> None:
        kind = problem.problem if problem else None
        if kind != self.problem:
            self.problem = kind
            if problem:
                log.warning('Conversations are not kept: %s (%s)', kind, problem)
            self._on_problem()
