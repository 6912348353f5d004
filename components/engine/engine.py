"""The embedded Realtime server: keys and calls over HTTP, sound and events over WebRTC or WebSocket."""

import asyncio
import concurrent.futures
import gc
import sys
import threading
from contextlib import suppress

from starlette.types import ASGIApp

from components.engine.api.endpoints import Server
from components.engine.api.keys import Keys
from components.engine.minds.mind import Mind
from components.engine.protocol.session_config import AnyConfig, read_config
from components.engine.protocol.wire import JsonObject
from components.engine.servers.chosen_stages import ChosenStages, missing_packages
from components.engine.servers.notice import Notice
from components.engine.servers.stage_server import StageServers
from components.engine.speech.speech_process import SPEECH_RATE, SpeechAbilities
from components.engine.speech.wav import wav
from components.engine.transport.client_connection import ClientConnection, engine_stopped, run_in_loop

from .limits import Limits
from .stages import Stages
from .switchboard import Switchboard
from .transport import ice


class Engine:
    """A small Realtime API of one's own.

    `app` serves `/realtime/...`: mount it at the path that is to be the base URL, and stop the engine with the program
    around it. It starts when the first key is minted, if nobody started it before. Calls live in a thread and event
    loop of their own, so a busy page never makes sound stutter.

    `key` is what a client must show to mint keys; without it anyone may who reaches the app. With `local_only`,
    which may be set until the engine starts, calls come from this machine alone. `servers` do the work of some stages;
    without them, and without a `mind`, the engine does it all.
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
        """What is missing on this machine and what to do, a sentence each; known before the engine runs."""
        return missing_packages(self._servers)

    @property
    def notes(self) -> list[Notice]:
        """Who does the work of each stage, a short sentence each; none when the engine does it all."""
        return self._servers.notes

    @property
    def news(self) -> list[Notice]:
        """What a stage waits for, such as a model being fetched, or what else could be used."""
        return self._running.chosen.news if self._running else []

    @property
    def abilities(self) -> SpeechAbilities | None:
        """What the engine hears and speaks with; None while it does not run."""
        return self._running.abilities if self._running else None

    @property
    def calls(self) -> int:
        """The calls that are live now."""
        return len(self._running.switchboard) if self._running else 0

    async def start(self) -> None:
        """Start the thread and the speech workers. Does nothing when it runs already."""
        self._stopped = False
        await self._run()

    async def stop(self) -> None:
        """End all calls, the workers and the thread, and refuse calls from now on. Stopping twice does no harm."""
        self._stopped = True
        started, self._started = self._started, None
        if started:
            with suppress(Exception):  # what could not start need not be stopped
                running = await asyncio.wrap_future(started)
                running.loop.call_soon_threadsafe(running.over.set)
                await asyncio.to_thread(running.thread.join)

    def expect_call(self) -> None:
        """Start in the background, unless stopped: a key was minted, so a call is near."""
        if not self._stopped:
            self._begin()

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call, from any event loop. Gives its id and the SDP answer. Raises `RealtimeError`."""
        running = await self._run()
        return await run_in_loop(running.switchboard.place(offer, config), running.loop)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a call over a WebSocket, from any event loop. Raises `RealtimeError`."""
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
        """Watch and steer a call, from any event loop. Raises `RealtimeError` (`call_not_found`)."""
        running = await self._run()
        return ClientConnection(await run_in_loop(running.switchboard.attach(call_id), running.loop), running.loop)

    async def hang_up(self, call_id: str) -> None:
        """End a call, from any event loop. Raises `RealtimeError` (`call_not_found`)."""
        running = await self._run()
        await run_in_loop(running.switchboard.hang_up(call_id), running.loop)

    async def speak(self, text: str, voice: str) -> bytes:
        """Say a text outside of any call, from any event loop. Gives a WAV file. Raises RealtimeError, SpeechError."""
        running = await self._run()
        sound = await run_in_loop(running.say(text, voice), running.loop)
        return wav(sound, rate=SPEECH_RATE)

    @property
    def _running(self) -> '_Running | None':
        if self._started and self._started.done() and not self._started.exception():
            return self._started.result()
        return None

    def _make_app(self, key: str | None) -> ASGIApp:
        return Server(self, Keys(), key=key).app

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
        # All that is loaded by now stays, as a rule, so the garbage collector need not look at it: with a dashboard in
        # the same process that took 110 to 170 ms at a time, in which no sound left. Now it takes less than one.
        gc.freeze()
        try:
            with ice.adjusted(local_only=self.local_only):
                stages = await chosen.start()
                running = _Running(chosen, stages, self._make_switchboard(stages))
                started.set_result(running)
                await running.over.wait()
                await running.switchboard.close()
        finally:
            await chosen.stop()
            gc.unfreeze()
            sys.setswitchinterval(interval)


class _Running:
    """An engine that runs: made within its own thread and loop."""

    def __init__(self, chosen: ChosenStages, stages: Stages, switchboard: Switchboard) -> None:
        self.chosen = chosen
        self.switchboard = switchboard
        self.stages = stages
        self.abilities = stages.abilities
        self.loop = asyncio.get_running_loop()
        self.thread = threading.current_thread()
        self.over = asyncio.Event()

    async def say(self, text: str, voice: str) -> bytes:
        return b''.join([pcm async for pcm in self.stages.voice.speak(text, voice=voice)])


# Seconds. With Python's 5 ms, work of the page's thread delays sound by up to 190 ms (engine measurements).
_SWITCH_INTERVAL = 0.001
