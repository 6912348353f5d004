"""The embedded Realtime server: keys and calls over HTTP, sound and events over WebRTC or WebSocket.

A program that has an engine need not use it, so this module loads only what its owner may ask of an engine that does
not run. The rest comes with `running`, before the first key or call.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from components.engine.protocol.errors import engine_stopped
from components.engine.protocol.wire import JsonObject
from components.engine.servers.missing_packages import missing_packages
from components.engine.servers.notice import Notice
from components.engine.servers.stage_server import MindChoice, StageServers
from components.engine.speech.synthesis.voices import voice_kinds

from .limits import Limits

if TYPE_CHECKING:
    from components.engine.minds.mind import Mind
    from components.engine.protocol.session_config import AnyConfig
    from components.engine.speech.speech_process import SpeechAbilities
    from components.engine.transport.client_connection import ClientConnection

    from .running import Running
    from .stages import Stages
    from .switchboard import Switchboard


class Engine:
    """A Realtime API server within a program.

    The engine starts with its first key or call, if `start` was not called before. Calls live in a thread and event
    loop of their own, so a busy web server never makes sound stutter. Thread and speech workers end when nobody has
    used the engine for long, and start again with the next key or call.

    Args:
        key: The API key that clients must send. By default any key will do.
        local_only: Whether calls come from this machine alone. It may be changed; calls that are placed later follow.
        limits: How many calls there may be, how long they may take, and how long the engine waits for the next.
        mind: Answers instead of the built-in rules and of the server chosen by `servers`.
        servers: Servers that do the work of some stages. By default the engine does it all.

    Attributes:
        app: The ASGI app that serves `/realtime/...`. Mount it at the path that is to be the base URL.
    """

    app: ASGIApp

    def __init__(
        self,
        *,
        key: str | None = None,
        local_only: bool = True,
        limits: Limits | None = None,
        mind: Mind | None = None,
        servers: StageServers | None = None,
    ) -> None:
        self.local_only = local_only
        self._limits = limits or Limits()
        self._mind = mind
        self._servers = servers or StageServers()
        self._started: concurrent.futures.Future[Running] | None = None
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()
        self._stopped = False
        self.app = _LazyApp(lambda: self._make_app(key))

    @property
    def problems(self) -> list[Notice]:
        """Notices about missing parts of this machine and how to get them; known before the engine starts."""
        return missing_packages(self._servers)

    @property
    def notes(self) -> list[Notice]:
        """Notices about the server or package behind each stage; none if the engine does it all."""
        return self._servers.notes

    @property
    def voices(self) -> Mapping[str, str]:
        """How each voice sounds on this machine: 'natural' or 'simple'. Empty if a server speaks, or nothing does."""
        return {} if self._servers.voice else voice_kinds()

    @property
    def mind(self) -> MindChoice:
        """The server or local model that answers; None if the engine's rules do, or a mind of this program."""
        return self._servers.mind

    async def choose_mind(self, choice: MindChoice) -> None:
        """Let the next answers come from another mind, in running calls too, from any event loop."""
        self._servers = replace(self._servers, mind=choice)
        if self._started and not self._stopped:  # a start that is under way has taken the former choice
            await (await self._run()).choose_mind(choice)

    @property
    def news(self) -> list[Notice]:
        """Notices about what each stage is waiting for, such as a model download, and about alternatives."""
        return self._running.news if self._running else []

    @property
    def abilities(self) -> SpeechAbilities | None:
        """The recogniser and synthesiser of the engine; None unless it is running."""
        return self._running.abilities if self._running else None

    @property
    def calls(self) -> int:
        """How many calls are live."""
        return len(self._running.switchboard) if self._running else 0

    def life_at(self, call_id: str) -> float:
        """Return when somebody last spoke or wrote in a call, in Unix seconds; -inf if there is no such call."""
        return self._running.switchboard.life_at(call_id) if self._running else -math.inf

    async def start(self) -> None:
        """Start the thread and the speech workers. Does nothing if the engine is running."""
        self._stopped = False
        await self._run()

    async def stop(self) -> None:
        """End all calls, the workers and the thread, and refuse new calls. Stopping twice does no harm."""
        self._stopped = True
        started, self._started = self._started, None
        if started:
            with suppress(Exception):  # an engine that failed to start needs no stopping
                (await asyncio.wrap_future(started)).stop()
        if self._thread:
            await asyncio.to_thread(self._thread.join)

    def expect_call(self) -> None:
        """Start in the background, unless stopped: a new key means that a call will follow."""
        if not self._stopped:
            self._begin()

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call over WebRTC, from any event loop. Returns its id and the SDP answer.

        Raises:
            RealtimeError: The offer cannot be used, too many calls are live, or the engine is stopped.
        """
        return await (await self._run()).place(offer, config)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a call whose sound travels in events, from any event loop.

        Raises:
            RealtimeError: Too many calls are live, or the engine is stopped.
        """
        return await (await self._run()).connect(config)

    async def open_session(self, session: JsonObject) -> ClientConnection:
        """Begin a session from this program, from any event loop, without a network.

        Args:
            session: The session object of the Realtime API, such as `{'type': 'realtime', 'model': '...'}`.

        Raises:
            RealtimeError: The session object is wrong, too many calls are live, or the engine is stopped.
        """
        from components.engine.protocol.session_config import read_config

        return await self.connect(read_config(session))

    async def attach(self, call_id: str) -> ClientConnection:
        """Add a sideband to a call, which watches and steers it, from any event loop.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`), or the engine is stopped.
        """
        return await (await self._run()).attach(call_id)

    async def hang_up(self, call_id: str) -> None:
        """End a call, from any event loop.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`), or the engine is stopped.
        """
        await (await self._run()).hang_up(call_id)

    async def speak(self, text: str, voice: str) -> bytes:
        """Speak a text outside of any call, from any event loop. Returns a WAV file.

        Raises:
            RealtimeError: The engine is stopped.
            SpeechError: The synthesiser failed.
        """
        return await (await self._run()).speak(text, voice)

    async def write(self, instructions: str, text: str, *, max_tokens: int) -> str:
        """Let the mind write an answer to a text outside of any call, from any event loop.

        Raises:
            RealtimeError: The engine is stopped.
            MindError: The mind found no answer.
        """
        return await (await self._run()).write(instructions, text, max_tokens)

    @property
    def _running(self) -> Running | None:
        if self._started and self._started.done() and not self._started.exception():
            return self._started.result()
        return None

    def _make_app(self, key: str | None) -> ASGIApp:
        from .api.endpoints import Endpoints
        from .api.keys import Keys

        return Endpoints(self, Keys(), key=key).app

    def _make_switchboard(self, stages: Stages) -> Switchboard:
        from .switchboard import Switchboard

        return Switchboard(stages, self._limits)

    async def _run(self) -> Running:
        if self._stopped:
            raise engine_stopped()
        return await asyncio.shield(asyncio.wrap_future(self._begin()))  # others may wait for the same start

    def _begin(self) -> concurrent.futures.Future[Running]:
        with self._beginning:
            if running := self._running:
                running.note_use()
            if self._started is None or (self._started.done() and self._started.exception()):
                self._started = concurrent.futures.Future()
                run = (self._started, self._thread)
                self._thread = threading.Thread(target=self._live, args=run, name='engine', daemon=True)
                self._thread.start()
            return self._started

    def _may_end(self, running: Running) -> bool:
        """Let go of a running engine that nobody has used for long. Returns False if somebody has."""
        with self._beginning:  # nobody gets it while this decides
            if running.seconds_left > 0:
                return False
            if self._running is running:
                self._started = None
            return True

    def _live(self, started: concurrent.futures.Future[Running], former: threading.Thread | None) -> None:
        if former:
            former.join()  # each adjusts the process, and puts it back when it ends
        try:
            from .running import live

            asyncio.run(
                live(
                    started,
                    self._servers,
                    self._mind,
                    self._make_switchboard,
                    lambda: self.local_only,
                    self._limits.idle_seconds,
                    self._may_end,
                )
            )
        except BaseException as problem:
            if started.done():
                raise
            started.set_exception(problem)


class _LazyApp:
    """An ASGI app that is made when the first request comes, in another thread: that loads much."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            await asyncio.to_thread(self._load)
        assert self._app
        await self._app(scope, receive, send)

    def _load(self) -> None:
        with self._lock:  # others may be waiting for the same
            if self._app is None:
                self._app = self._make()
