"""Many who talk with an engine: a program that `talking.py` runs, so that callers and engine share no interpreter."""

import asyncio
import time
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import av
import httpx
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.bench.processes import give_way
from tests.speech import RATE, sentence

PAUSE = 10.0  # seconds from one question of a caller to the next
SILENCE = b'\xf8\xff\xfe'  # a packet of Opus
FRAME_SAMPLES = RATE // 50


async def call(url: str, calls: int, *, together: bool) -> None:
    """Hold so many calls, in each of which somebody asks something now and then, until this program is ended."""
    give_way()  # callers have machines of their own, so they get what the engine leaves
    async with httpx.AsyncClient(base_url=f'{url}/v1/realtime') as client:
        callers = [LightCaller(client) for _ in range(calls)]
        for caller in callers:
            await caller.connect()
        print('live', flush=True)
        waits = (0.0 if together else PAUSE * place / calls for place in range(calls))
        await asyncio.gather(*(caller.ask(wait) for caller, wait in zip(callers, waits, strict=True)))


class LightMicrophone(MediaStreamTrack):
    """Sends a packet every 20 ms, as browsers do, all of them encoded before."""

    kind = 'audio'

    def __init__(self) -> None:
        super().__init__()
        self._packets: deque[bytes] = deque()
        self._began: float | None = None
        self._pts = 0

    def say(self, packets: list[bytes]) -> None:
        self._packets += packets

    async def recv(self) -> 'av.Packet[Any]':
        if self._began is None:
            self._began = time.perf_counter()
        await asyncio.sleep(self._began + self._pts / RATE - time.perf_counter())
        packet: av.Packet[Any] = av.Packet(self._packets.popleft() if self._packets else SILENCE)
        packet.pts = self._pts
        packet.time_base = Fraction(1, RATE)
        self._pts += FRAME_SAMPLES
        return packet


class LightCaller:
    """A call that costs its own process little: it neither looks at what it gets nor encodes anything."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._microphone = LightMicrophone()
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
            self._microphone.say(question())
            await asyncio.sleep(PAUSE)


@cache
def question() -> list[bytes]:
    """A question as packets of Opus, and a little silence behind it."""
    return list(encoded(sentence('what_time_is_it')))


def encoded(pcm: bytes) -> Iterator[bytes]:
    """Mono s16 at `RATE` as packets of Opus."""
    codec = av.CodecContext.create('libopus', 'w')
    assert isinstance(codec, av.AudioCodecContext)
    codec.bit_rate = 32_000
    codec.format = av.AudioFormat('s16')
    codec.layout = 'mono'
    codec.sample_rate = RATE
    codec.options = {'application': 'voip'}
    size = 2 * FRAME_SAMPLES
    for at in range(0, len(pcm) + 5 * size, size):
        frame = av.AudioFrame(format='s16', layout='mono', samples=FRAME_SAMPLES)
        frame.planes[0].update(pcm[at : at + size].ljust(size, b'\0'))
        frame.sample_rate = RATE
        frame.pts = at // 2
        yield from map(bytes, codec.encode(frame))


if __name__ == '__main__':
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('url')
    parser.add_argument('--calls', type=int, default=1)
    parser.add_argument('--together', action='store_true', help='ask at the same moment, so that all answers overlap')
    options = parser.parse_args()
    asyncio.run(call(options.url, options.calls, together=options.together))
