"""The engine's voice on its way out: packets are decoded again, so what is checked is what a browser would hear."""

import array
import math
from collections.abc import Coroutine
from typing import Literal

import av
import pytest

from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.voice_track import FRAME_MS, TrackAudio, VoiceTrack

SILENCE, REST = b'\xf8\xff\xfe', b'\xf8'


def tone(milliseconds: int) -> bytes:
    """A tone of 440 Hz, as the synthesiser gives sound."""
    count = SPEECH_RATE * milliseconds // 1000
    return array.array(
        'h', (round(9000 * math.sin(at * 440 * math.tau / SPEECH_RATE)) for at in range(count))
    ).tobytes()


class Listener:
    """Takes packets from a track, and hears them."""

    def __init__(self, track: VoiceTrack) -> None:
        self.track = track
        self.reports: list[str] = []
        self.packets: list[bytes] = []
        self._decoder = av.CodecContext.create('libopus', 'r')

    def begin(self, name: str = '') -> TrackAudio:
        return self.track.begin(
            on_started=lambda: self.reports.append(f'started{name}'),
            on_stopped=lambda: self.reports.append(f'stopped{name}'),
        )

    def hear(self, milliseconds: int) -> list[float]:
        """Listen on. Gives the RMS of each frame of 20 ms."""
        return [self._hear_packet() for _ in range(milliseconds // FRAME_MS)]

    def _hear_packet(self) -> float:
        packet = self.track.next_packet()
        self.packets.append(bytes(packet))
        frames = self._decoder.decode(av.Packet(bytes(packet)))
        samples = [sample for frame in frames for sample in _samples(frame)]
        return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def _samples(frame: object) -> list[float]:
    assert isinstance(frame, av.AudioFrame)
    [mono] = av.AudioResampler(format='s16', layout='mono', rate=48_000).resample(frame)
    return list(array.array('h', bytes(mono.planes[0])[: mono.samples * 2]))


@pytest.fixture
def listener() -> Listener:
    return Listener(VoiceTrack())


def test_silence_costs_no_encoding(listener: Listener) -> None:
    assert listener.hear(100) == [0.0] * 5
    assert listener.packets == [SILENCE, *[REST] * 4]


def test_sound_is_played_once_and_in_time(listener: Listener) -> None:
    playback = listener.begin()
    assert not listener.reports
    playback.play(tone(300))
    assert listener.reports == ['started']
    playback.play(tone(200))
    playback.finish()

    loudness = listener.hear(700)
    assert listener.reports == ['started', 'stopped']
    assert all(level > 3000 for level in loudness[2:24])
    assert all(level < 30 for level in loudness[28:])
    assert (playback.milliseconds, playback.played_ms) == (500, 500)
    assert listener.packets.count(SILENCE) == 1
    assert listener.packets[-1] == REST


def test_stopped_comes_when_the_last_frame_has_been_heard(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(100))
    playback.finish()
    while playback.played_ms < 100:
        listener.hear(20)
    assert listener.reports == ['started']
    listener.hear(40)
    assert listener.reports == ['started', 'stopped']


def test_a_pause_in_the_synthesis_is_silence_and_no_end(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(100))
    listener.hear(300)
    assert listener.reports == ['started']
    playback.play(tone(100))
    assert max(listener.hear(100)) > 3000


def test_a_held_answer_resumes_where_it_paused(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(400))
    playback.finish()
    listener.hear(100)
    listener.track.hold(True)
    held = listener.hear(200)
    assert max(held[3:]) < 30
    assert playback.played_ms == 120, 'of which the last 20 ms faded out'
    listener.track.hold(False)
    assert min(listener.hear(260)[1:]) > 3000
    listener.hear(100)
    assert (playback.played_ms, listener.reports) == (400, ['started', 'stopped'])


def test_a_held_answer_that_is_interrupted_makes_no_more_sound(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(400))
    listener.hear(100)
    listener.track.hold(True)
    listener.hear(40)
    assert listener.track.flush() == [playback]
    listener.track.hold(False)
    assert max(listener.hear(200)[2:]) < 30


def test_one_response_waits_for_the_other(listener: Listener) -> None:
    first, second = listener.begin(' first'), listener.begin(' second')
    first.play(tone(100))
    second.play(tone(100))
    second.finish()
    first.finish()
    listener.hear(300)
    assert listener.reports == ['started first', 'stopped first', 'started second', 'stopped second']


def test_a_response_without_sound_does_not_block(listener: Listener) -> None:
    listener.begin(' silent').finish()
    listener.begin(' thinking')
    third = listener.begin(' third')
    third.play(tone(100))
    assert listener.reports == ['started third']


def test_flushing_falls_silent_within_a_frame(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(1000))
    listener.hear(200)
    lost = listener.track.flush()
    playback.play(tone(1000))
    playback.finish()

    assert lost == [playback]
    assert playback.played_ms == 200
    assert all(level < 300 for level in listener.hear(200)[2:])
    assert listener.reports == ['started'], 'what was cut off has not stopped'
    assert listener.track.flush() == []


def test_flushing_fades_instead_of_clicking() -> None:
    track = VoiceTrack()
    track.begin(on_started=lambda: None, on_stopped=lambda: None).play(tone(1000))
    for _ in range(5):
        track.next_frame()
    track.flush()
    samples = array.array('h', track.next_frame() or b'')
    assert max(samples[:300]) > 6000
    assert max(samples[-50:]) < 500
    assert track.next_frame() is None


def test_flushing_after_the_last_frame_loses_nothing(listener: Listener) -> None:
    playback = listener.begin()
    playback.play(tone(100))
    playback.finish()
    while playback.played_ms < 100:
        listener.hear(20)
    listener.hear((playback.milliseconds - playback.played_ms + 19) // 20 * 20)
    if not playback.over:
        listener.hear(20)
    assert listener.track.flush() == []
    assert listener.reports == ['started', 'stopped']


async def test_packets_are_rare_until_there_is_something_to_play(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    track = VoiceTrack(now=lambda: seconds[0])
    playback = track.begin(on_started=lambda: None, on_stopped=lambda: None)
    seconds_to_sound = 0.5

    async def sleep(wait: float) -> None:
        seconds[0] += wait

    async def wait_for(change: Coroutine[None, None, Literal[True]], most: float) -> None:
        nonlocal seconds_to_sound
        if most < seconds_to_sound:
            change.close()
            seconds[0] += most
            seconds_to_sound -= most
            raise TimeoutError
        seconds[0] += seconds_to_sound
        playback.play(tone(100))
        await change

    monkeypatch.setattr('components.engine.transport.voice_track.asyncio.sleep', sleep)
    monkeypatch.setattr('components.engine.transport.voice_track.asyncio.wait_for', wait_for)
    sent = []
    for _ in range(5):
        packet = await track.recv()
        sent.append((bytes(packet) if packet.size < 9 else b'sound', packet.pts, round(seconds[0] * 1000)))
    silence = [(SILENCE, 0, 0), (REST, 960, 20), (REST, 22 * 960, 440)]
    assert sent == [*silence, (b'sound', 26 * 960, 520), (b'sound', 27 * 960, 540)]


async def test_a_stall_shifts_the_sound_instead_of_ending_in_a_burst() -> None:
    seconds = [0.0]
    track = VoiceTrack(now=lambda: seconds[0])
    await track.recv()
    seconds[0] = 1.0
    await track.recv()
    seconds[0] = 1.02
    late = await track.recv()
    assert late.pts == 2 * 960

    # Were the lost second made up for, this packet would be due at once.
    waits: list[float] = []

    async def sleep(wait: float) -> None:
        waits.append(wait)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr('components.engine.transport.voice_track.asyncio.sleep', sleep)
        await track.recv()
    assert waits == [pytest.approx(0.02)]
