"""A browser's half of a call, played by aiortc: speaks WAV files, and keeps the events and the sound that come back."""

import array
import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from fractions import Fraction
from types import TracebackType
from typing import Any

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from tests.speech import RATE, sentence

from .checked_events import check_sent
from .received import Received


class Microphone(MediaStreamTrack):
    """Speaks on request, and is silent otherwise."""

    kind = 'audio'

    def __init__(self) -> None:
        super().__init__()
        self._sound = bytearray()
        self._said = asyncio.Event()
        self._pts = 0
        self._began: float | None = None

    @property
    def milliseconds(self) -> int:
        """The sound that it has played so far, silence included."""
        return self._pts * 1000 // RATE

    def say(self, name: str) -> None:
        self._sound += sentence(name)

    def play(self, pcm: bytes) -> None:
        """Let any sound be heard: mono s16 at 16 kHz."""
        self._sound += array.array('h', (sample for sample in array.array('h', pcm) for _ in range(3))).tobytes()

    async def said(self) -> None:
        """Wait until all of it was heard."""
        self._said.clear()
        await self._said.wait()

    async def recv(self) -> av.AudioFrame:
        loop = asyncio.get_running_loop()
        if self._began is None:
            self._began = loop.time()
        await asyncio.sleep(self._began + self._pts / RATE - loop.time())
        frame = av.AudioFrame(format='s16', layout='mono', samples=960)
        frame.planes[0].update(bytes(self._sound[:1920].ljust(1920, b'\0')))
        del self._sound[:1920]
        if not self._sound:
            self._said.set()
        frame.sample_rate = RATE
        frame.pts = self._pts
        frame.time_base = Fraction(1, RATE)
        self._pts += 960
        return frame


class Caller(Received):
    """One call, as an asynchronous context: hung up at its end.

    `place` takes the SDP offer and gives the answer. With `only_speaks` it offers to send sound, and to get none.
    `loudness` has the RMS of each 20 ms that was heard.
    """

    def __init__(self, place: Callable[[str], Awaitable[str]], *, only_speaks: bool = False) -> None:
        super().__init__(whole=True)
        self.microphone = Microphone()
        self.loudness: list[float] = []
        self.closed = asyncio.Event()
        self._place = place
        self._only_speaks = only_speaks
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> 'Caller':
        self._connection.addTransceiver(self.microphone, 'sendonly' if self._only_speaks else 'sendrecv')
        self._connection.on('track', lambda track: self._tasks.append(asyncio.create_task(self._listen(track))))
        self._channel = self._connection.createDataChannel('oai-events')
        self._channel.on('message', self.take)
        self._channel.on('close', self.closed.set)
        await self._connection.setLocalDescription()
        answer = await self._place(self._connection.localDescription.sdp)
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, 'answer'))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        await self._connection.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def vanish(self) -> None:
        """Be gone without a word, as a browser that was killed."""
        assert self._connection.sctp
        await self._connection.sctp.transport.transport.stop()

    def send(self, **event: Any) -> None:
        check_sent(event)
        self._channel.send(json.dumps(event))

    async def send_raw(self, message: str | bytes) -> None:
        """Send anything."""
        self._channel.send(message)

    def seconds_of_sound(self) -> float:
        """How long something was to be heard so far."""
        return sum(loudness > 100 for loudness in self.loudness) * 0.02

    async def _listen(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, av.AudioFrame)
                samples = array.array('h', bytes(frame.planes[0])[: frame.samples * 4])
                self.loudness.append(math.sqrt(sum(sample * sample for sample in samples) / len(samples)))
        except MediaStreamError:
            pass
