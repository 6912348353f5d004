"""Sound of a browser on its way in."""

import asyncio
from fractions import Fraction

import av
import pytest
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from components.engine.microphone import JITTER_BUFFER, listen, shorten_jitter_buffer


class Track(MediaStreamTrack):
    """Gives so many frames of 20 ms, 48 kHz stereo as aiortc decodes them, then ends or falls silent."""

    kind = 'audio'

    def __init__(self, frames: int, *, ends: bool = True) -> None:
        super().__init__()
        self._frames = frames
        self._ends = ends

    async def recv(self) -> av.AudioFrame:
        if not self._frames:
            if self._ends:
                raise MediaStreamError
            await asyncio.Event().wait()
        self._frames -= 1
        frame = av.AudioFrame(format='s16', layout='stereo', samples=960)
        frame.planes[0].update(b'\x00\x10' * 1920)
        frame.sample_rate = 48_000
        frame.time_base = Fraction(1, 48_000)
        return frame


async def test_sound_becomes_16_khz_mono() -> None:
    heard: list[bytes] = []
    await listen(Track(50), heard.append)
    pcm = b''.join(heard)
    assert len(pcm) == pytest.approx(16_000 * 2, rel=0.02)
    assert pcm[2000:2002] == b'\x00\x10'


async def test_no_packets_mean_silence() -> None:
    heard: list[bytes] = []
    silent = asyncio.Event()

    def hear(pcm: bytes) -> None:
        heard.append(pcm)
        if not any(pcm):
            silent.set()

    listening = asyncio.create_task(listen(Track(3, ends=False), hear, patience=0.01))
    async with asyncio.timeout(5):
        await silent.wait()
    listening.cancel()
    assert heard[-1] == bytes(320)
    assert any(heard[0])


def test_aiortc_still_has_the_jitter_buffer_that_is_replaced() -> None:
    receiver = RTCRtpReceiver('audio', _Transport())  # type: ignore[arg-type]
    assert isinstance(getattr(receiver, JITTER_BUFFER), JitterBuffer)
    shorten_jitter_buffer(receiver)
    assert getattr(receiver, JITTER_BUFFER).capacity == 4


class _Transport:
    """As much of an `RTCDtlsTransport` as a receiver needs to exist."""

    state = 'new'
