"""A running engine: its stages and calls, in a thread and event loop of their own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import sys
import time
from collections.abc import Callable
from contextlib import aclosing, suppress

from components.engine.minds.mind import CutShort, Mind, Prompt
from components.engine.protocol.items import Message, Part
from components.engine.protocol.session_config import AnyConfig
from components.engine.servers.chosen_stages import ChosenStages
from components.engine.servers.notice import Notice
from components.engine.servers.stage_server import MindChoice, StageServers
from components.engine.speech.speech_process import SPEECH_RATE, SpeechAbilities
from components.engine.speech.wav import wav
from components.engine.transport.client_connection import ClientConnection, run_in_loop

from .short_turns import take_short_turns
from .stages import Stages
from .switchboard import Switchboard
from .transport import ice


class Running:
    """A running engine, as other event loops see it. `Engine` has the same methods and says more.

    Created in its own thread and loop. Every method raises `RealtimeError` (`engine_stopped`) once it has stopped.
    """

    def __init__(self, chosen: ChosenStages, stages: Stages, switchboard: Switchboard, idle_seconds: float) -> None:
        self.switchboard = switchboard
        self.abilities: SpeechAbilities = stages.abilities
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self._chosen = chosen
        self._stages = stages
        self._idle_seconds = idle_seconds
        self._used_at = time.monotonic()

    @property
    def news(self) -> list[Notice]:
        """Notices about what the stages wait for."""
        return self._chosen.news

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        """Begin a call over WebRTC."""
        return await run_in_loop(self.switchboard.place(offer, config), self.loop)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        """Begin a call whose sound travels in events."""
        return ClientConnection(await run_in_loop(self.switchboard.connect(config), self.loop), self.loop)

    async def attach(self, call_id: str) -> ClientConnection:
        """Add a sideband to a call."""
        return ClientConnection(await run_in_loop(self.switchboard.attach(call_id), self.loop), self.loop)

    async def hang_up(self, call_id: str) -> None:
        """End a call."""
        await run_in_loop(self.switchboard.hang_up(call_id), self.loop)

    async def choose_mind(self, choice: MindChoice) -> None:
        """Let the next answers come from another mind."""

        async def choose() -> None:
            self._chosen.mind.choose(choice)

        await run_in_loop(choose(), self.loop)

    async def speak(self, text: str, voice: str) -> bytes:
        """Speak a text outside of any call."""

        async def say() -> bytes:
            return b''.join([pcm async for pcm in self._stages.voice.speak(text, voice=voice)])

        return wav(await run_in_loop(say(), self.loop), rate=SPEECH_RATE)

    async def write(self, instructions: str, text: str, max_tokens: int) -> str:
        """Let the mind write an answer to a text outside of any call."""
        return await run_in_loop(self._write(instructions, text, max_tokens), self.loop)

    @property
    def seconds_left(self) -> float:
        """Seconds until it has been idle for so long that it may end."""
        if len(self.switchboard):
            return self._idle_seconds
        return max(self._used_at, self.switchboard.emptied_at) + self._idle_seconds - time.monotonic()

    def note_use(self) -> None:
        """Take note that somebody is about to use it, from any thread."""
        self._used_at = time.monotonic()

    def stop(self) -> None:
        """End the thread soon, and all that runs in it."""
        with suppress(RuntimeError):  # its loop has ended
            self.loop.call_soon_threadsafe(self.stopping.set)

    async def until_over(self, may_end: Callable[[Running], bool]) -> None:
        """Return once it was stopped, or was idle for long and may end."""
        while not self.stopping.is_set() and not may_end(self):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), self.seconds_left)

    async def _write(self, instructions: str, text: str, max_tokens: int) -> str:
        prompt = Prompt((Message('user', [Part('input_text', text)]),), instructions, max_tokens=max_tokens)
        pieces: list[str] = []
        with suppress(CutShort):  # what there is will do
            async with aclosing(self._stages.mind.answer(prompt)) as answer:
                async for piece in answer:
                    pieces += [piece] if isinstance(piece, str) else []
        return ''.join(pieces)


async def live(
    started: concurrent.futures.Future[Running],
    servers: StageServers,
    mind: Mind | None,
    make_switchboard: Callable[[Stages], Switchboard],
    local_only: Callable[[], bool],
    idle_seconds: float,
    may_end: Callable[[Running], bool],
) -> None:
    """Run an engine until it is stopped, or idle and `may_end`; `started` gets it once it takes calls."""
    chosen = ChosenStages(servers, mind)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    take_short_turns()
    # The garbage collector skips what is loaded by now, most of which stays anyway. With a dashboard in the same
    # process a collection took 110 to 170 ms, during which no sound left; now it takes less than one.
    gc.freeze()
    try:
        with ice.adjusted(local_only=local_only):
            stages = await chosen.start()
            running = Running(chosen, stages, make_switchboard(stages), idle_seconds)
            started.set_result(running)
            await running.until_over(may_end)
            await running.switchboard.close()
    finally:
        await chosen.stop()
        gc.unfreeze()
        sys.setswitchinterval(interval)


# Seconds. With Python's 5 ms, work of the page's thread delays sound by up to 190 ms (engine measurements).
_SWITCH_INTERVAL = 0.001
