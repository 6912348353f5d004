"""The process of a local model as asyncio sees it: it starts when it is needed, and again after it died."""

import asyncio
import itertools
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Literal, TypeAlias

from components.engine.worker_process import end_worker, start_worker

from .messages import Answer, Cancel, Finished, Ready, Reply, Request, decode, encode

State: TypeAlias = Literal[
    'idle', 'loading', 'ready', 'no_package', 'no_file', 'not_gguf', 'not_loaded', 'died', 'stopped'
]


class ModelFailure(Exception):
    """The process gives no answer; its `state` tells why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class ModelProcess:
    """Runs one model file for all conversations of an engine. It belongs to one event loop.

    Attributes:
        state: Whether the model is loaded, or why it is not.
        context: Tokens of all prompts and answers that are kept.
        slots: Conversations that are kept.
    """

    def __init__(self, path: Path, *, context: int, slots: int, threads: int) -> None:
        self.state: State = 'idle'
        self.context = context
        self.slots = slots
        self._path = path
        self._threads = threads
        self._process: Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._unsent: list[Request] = []  # waits for the process to start
        self._ids = itertools.count(1)
        self._replies: dict[int, asyncio.Queue[Reply | ModelFailure]] = {}

    def start(self) -> None:
        """Begin to load the model. Does nothing if it is loading or loaded."""
        if not self._life and self.state != 'stopped':
            self.state = 'loading'
            self._life = asyncio.create_task(self._live(), name='local model')

    async def stop(self) -> None:
        """End the process for good; running answers fail. Stopping twice does no harm."""
        self.state = 'stopped'
        if life := self._life:
            life.cancel()
            await asyncio.wait([life])

    async def answer(self, request: dict[str, Any]) -> AsyncGenerator[Reply, None]:
        """Yield the replies to a request, without the final `Finished`. Closing the generator stops the model.

        Raises:
            ModelFailure: The model could not be loaded, or its process has ended.
        """
        if self.state == 'stopped':
            raise ModelFailure('stopped')
        id = next(self._ids)
        replies = self._replies[id] = asyncio.Queue()
        self._post(Answer(id, request))
        finished = False
        try:
            while not finished:
                reply = await replies.get()
                if isinstance(reply, ModelFailure):
                    finished = True
                    raise reply
                finished = isinstance(reply, Finished)
                if not finished:
                    yield reply
        finally:
            del self._replies[id]
            if not finished:
                self._post(Cancel(id))

    def _post(self, request: Request) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.write(encode(request))
        elif isinstance(request, Answer):
            self._unsent.append(request)
            self.start()
        else:
            self._unsent = [waiting for waiting in self._unsent if waiting.id != request.id]

    async def _live(self) -> None:
        """Run one process, from its start to its end."""
        process, ended = None, True
        try:
            arguments = (str(self._path), str(self.context), str(self.slots), str(self._threads))
            process = await start_worker('local_mind', *arguments, limit=_LONGEST_LINE)
            await self._converse(process)
        except OSError:
            pass
        except asyncio.CancelledError:
            ended = False
            raise
        finally:
            self._process = self._life = None
            self._unsent.clear()
            if self.state in ('loading', 'ready'):
                self.state = 'died' if ended else 'stopped'
            for replies in self._replies.values():
                replies.put_nowait(ModelFailure(self.state))
            if process:
                await end_worker(process, within=_END_SECONDS)

    async def _converse(self, process: Process) -> None:
        assert process.stdout
        self._process = process
        unsent, self._unsent = self._unsent, []
        for request in unsent:
            self._post(request)
        while line := await process.stdout.readline():
            reply = decode(line)
            if isinstance(reply, Ready):
                self.state = reply.problem or 'ready'
            elif not isinstance(reply, Request) and (replies := self._replies.get(reply.id)):
                replies.put_nowait(reply)


_END_SECONDS = 1.0
_LONGEST_LINE = 1 << 20  # bytes of a reply
