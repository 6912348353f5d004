"""The engine within a web server that also tells how late its sound is: a program that `talking.py` runs.

It imports nothing but the engine, so it runs with former engines, too.
"""

import asyncio
import time
from argparse import ArgumentParser
from typing import Any

import uvicorn
from aiortc.rtp import RtpPacket
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from components.engine import Engine
from components.engine.limits import Limits
from components.engine.transport.voice_track import RATE, VoiceTrack
from components.engine.transport.webrtc_transport import WebRTCTransport

TICK = 0.010  # seconds
BETWEEN_TURNS = 0.3  # seconds; nobody answers sooner, and no sentence pauses for so long
SILENCE_BYTES = 20  # of Opus; sound takes 40 and more
MOST_CALLS = 64


class Meters:
    """How late sound left the engine, how soon questions were answered, and how late the loop was. Seconds."""

    def __init__(self) -> None:
        self.lateness: list[float] = []
        self.first_sounds: list[float] = []
        self.lags: list[float] = []

    def watch_calls(self) -> None:
        """Let every call of this process be measured."""
        build = WebRTCTransport.__init__

        def built(transport: WebRTCTransport, *parameters: Any, **options: Any) -> None:
            build(transport, *parameters, **options)
            self._watch(transport)

        WebRTCTransport.__init__ = built  # type: ignore[method-assign, assignment]

    def _watch(self, transport: WebRTCTransport) -> None:
        microphone, track = transport._microphone, transport.audio_output
        add, next_packet = microphone.add, track.next_packet
        asked: float | None = None  # when the newest sound of a question came

        def heard(packet: RtpPacket) -> tuple[bool, None]:
            nonlocal asked
            if len(packet.payload) > SILENCE_BYTES:
                asked = time.perf_counter()
            return add(packet)

        def said() -> Any:
            nonlocal asked
            due = _due(track)
            packet = next_packet()
            now = time.perf_counter()
            self.lateness.append(now - due)
            if asked is not None and packet.size > SILENCE_BYTES and now - asked > BETWEEN_TURNS:
                self.first_sounds.append(now - asked)
                asked = None
            return packet

        microphone.add = heard  # type: ignore[method-assign]
        track.next_packet = said  # type: ignore[method-assign]

    async def watch_loop(self) -> None:
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.lags.append(time.perf_counter() - due)

    async def read(self, request: Request) -> JSONResponse:
        """The measurements since the last look, in milliseconds."""
        seen = {name: [1000 * each for each in vars(self)[name]] for name in vars(self)}
        for each in vars(self).values():
            each.clear()
        return JSONResponse(seen)


def _due(track: VoiceTrack) -> float:
    """When the next packet should leave."""
    assert track._began is not None
    return track._began + track._pts / RATE


async def serve(port: int) -> None:
    meters = Meters()
    meters.watch_calls()
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


if __name__ == '__main__':
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--port', type=int, default=8091)
    asyncio.run(serve(parser.parse_args().port))
