"""The browser's microphone as it arrives: packets of Opus become mono s16 sound at 16 kHz."""

import asyncio
from collections.abc import Callable

import av
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from components.engine.speech.resampler import samples_of
from components.engine.speech.speech_process import HEARING_RATE

from .packet_order import PacketOrder


class Microphone(JitterBuffer):
    """Hands all sound to `hear`, each packet's as soon as it is there.

    It takes the place of a receiver's jitter buffer, and gives the receiver nothing to decode. aiortc's own buffer
    hands a packet on when the next one has come, 20 ms later, to a thread for each call, which sends every frame back
    as a task of its own: that took a third of the engine's time in 8 calls (tests.bench.engine). Decoding here takes
    0.06 ms a packet. A lost packet is skipped: recognition does better without a gap of zeros, and the answer comes no
    later (engine measurements).
    """

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        super().__init__(capacity=1)
        self._hear = hear
        self._order = PacketOrder()
        self._decoder = av.CodecContext.create('libopus', 'r')
        assert isinstance(self._decoder, av.AudioCodecContext)
        self._decoder.format = av.AudioFormat('s16')
        self._decoder.layout = 'mono'
        self._decoder.sample_rate = 48_000
        self._resampler = av.AudioResampler(format='s16', layout='mono', rate=HEARING_RATE)
        self._heard = False  # anything since `keep_hearing` looked last

    def plug_into(self, receiver: RTCRtpReceiver) -> None:
        """Let this receiver's packets come here. To be called before the first one, which is to be Opus."""
        assert hasattr(receiver, JITTER_BUFFER), 'aiortc has renamed its jitter buffer'
        setattr(receiver, JITTER_BUFFER, self)

    async def keep_hearing(self, *, patience: float = 0.3) -> None:
        """Hear silence while no packets come, as when a page takes its track away: a turn would never end otherwise.

        `patience` is in seconds. Runs until it is cancelled.
        """
        silence = bytes(2 * round(patience * HEARING_RATE))
        while True:
            await asyncio.sleep(patience)
            if not self._heard:
                self._hear(silence)
            self._heard = False

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """What a receiver calls with each packet. An exception would end the connection."""
        self._heard = True
        for opus in self._order.add(packet.sequence_number, packet.payload):
            if pcm := self._decode(opus):
                self._hear(pcm)
        return False, None

    def _decode(self, opus: bytes) -> bytes:
        if not opus:
            return b''
        try:
            frames = self._decoder.decode(av.Packet(opus))
        except av.FFmpegError:
            return b''  # nothing that could be heard
        return b''.join(samples_of(part) for frame in frames for part in self._resampler.resample(frame))


JITTER_BUFFER = '_RTCRtpReceiver__jitter_buffer'
