"""The cost of sound that goes through Python: processor time per call, added delay, and how many calls hold.

    python -m tests.bench.call.relay [--calls 1 10 25 50] [--seconds 10] [--runs 3]

First the relay alone, in a process of its own: callers in another process send what browsers send, and a service in the
relay's process says back at once whatever it hears, so each frame of sound makes the whole way and returns with the
time at which it left. Then real talks with the engine in Chromium, by WebRTC and by the relay in turns.
"""

import asyncio
import json
import os
import struct
import subprocess
import sys
import time
from argparse import ArgumentParser

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.typing import Origin

from components.desk.one_time_tickets import Order
from components.providers.connection.connection import ServiceEvent
from components.relay.frames import RATE, to_text
from components.relay.relay import Relay
from components.settings.settings import Settings, Transport
from tests.bench.engine import voice
from tests.bench.figures import report
from tests.bench.fresh import fresh
from tests.parley import free_port

FRAME_SECONDS = 0.02
FRAME = bytes(2 * round(RATE * FRAME_SECONDS))
STAMP = struct.Struct('<d')  # the time at which a frame left, in its first samples
TRANSPORTS: tuple[Transport, ...] = ('webrtc', 'relay')


class Echo:
    """A service that says back what it hears."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[ServiceEvent] = asyncio.Queue()

    async def send(self, event: str) -> None:
        fields = {'type': 'session.updated', 'session': json.loads(event)['session']}
        self._said.put_nowait(ServiceEvent(fields, to_text(fields)))

    async def send_sound(self, pcm: bytes) -> None:
        place = {'response_id': 'r', 'item_id': 'i', 'content_index': 0}
        self._said.put_nowait(ServiceEvent({'type': 'response.output_audio.delta', **place}, '', pcm))

    async def receive(self) -> ServiceEvent:
        return await self._said.get()

    async def close(self) -> None:
        pass


class Echoes:
    """Reaches an echo for every call."""

    async def connect(self, settings: Settings, browser: str) -> Echo:
        return Echo()

    def session(self, settings: Settings) -> dict[str, object]:
        return {'type': 'realtime', 'model': 'echo'}


async def serve(port: int) -> None:
    """The relay, and what it has cost so far."""
    relay = Relay(Echoes(), browser_of=lambda connection: '')

    async def admit(request: Request) -> PlainTextResponse:
        return PlainTextResponse(relay.ticket(Order(Settings(), '')).token)

    async def cost(request: Request) -> JSONResponse:
        return JSONResponse(time.process_time())

    app = Starlette(routes=[relay.route, Route('/admit', admit), Route('/cost', cost)])
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level='warning', lifespan='off', ws='wsproto')).serve()


async def call(port: int, calls: int, seconds: float) -> None:
    """Hold so many calls for so long, and print cost and delays as JSON."""
    os.nice(10)  # browsers are machines of their own, so callers get what the relay leaves
    async with httpx.AsyncClient(base_url=f'http://127.0.0.1:{port}') as client:
        tickets = [(await client.get('/admit')).text for _ in range(calls)]
        before, began = (await client.get('/cost')).json(), time.monotonic()
        delays = await asyncio.gather(*(hold(port, ticket, seconds) for ticket in tickets))
        spent = (await client.get('/cost')).json() - before
        share = 100 * spent / (time.monotonic() - began)
    print(json.dumps({'cpu': share, 'delays': [each for call in delays for each in call]}))


async def hold(port: int, ticket: str, seconds: float) -> list[float]:
    """Talk for so long. Gives the milliseconds of each frame's way there and back."""
    delays: list[float] = []
    received = 0
    async with connect(f'ws://127.0.0.1:{port}/relay/{ticket}', origin=Origin(f'http://127.0.0.1:{port}')) as socket:

        async def listen() -> None:
            nonlocal received
            async for message in socket:
                received += 1
                if isinstance(message, bytes):
                    for at in range(8, len(message), len(FRAME)):  # frames that had to wait are joined
                        delays.append(1000 * (time.monotonic() - STAMP.unpack_from(message, at)[0]))
                if received % 32 == 0:
                    await socket.send(to_text({'type': 'relay.confirm', 'count': received - 1}))

        listening = asyncio.create_task(listen())
        end = time.monotonic() + seconds
        due = time.monotonic()
        while due < end:
            await socket.send(STAMP.pack(time.monotonic()) + FRAME[STAMP.size :])
            due += FRAME_SECONDS
            await asyncio.sleep(max(0, due - time.monotonic()))
        listening.cancel()
    return delays


async def measure_alone(calls: list[int], seconds: float) -> None:
    port = free_port()
    me = [sys.executable, '-m', 'tests.bench.call.relay', '--port', str(port)]
    serving = await asyncio.create_subprocess_exec(*me, '--role', 'serve')
    try:
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=10)) as client:
            await client.get(f'http://127.0.0.1:{port}/cost')
        for count in calls:
            calling = await asyncio.create_subprocess_exec(
                *me, '--role', 'call', '--calls', str(count), '--seconds', str(seconds), stdout=subprocess.PIPE
            )
            output, _ = await calling.communicate()
            figures = json.loads(output)
            cpu = figures['cpu']
            print(f'{count} calls: {cpu:.0f} % of a core, {cpu / count:.1f} % per call')
            report(f'{count} calls: there and back', figures['delays'])
            whole = count * seconds / FRAME_SECONDS
            print(f'{count} calls: {len(figures["delays"])} of {whole:.0f} frames came back')
    finally:
        serving.terminate()
        await serving.wait()


async def measure_talks(runs: int) -> None:
    async with fresh() as start:
        talks: dict[Transport, list[dict[str, float]]] = {transport: [] for transport in TRANSPORTS}
        for _ in range(runs):
            for transport in TRANSPORTS:
                talk = await voice.converse(start, transport)
                talks[transport].append(talk.figures())
        for name, words in voice.FIGURES.items():
            for transport in TRANSPORTS:
                report(f'{transport}: {words}', [talk[name] for talk in talks[transport]])


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else '')
    parser.add_argument('--calls', type=int, nargs='+', default=[1, 10, 25, 50])
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--role', choices=['serve', 'call'])
    parser.add_argument('--port', type=int, default=0)
    options = parser.parse_args()
    if options.role == 'serve':
        await serve(options.port)
    elif options.role == 'call':
        await call(options.port, options.calls[0], options.seconds)
    else:
        await measure_alone(options.calls, options.seconds)
        await measure_talks(options.runs)


if __name__ == '__main__':
    asyncio.run(main())
