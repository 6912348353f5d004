"""Sound of a browser on its way in."""

import array
import asyncio

from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from components.engine.hearing.voice_activity import FRAME_BYTES
from components.engine.transport.microphone import JITTER_BUFFER, PIECE_BYTES, Microphone
from components.engine.transport.voice_track import VoiceTrack
from tests.speech import sentence

RESAMPLER_BYTES = 32  # that it keeps


def packets() -> list[RtpPacket]:
    """A spoken sentence, as Opus."""
    track = VoiceTrack()
    playback = track.begin(on_started=lambda: None, on_stopped=lambda: None)
    playback.play(array.array('h', sentence('hello'))[::2].tobytes())
    playback.finish()
    opus = []
    while not playback.over:
        opus.append(bytes(track.next_packet()))
    return [packet(number, payload) for number, payload in enumerate(opus)]


def packet(number: int, payload: bytes) -> RtpPacket:
    made = RtpPacket(sequence_number=number)
    made.payload = payload
    return made


def test_packets_become_16_khz_mono() -> None:
    heard: list[bytes] = []
    microphone = Microphone(heard.append)
    sent = packets()
    assert PIECE_BYTES == FRAME_BYTES
    for count, each in enumerate(sent, 1):
        assert microphone.add(each) == (False, None)
        whole = (count * 640 - RESAMPLER_BYTES) // PIECE_BYTES
        assert len(b''.join(heard)) == whole * PIECE_BYTES, 'a piece is heard when its last packet comes'
    pcm = b''.join(heard)
    assert max(array.array('h', pcm)) > 3_000


def test_packets_without_valid_sound_are_skipped() -> None:
    heard: list[bytes] = []
    microphone = Microphone(heard.append)
    sent = packets()[:9]
    for number, payload in enumerate([sent[0].payload, b'', b'\xff' * 3, bytes(2_000)]):
        microphone.add(packet(number, payload))
    for number, each in enumerate(sent[1:], 4):
        microphone.add(packet(number, each.payload))
    assert len(b''.join(heard)) == 5 * PIECE_BYTES


async def test_no_packets_mean_silence() -> None:
    heard: list[bytes] = []
    silent = asyncio.Event()

    def hear(pcm: bytes) -> None:
        heard.append(pcm)
        if not any(pcm[-PIECE_BYTES:]):
            silent.set()

    microphone = Microphone(hear)
    for each in packets()[30:33]:
        microphone.add(each)
    assert len(b''.join(heard)) == PIECE_BYTES
    hearing = asyncio.create_task(microphone.keep_hearing(patience=0.1))
    async with asyncio.timeout(5):
        await silent.wait()
    hearing.cancel()
    assert len(b''.join(heard)) == 4 * PIECE_BYTES
    assert any(heard[1][:640]), 'the last packet comes first'


def test_aiortc_still_has_the_jitter_buffer_that_is_replaced() -> None:
    receiver = RTCRtpReceiver('audio', _Transport())  # type: ignore[arg-type]
    assert isinstance(getattr(receiver, JITTER_BUFFER), JitterBuffer)
    microphone = Microphone(lambda pcm: None)
    microphone.plug_into(receiver)
    assert getattr(receiver, JITTER_BUFFER) is microphone


class _Transport:
    """As much of an `RTCDtlsTransport` as a receiver needs to exist."""

    state = 'new'
