"""A speech worker in asyncio: a process that starts when it is needed, and again after it has died."""

import asyncio
import itertools
from asyncio.subprocess import Process
from contextlib import suppress
from typing import Literal

from components.engine.worker_process import end_worker, start_worker

from .frames import (
    Failed,
    FrameReader,
    Guess,
    Guessed,
    Loading,
    Message,
    Partial,
    Ready,
    Reply,
    Request,
    Speech,
    Spoken,
    Understood,
    encode,
)


class SpeechError(Exception):
    """Hearing or speaking failed. The message is one plain sentence; the next use starts afresh."""


class SpeechWorker:
    """Runs the process of one stage and delivers its replies, in one event loop.

    The recogniser uses the `model` of faster-whisper, if there is one.
    """

    def __init__(
        self, stage: Literal['recogniser', 'synthesiser'], *, model: str = '', answer_limit: float = 20.0
    ) -> None:
        self.ready = Ready(None, f'The speech {stage} is not running.')
        self.loading = ''  # what the stage still waits for, in one sentence
        self.answer_limit = answer_limit  # seconds
        self._stage = stage
        self._model = model
        self._greeted = asyncio.Event()  # set as soon as `ready` tells what works
        self._stopped = False
        self._missing = False  # the stage is not installed, so another start would not help
        self._life: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._unsent: list[Request] = []  # waits for the process to start
        self._ids = itertools.count(1)
        self._exchanges: dict[int, Exchange] = {}

    async def start(self) -> None:
        """Start the process and wait, though not for ever, until `ready` tells what works."""
        self._stopped = self._missing = False
        if not self._life:
            self._greeted.clear()
            self._need_process()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.answer_limit):
                await self._greeted.wait()

    async def stop(self) -> None:
        """End the process; open exchanges fail. May be called more than once."""
        self._stopped = True
        if life := self._life:
            life.cancel()
            await asyncio.wait([life])

    def exchange(self) -> 'Exchange':
        """Begin an exchange with the worker."""
        exchange = Exchange(self, next(self._ids))
        if problem := self.loading or (self.ready.problem if self._stopped or self._missing else ''):
            exchange.fail(problem)
        else:
            self._exchanges[exchange.id] = exchange
        return exchange

    def post(self, request: Request) -> None:
        """Send a request, to a new process if there is none."""
        if self._process and self._process.stdin:
            self._process.stdin.write(encode(request))
        elif not self._stopped:
            self._unsent.append(request)
            self._need_process()

    def release(self, exchange: 'Exchange') -> None:
        """Drop an exchange that is over."""
        self._exchanges.pop(exchange.id, None)

    @property
    def _arguments(self) -> list[str]:
        return [self._stage, self._model] if self._model else [self._stage]

    def _need_process(self) -> None:
        if not self._life:
            self._life = asyncio.create_task(self._live(), name=f'speech {self._stage}')

    async def _live(self) -> None:
        try:
            await self._run()
            while self._unsent:  # asked for while the last process ended
                await self._run()
        finally:
            self._life = None

    async def _run(self) -> None:
        """One process, from its start to its end."""
        problem = f'The speech {self._stage} stopped unexpectedly; please try again.'
        process = None
        try:
            process = await start_worker('speech', *self._arguments)
            await self._converse(process)
        except OSError as error:
            problem = f'The speech {self._stage} could not be started: {error}.'
        except asyncio.CancelledError:
            problem = f'The speech {self._stage} is not running.'
            raise
        finally:
            self._process = None
            self.loading = ''
            if not self._missing:
                self.ready = Ready(None, problem)
            self._greeted.set()
            self._unsent.clear()
            for exchange in list(self._exchanges.values()):
                exchange.fail(self.ready.problem)
            if process:
                await end_worker(process, within=_LAST_WORDS)

    async def _converse(self, process: Process) -> None:
        assert process.stdout
        self._process = process
        unsent, self._unsent = self._unsent, []
        for request in unsent:
            self.post(request)
        replies = FrameReader()
        while data := await process.stdout.read(65536):
            for reply in replies.feed(data):
                self._take(reply)

    def _take(self, reply: Message) -> None:
        match reply:
            case Loading():
                self.ready = Ready(reply.ability, '')
                self.loading = reply.sentence
                self._greeted.set()
            case Ready():
                self.ready = reply
                self.loading = ''
                self._missing = reply.ability is None
                self._greeted.set()
            case Understood(id=id) | Partial(id=id) | Guessed(id=id) | Speech(id=id) | Spoken(id=id) | Failed(id=id):
                if exchange := self._exchanges.get(id):
                    exchange.take(reply)


class Exchange:
    """The requests about one utterance or phrase, and the worker's replies.

    `guessed` are the words of the last guess, None until they are known. With `takes_guess` they are a reply as well.
    """

    def __init__(self, worker: SpeechWorker, id: int) -> None:
        self.id = id
        self.partial = ''
        self.guessed: str | None = None
        self.takes_guess = False
        self._guesses_due = 0
        self._worker = worker
        self._is_over = False
        self._replies: asyncio.Queue[Reply] = asyncio.Queue()

    def post(self, request: Request) -> None:
        """Send a request. Does nothing once the exchange is over."""
        if not self._is_over:
            self._worker.post(request)

    def ask_for_guess(self, request: Guess) -> None:
        """Send a request for a guess, which replaces the last one."""
        self.guessed = None
        self._guesses_due += 1
        self.post(request)

    async def receive(self) -> Reply:
        """Return the next reply. Raises SpeechError if the work failed or takes too long."""
        try:
            async with asyncio.timeout(self._worker.answer_limit):
                reply = await self._replies.get()
        except TimeoutError:
            raise SpeechError('Hearing and speaking are too busy just now; please try again.') from None
        if isinstance(reply, Failed):
            raise SpeechError(reply.problem)
        return reply

    def take(self, reply: Reply) -> None:
        """Keep a reply for `receive`, or as the `partial` or `guessed` words."""
        if isinstance(reply, Partial):
            self.partial = reply.text
        elif isinstance(reply, Guessed):
            self._guesses_due -= 1
            if not self._guesses_due:
                self.guessed = reply.text
                if self.takes_guess:
                    self._replies.put_nowait(reply)
        else:
            self._replies.put_nowait(reply)

    def fail(self, problem: str) -> None:
        """End the exchange with a problem."""
        self._is_over = True
        self._worker.release(self)
        self.take(Failed(self.id, problem))

    def close(self) -> None:
        """Give the exchange up."""
        self.fail('This was given up.')


_LAST_WORDS = 0.5  # seconds
