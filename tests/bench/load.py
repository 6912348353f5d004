"""The two programs of the load benchmark: `serve` is the engine within a web server, `call` many who talk with it.

They are processes of their own, so that callers and engine do not share an interpreter. `tests.bench.engine` runs them.
"""

import array
import asyncio
import os
import time
from argparse import ArgumentParser
from typing import Any

import httpx
import uvicorn
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from components.engine import Engine
from components.engine.limits import Limits
from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.voice_track import RATE, VoiceTrack
from tests.speech import sentence

LATE = 0.020  # seconds: a whole frame
TICK = 0.010  # seconds
PAUSE = 10.0  # seconds from one question of a caller to the next
MOST_CALLS = 64


class Meters:
    """How late sound left the engine, and how late the web server's loop was, since the last look. Seconds."""

    def __init__(self) -> None:
        self.lateness: list[float] = []
        self.lags: list[float] = []

    def watch_speakers(self) -> None:
        """Let every packet of every call tell how late it is."""
        receive = VoiceTrack.recv

        async def timed(track: VoiceTrack) -> Any:
            began, pts = track._began, track._pts
            packet = await receive(track)
            if began is not None:
                self.lateness.append(time.perf_counter() - began - pts / RATE)
            return packet

        VoiceTrack.recv = timed  # type: ignore[method-assign, assignment]

    async def watch_loop(self) -> None:
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.lags.append(time.perf_counter() - due)

    async def read(self, request: Request) -> JSONResponse:
        late = [each for each in self.lateness if each > LATE]
        figures = {
            'frames': len(self.lateness),
            'late': len(late),
            'worst_ms': 1000 * max(self.lateness, default=0),
            'lags_ms': [1000 * each for each in self.lags],
        }
        self.lateness.clear()
        self.lags.clear()
        return JSONResponse(figures)


async def serve(port: int) -> None:
    meters = Meters()
    meters.watch_speakers()
    engine = Engine(limits=Limits(calls=MOST_CALLS))
    await engine.start()
    app = Starlette(routes=[Mount('/v1', engine.app), Route('/figures', meters.read)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level='warning', lifespan='off'))
    watching = asyncio.create_task(meters.watch_loop())
    try:
        await server.serve()
    finally:
        watching.cancel()
        await engine.stop()


async def call(url: str, calls: int) -> None:
    """Hold so many calls, in each of which somebody asks something now and then, until this program is ended."""
    os.nice(10)  # callers have machines of their own, so they get what the engine leaves
    async with httpx.AsyncClient(base_url=f'{url}/v1/realtime') as client:
        callers = [LightCaller(client) for _ in range(calls)]
        for caller in callers:
            await caller.connect()
        print('live', flush=True)
        await asyncio.gather(*(caller.ask(PAUSE * place / calls) for place, caller in enumerate(callers)))


class LightCaller:
    """A call that costs its own process little: it neither looks at what it gets nor encodes silence."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._microphone = VoiceTrack()  # the engine's own, as it is the cheapest
        self._question = question()
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))

    async def connect(self) -> None:
        minted = (await self._client.post('/client_secrets', json={})).raise_for_status().json()
        headers = {'Authorization': f'Bearer {minted["value"]}', 'Content-Type': 'application/sdp'}
        talking = asyncio.Event()
        self._connection.addTrack(self._microphone)
        self._connection.createDataChannel('oai-events').on('message', lambda message: talking.set())
        await self._connection.setLocalDescription()
        offer = self._connection.localDescription.sdp
        answer = (await self._client.post('/calls', content=offer, headers=headers)).raise_for_status().text
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, 'answer'))
        await talking.wait()

    async def ask(self, wait: float) -> None:
        await asyncio.sleep(wait)
        while True:
            playback = self._microphone.begin(on_started=lambda: None, on_stopped=lambda: None)
            playback.play(self._question)
            playback.finish()
            await asyncio.sleep(PAUSE)


def question() -> bytes:
    """Mono s16 at `SPEECH_RATE`, from a file of twice as many samples a second."""
    samples = array.array('h', sentence('what_time_is_it'))
    assert RATE == 2 * SPEECH_RATE
    return samples[::2].tobytes()


if __name__ == '__main__':
    parser = ArgumentParser()
    parser.add_argument('role', choices=['serve', 'call'])
    parser.add_argument('--port', type=int, default=8091)
    parser.add_argument('--calls', type=int, default=1)
    options = parser.parse_args()
    asyncio.run(
        serve(options.port) if options.role == 'serve' else call(f'http://127.0.0.1:{options.port}', options.calls)
    )
