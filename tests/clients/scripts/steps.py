"""All scripts share this. It runs in the environments of the clients, so it needs the standard library only."""

import array
import asyncio
import sys
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

URL = sys.argv[1]
"""The engine's base URL, such as `http://127.0.0.1:8081/v1`."""

SOCKET_URL = URL.replace('http', 'ws', 1)
SOUNDS = Path(sys.argv[2])
MODEL = 'gpt-realtime-2.1'
STEP_SECONDS = 30.0


def done(step: str, detail: object = '') -> None:
    """Say that a step has worked, and what came of it."""
    print(f'ok {step}: {detail}', flush=True)


def spoken(name: str, rate: int = 24_000) -> bytes:
    """Return a sentence of `tests/sounds`, and a second of silence: mono s16, at 24 or 16 kHz."""
    with wave.open(str(SOUNDS / f'{name}.wav'), 'rb') as file:
        samples = array.array('h', file.readframes(file.getnframes()))
    step = file.getframerate() // rate
    chunks = (samples[at : at + step] for at in range(0, len(samples) - step + 1, step))
    return array.array('h', (sum(chunk) // step for chunk in chunks)).tobytes() + bytes(2 * rate)


class Heard:
    """Things that happen, in order, and a way to wait for one of them."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._more = asyncio.Event()

    def add(self, thing: Any) -> None:
        """Note that something has happened."""
        self.all.append(thing)
        self._more.set()

    async def until(self, true: Callable[[Any], object], since: int = 0) -> Any:
        """Return the first thing since then of which something is true, as soon as there is one."""
        async with asyncio.timeout(STEP_SECONDS):
            while True:
                for thing in self.all[since:]:
                    if true(thing):
                        return thing
                self._more.clear()
                await self._more.wait()


def run(talk: Callable[[], Awaitable[None]]) -> None:
    """Hold the conversation."""

    async def talk_whole() -> None:
        await talk()

    asyncio.run(talk_whole())
