"""The microphone of the browser: packets of Opus become mono s16 sound at 16 kHz."""

import asyncio
from collections.abc import Callable

import av
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from components.engine.speech.resampler import FrameResampler
from components.engine.speech.speech_process import HEARING_RATE

from .packet_order import PacketOrder


class Microphone(JitterBuffer):
    """Passes the sound of packets to `hear`, in pieces of 32 ms, which is what the voice detector takes.

    Packets of 20 ms wait until a piece is complete, and are decoded together. Nothing is decided later for that, and a
    single call takes 6 % less processor time (tests.bench.engine.talking): most of what a packet costs is fetching code
    and data that left the caches since the last one.

    It replaces the jitter buffer of a receiver, and gives the receiver nothing to decode. aiortc's own buffer releases
    a packet when the next one arrives, 20 ms later, to one thread per call, which sends every frame back as a task:
    that took a third of the engine's time in 8 calls (tests.bench.engine.talking). Lost packets are skipped:
    recognition does better without a gap of zeros, and answers come no later (engine measurements).
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
        self._resampler = FrameResampler(48_000, HEARING_RATE)
        self._arrived = False  # whether a packet did since `keep_hearing` last looked
        self._undecoded: list[bytes] = []  # packets
        self._packet_bytes = HEARING_RATE * 2 // 50  # of the sound of one
        self._rest = bytearray()  # sound that does not fill a piece yet

    def plug_into(self, receiver: RTCRtpReceiver) -> None:
        """Take the packets of this receiver. Call it before the first packet arrives; packets must be Opus."""
        assert hasattr(receiver, JITTER_BUFFER), 'aiortc has renamed its jitter buffer'
        setattr(receiver, JITTER_BUFFER, self)

    async def keep_hearing(self, *, patience: float = 0.3) -> None:
        """Hear silence while no packets arrive, so that a turn ends even if the page removes its track.

        Runs until it is cancelled. `patience` is in seconds.
        """
        silence = bytes(2 * round(patience * HEARING_RATE))
        while True:
            await asyncio.sleep(patience)
            if not self._arrived:
                self._decode_all()
                self._pass_on(silence)
            self._arrived = False

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """Take a packet; the receiver calls this. An exception would end the connection."""
        self._arrived = True
        self._undecoded += self._order.add(packet.sequence_number, packet.payload)
        if len(self._rest) + len(self._undecoded) * self._packet_bytes >= PIECE_BYTES:
            self._decode_all()
        return False, None

    def _decode_all(self) -> None:
        packets, self._undecoded = self._undecoded, []
        for opus in packets:
            if pcm := self._decode(opus):
                self._packet_bytes = len(pcm)
                self._pass_on(pcm)

    def _pass_on(self, pcm: bytes) -> None:
        self._rest += pcm
        if size := len(self._rest) // PIECE_BYTES * PIECE_BYTES:
            pieces = bytes(self._rest[:size])
            del self._rest[:size]
            self._hear(pieces)

    def _decode(self, opus: bytes) -> bytes:
        if not opus:
            return b''
        try:
            frames = self._decoder.decode(av.Packet(opus))
        except av.FFmpegError:
            return b''  # not a packet of sound
        return b''.join(map(self._resampler.resample, frames))


PIECE_BYTES = 1024  # of what is heard: a frame of `hearing.voice_activity`
JITTER_BUFFER = '_RTCRtpReceiver__jitter_buffer'
