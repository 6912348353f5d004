"""The embedded Realtime server: keys and calls over HTTP, sound and events over WebRTC or WebSocket."""

import asyncio
import concurrent.futures
import gc
import sys
import threading
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import replace

from starlette.types import ASGIApp

from components.engine.api.endpoints import Endpoints
from components.engine.api.keys import Keys
from components.engine.minds.mind import CutShort, Mind, Prompt
from components.engine.protocol.items import Message, Part
from components.engine.protocol.session_config import AnyConfig, read_config
from components.engine.protocol.wire import JsonObject
from components.engine.servers.chosen_stages import ChosenStages, missing_packages
from components.engine.servers.notice import Notice
from components.engine.servers.stage_server import MindChoice, StageServers
from components.engine.speech.speech_process import SPEECH_RATE, SpeechAbilities
from components.engine.speech.synthesis.voices import voice_kinds
from components.engine.speech.wav import wav
from components.engine.transport.client_connection import ClientConnection, engine_stopped, run_in_loop

from .limits import Limits
from .stages import Stages
from .switchboard import Switchboard
from .transport import ice


class Engine:
    """A Realtime API server within a program.

    The engine starts with its first key or call, if `start` was not called before. Calls live in a thread and event
    loop of their own, so a busy web server never makes sound stutter.

    Args:
        key: The API key that clients must send. By default any key will do.
        local_only: Whether calls come from this machine alone. It may be changed; calls that are placed later follow.
        limits: How many calls there may be, and how long they may take.
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
        self._started: concurrent.futures.Future[_Running] | None = None
        self._stopped = False
        self.app = self._make_app(key)

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
            running = await self._run()
            await run_in_loop(running.choose_mind(choice), running.loop)

    @property
    def news(self) -> list[Notice]:
        """Notices about what each stage is waiting for, such as a model download, and about alternatives."""
        return self._running.chosen.news if self._running else []

    @property
    def abilities(self) -> SpeechAbilities | None:
        """The recogniser and synthesiser of the engine; None unless it is running."""
        return self._running.abilities if self._running else None

    @property
    def calls(self) -> int:
        """How many calls are live."""
        return len(self._running.switchboard) if self._running else 0

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
                running = await asyncio.wrap_future(started)
                running.loop.call_soon_threadsafe(running.stopping.set)
                await asyncio.to_thread(running.thread.join)

    def expect_call(self) -> None:
        """Start in the background, unless stopped: a new key means that a call will follow."""
        if not self._stopped:
            self._begin()

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call over WebRTC, from any event loop. Returns its id and the SDP answer.

        Raises:
            RealtimeError: The offer cannot be used, too many calls are live, or the engine is stopped.
        """
        running = await self._run()
        return await run_in_loop(running.switchboard.place(offer, config), running.loop)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a call whose sound travels in events, from any event loop.

        Raises:
            RealtimeError: Too many calls are live, or the engine is stopped.
        """
        running = await self._run()
        return ClientConnection(await run_in_loop(running.switchboard.connect(config), running.loop), running.loop)

    async def open_session(self, session: JsonObject) -> ClientConnection:
        """Begin a session from this program, from any event loop, without a network.

        Args:
            session: The session object of the Realtime API, such as `{'type': 'realtime', 'model': '...'}`.

        Raises:
            RealtimeError: The session object is wrong, too many calls are live, or the engine is stopped.
        """
        return await self.connect(read_config(session))

    async def attach(self, call_id: str) -> ClientConnection:
        """Add a sideband to a call, which watches and steers it, from any event loop.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`), or the engine is stopped.
        """
        running = await self._run()
        return ClientConnection(await run_in_loop(running.switchboard.attach(call_id), running.loop), running.loop)

    async def hang_up(self, call_id: str) -> None:
        """End a call, from any event loop.

        Raises:
            RealtimeError: There is no such call (`call_id_not_found`), or the engine is stopped.
        """
        running = await self._run()
        await run_in_loop(running.switchboard.hang_up(call_id), running.loop)

    async def speak(self, text: str, voice: str) -> bytes:
        """Speak a text outside of any call, from any event loop. Returns a WAV file.

        Raises:
            RealtimeError: The engine is stopped.
            SpeechError: The synthesiser failed.
        """
        running = await self._run()
        sound = await run_in_loop(running.say(text, voice), running.loop)
        return wav(sound, rate=SPEECH_RATE)

    async def write(self, instructions: str, text: str, *, max_tokens: int) -> str:
        """Let the mind write an answer to a text outside of any call, from any event loop.

        Raises:
            RealtimeError: The engine is stopped.
            MindError: The mind found no answer.
        """
        running = await self._run()
        return await run_in_loop(running.write(instructions, text, max_tokens), running.loop)

    @property
    def _running(self) -> '_Running | None':
        if self._started and self._started.done() and not self._started.exception():
            return self._started.result()
        return None

    def _make_app(self, key: str | None) -> ASGIApp:
        return Endpoints(self, Keys(), key=key).app

    def _make_switchboard(self, stages: Stages) -> Switchboard:
        return Switchboard(stages, self._limits)

    async def _run(self) -> '_Running':
        if self._stopped:
            raise engine_stopped()
        return await asyncio.shield(asyncio.wrap_future(self._begin()))  # others may wait for the same start

    def _begin(self) -> 'concurrent.futures.Future[_Running]':
        if self._started is None or (self._started.done() and self._started.exception()):
            self._started = concurrent.futures.Future()
            threading.Thread(target=self._thread, args=(self._started,), name='engine', daemon=True).start()
        return self._started

    def _thread(self, started: 'concurrent.futures.Future[_Running]') -> None:
        try:
            asyncio.run(self._live(started))
        except BaseException as problem:
            if started.done():
                raise
            started.set_exception(problem)

    async def _live(self, started: 'concurrent.futures.Future[_Running]') -> None:
        chosen = ChosenStages(self._servers, self._mind)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_INTERVAL)
        # The garbage collector skips what is loaded by now, most of which stays anyway. With a dashboard in the same
        # process a collection took 110 to 170 ms, during which no sound left; now it takes less than one.
        gc.freeze()
        try:
            with ice.adjusted(local_only=lambda: self.local_only):
                stages = await chosen.start()
                running = _Running(chosen, stages, self._make_switchboard(stages))
                started.set_result(running)
                await running.stopping.wait()
                await running.switchboard.close()
        finally:
            await chosen.stop()
            gc.unfreeze()
            sys.setswitchinterval(interval)


class _Running:
    """A running engine. Created in its own thread and loop."""

    def __init__(self, chosen: ChosenStages, stages: Stages, switchboard: Switchboard) -> None:
        self.chosen = chosen
        self.switchboard = switchboard
        self.stages = stages
        self.abilities = stages.abilities
        self.loop = asyncio.get_running_loop()
        self.thread = threading.current_thread()
        self.stopping = asyncio.Event()

    async def choose_mind(self, choice: MindChoice) -> None:
        self.chosen.mind.choose(choice)

    async def write(self, instructions: str, text: str, max_tokens: int) -> str:
        prompt = Prompt((Message('user', [Part('input_text', text)]),), instructions, max_tokens=max_tokens)
        pieces: list[str] = []
        with suppress(CutShort):  # what there is will do
            async with aclosing(self.stages.mind.answer(prompt)) as answer:
                async for piece in answer:
                    pieces += [piece] if isinstance(piece, str) else []
        return ''.join(pieces)

    async def say(self, text: str, voice: str) -> bytes:
        return b''.join([pcm async for pcm in self.stages.voice.speak(text, voice=voice)])


# Seconds. With Python's 5 ms, work of the page's thread delays sound by up to 190 ms (engine measurements).
_SWITCH_INTERVAL = 0.001
