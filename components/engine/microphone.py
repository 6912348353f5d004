"""The browser's microphone as it arrives: an audio track becomes mono s16 sound at 16 kHz."""

import asyncio
from collections.abc import Callable

import av
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from .resampler import samples_of
from .speech_process import HEARING_RATE


async def listen(track: MediaStreamTrack, hear: Callable[[bytes], None], *, patience: float = 0.3) -> None:
    """Hand all sound of the track to `hear` until it ends.

    A page that takes its track away sends no packets at all. Then, every `patience` seconds, as much silence is heard;
    otherwise a turn would never end. A lost packet is skipped: recognition does better without a gap of zeros, and the
    answer comes no later (engine measurements).
    """
    resampler = av.AudioResampler(format='s16', layout='mono', rate=HEARING_RATE)
    silence = bytes(2 * round(patience * HEARING_RATE))
    while True:
        try:
            async with asyncio.timeout(patience):
                frame = await track.recv()
        except TimeoutError:
            hear(silence)
            continue
        except MediaStreamError:
            return
        assert isinstance(frame, av.AudioFrame)
        for part in resampler.resample(frame):
            hear(samples_of(part))


def shorten_jitter_buffer(receiver: RTCRtpReceiver) -> None:
    """Let sound through at once. To be called before the first packet.

    aiortc waits for 4 packets, and after the first lost one stays 300 ms behind. Of 16 places 4 are left, of 4 packets
    to wait for 1: 70 ms less in every turn, and loss costs no more words (engine measurements).
    """
    assert hasattr(receiver, JITTER_BUFFER), 'aiortc has renamed its jitter buffer'
    setattr(receiver, JITTER_BUFFER, JitterBuffer(capacity=4, prefetch=1))


JITTER_BUFFER = '_RTCRtpReceiver__jitter_buffer'
