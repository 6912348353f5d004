"""Writes changes of conversations to the database, beside everything else that the program does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from .changes import Changes
from .database import Database, DatabaseProblem
from .entries import Problem

OPEN_TURNS_S = 1.0
"""Seconds that the words of a turn may wait which goes on; a turn that has ended waits for nothing."""
RETRY_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts while the database cannot be written; the last one again and again."""
MOST_WAITING = 50_000
"""Turns that wait while the database cannot be written. More are lost, which the page says all the while."""

Report = Callable[[Changes], None]
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
        self._urgent.set()
        if self._task:
            idle = asyncio.create_task(self._idle.wait())
            await asyncio.wait([self._task, idle], timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            idle.cancel()
            self._task.cancel()
        self._thread.shutdown(wait=False)

    def add(self, changes: Changes, report: Report) -> None:
        """Write these changes soon. `report` is called with what was written, which may hold earlier changes too."""
        id = changes.conversation_id
        earlier = self._waiting.get(id)
        merged = earlier[0].before(changes) if earlier else changes
        if self.problem and len(merged.turns) > MOST_WAITING:
            return
        self._waiting[id] = merged, report
        self._idle.clear()
        self._news.set()
        if changes.is_urgent:
            self._urgent.set()

    async def in_thread(self, work: Callable[[], object]) -> None:
        """Do other writing, behind what is being written now. Raises what it raises."""
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _run(self) -> None:
        failures = 0
        while True:
            await self._news.wait()
            if not failures:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._urgent.wait(), OPEN_TURNS_S)
            self._news.clear()
            self._urgent.clear()
            batch, self._waiting = self._waiting, {}
            try:
                await self.in_thread(partial(self._write, [changes for changes, _ in batch.values()]))
            except DatabaseProblem as problem:
                self._put_back(batch)
                self._note(problem.problem, str(problem))
                if problem.problem.is_final:
                    return
                await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
                failures += 1
                self._news.set()
                continue
            failures = 0
            self._note(None)
            for changes, report in batch.values():
                report(changes)
            if not self._waiting:
                self._idle.set()

    def _write(self, batch: list[Changes]) -> None:
        with self._database.transaction(writing=True) as connection:
            for changes in batch:
                changes.write(connection)

    def _put_back(self, batch: dict[str, tuple[Changes, Report]]) -> None:
        for id, (changes, report) in batch.items():
            later = self._waiting.get(id)
            self._waiting[id] = (changes.before(later[0]), later[1]) if later else (changes, report)

    def _note(self, problem: Problem | None, detail: str = '') -> None:
        if problem != self.problem:
            self.problem = problem
            if problem:
                log.warning('Conversations are not kept: %s (%s)', problem, detail)
            self._on_problem()
