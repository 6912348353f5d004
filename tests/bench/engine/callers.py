"""Many who talk with an engine: a program that `talking.py` runs, so that callers and engine share no interpreter."""

import array
import asyncio
from argparse import ArgumentParser

import httpx
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.voice_track import RATE, VoiceTrack
from tests.bench.processes import give_way
from tests.speech import sentence

PAUSE = 10.0  # seconds from one question of a caller to the next


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
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('url')
    parser.add_argument('--calls', type=int, default=1)
    parser.add_argument('--together', action='store_true', help='ask at the same moment, so that all answers overlap')
    options = parser.parse_args()
    asyncio.run(call(options.url, options.calls, together=options.together))
