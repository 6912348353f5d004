"""Sound of a browser on its way in."""

import array
import asyncio

import pytest
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from components.engine.transport.microphone import JITTER_BUFFER, Microphone
from components.engine.transport.voice_track import VoiceTrack
from tests.speech import sentence


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
    assert all(microphone.add(each) == (False, None) for each in sent)
    assert len(heard) == len(sent), 'each packet is heard when it comes'
    pcm = b''.join(heard)
    assert len(pcm) == pytest.approx(len(sent) * 640, rel=0.02)
    assert max(array.array('h', pcm)) > 3_000


def test_packets_without_valid_sound_are_skipped() -> None:
    heard: list[bytes] = []
    microphone = Microphone(heard.append)
    first, second = packets()[:2]
    microphone.add(first)
    for number, payload in enumerate([b'', b'\xff' * 3, bytes(2_000)], 1):
        microphone.add(packet(number, payload))
    second.sequence_number = 4
    heard.clear()
    microphone.add(second)
    assert len(b''.join(heard)) == 640


async def test_no_packets_mean_silence() -> None:
    heard: list[bytes] = []
    silent = asyncio.Event()

    def hear(pcm: bytes) -> None:
        heard.append(pcm)
        if len(pcm) == 320 and not any(pcm):
            silent.set()

    microphone = Microphone(hear)
    for each in packets()[30:33]:
        microphone.add(each)
    hearing = asyncio.create_task(microphone.keep_hearing(patience=0.01))
    async with asyncio.timeout(5):
        await silent.wait()
    hearing.cancel()
    assert len(heard) == 4
    assert heard[-1] == bytes(320)


def test_aiortc_still_has_the_jitter_buffer_that_is_replaced() -> None:
    receiver = RTCRtpReceiver('audio', _Transport())  # type: ignore[arg-type]
    assert isinstance(getattr(receiver, JITTER_BUFFER), JitterBuffer)
    microphone = Microphone(lambda pcm: None)
    microphone.plug_into(receiver)
    assert getattr(receiver, JITTER_BUFFER) is microphone


class _Transport:
    """As much of an `RTCDtlsTransport` as a receiver needs to exist."""

    state = 'new'
