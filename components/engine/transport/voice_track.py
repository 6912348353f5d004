"""The track that carries the engine's voice to the browser: Opus at 48 kHz, encoded here, in frames of 20 ms."""

import array
import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from components.engine.protocol.audio_config import AudioFormat
from components.engine.speech.resampler import samples_of
from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.transport import ResponseAudio


class VoiceTrack(MediaStreamTrack):
    """Plays one response after the other, and rests between them.

    aiortc gets finished packets. Its own encoder hands every frame to another thread and encodes silence as well, which
    is half of the processor time of an idle call (engine measurements). While there is nothing to play, a packet leaves
    only every 400 ms, which is Opus's way to be silent ("DTX", section 3.1.3 of RFC 7587).
    """

    kind = 'audio'

    def __init__(self, *, now: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._now = now
        self._queue: deque[TrackAudio] = deque()
        self._fade: bytes | None = None
        self._held = False
        self._changed = asyncio.Event()  # there may be something to play
        self._encoder = _OpusEncoder()
        self._began: float | None = None
        self._pts = 0

    def begin(
        self, *, on_started: Callable[[], None], on_stopped: Callable[[], None], format: AudioFormat = 'audio/pcm'
    ) -> 'TrackAudio':
        """Begin a response. The track is Opus, regardless of the session's `format`."""
        return TrackAudio(self._enqueue, self._changed.set, on_started, on_stopped)

    def flush(self) -> list[ResponseAudio]:
        """Fall silent within 20 ms, fading out to avoid a click."""
        if self._queue and self._queue[0].over:
            self._queue.popleft().stop()
        lost: list[ResponseAudio] = list(self._queue)
        if not self._held and self._queue and self._queue[0].started and (frame := self._queue[0].next_frame()):
            self._fade = _faded(frame)
        for playback in self._queue:
            playback.discard()
        self._queue.clear()
        self._changed.set()
        return lost

    def hold(self, held: bool) -> None:
        """Pause while `held`, then continue where it stopped."""
        if held == self._held:
            return
        if held and (frame := self.next_frame()):
            self._fade = _faded(frame)
        self._held = held
        self._changed.set()

    async def recv(self) -> 'av.Packet[Any]':
        """Return the next packet when it is due. A stall of the loop delays what follows instead of causing a burst."""
        if self.readyState != 'live':
            raise MediaStreamError
        if self._began is None:
            self._began = self._now()
        if self._encoder.rests:
            await self._rest(self._began)
        wait = self._began + self._pts / RATE - self._now()
        if wait > 0:
            await asyncio.sleep(wait)
        elif wait < -_LONGEST_BURST:
            self._began -= wait
        return self.next_packet()

    def next_packet(self) -> 'av.Packet[Any]':
        """Encode the next 20 ms."""
        packet: av.Packet[Any] = av.Packet(self._encoder.encode(self.next_frame()))
        packet.pts = self._pts
        packet.time_base = _TIME_BASE
        self._pts += FRAME_SAMPLES
        return packet

    def next_frame(self) -> bytes | None:
        """Return the sound of the next 20 ms: mono s16 at `RATE`, or None for silence."""
        if self._fade:
            frame, self._fade = self._fade, None
            return frame
        if self._held:
            return None
        while self._queue and self._queue[0].over:
            self._queue.popleft().stop()
        if not self._queue:
            return None
        playback = self._queue[0]
        playback.start()
        sound = playback.next_frame()
        if sound:
            playback.played_ms += FRAME_MS
        return sound

    async def _rest(self, began: float) -> None:
        """Wait until there is something to play, or the next sign of life is due."""
        self._changed.clear()
        if self._has_something_to_play:
            return
        with suppress(TimeoutError):
            until = began + self._pts / RATE + _LONGEST_REST
            await asyncio.wait_for(self._changed.wait(), max(0.0, until - self._now()))
        self._pts = max(self._pts, round((self._now() - began) * RATE))

    @property
    def _has_something_to_play(self) -> bool:
        return bool(self._fade) or (not self._held and bool(self._queue) and self._queue[0].ready)

    def _enqueue(self, playback: 'TrackAudio') -> None:
        self._queue.append(playback)
        if self._queue[0] is playback:
            playback.start()


class TrackAudio:
    """The sound of one response, cut into frames of 20 ms."""

    def __init__(
        self,
        enqueue: Callable[['TrackAudio'], None],
        changed: Callable[[], None],
        on_started: Callable[[], None],
        on_stopped: Callable[[], None],
    ) -> None:
        self.started = False
        self.played_ms = 0
        self._enqueue = enqueue
        self._changed = changed
        self._on_started = on_started
        self._on_stopped = on_stopped
        self._resampler = av.AudioResampler(format='s16', layout='mono', rate=RATE)
        self._samples = 0
        self._frames: deque[bytes] = deque()
        self._rest = bytearray()
        self._queued = False
        self._finished = False

    @property
    def milliseconds(self) -> int:
        """The length of the sound added so far."""
        return self._samples * 1000 // SPEECH_RATE

    @property
    def over(self) -> bool:
        """Whether all of it has been played."""
        return self._finished and not self._frames

    @property
    def ready(self) -> bool:
        """Whether there is sound to be played, or the end to be reported."""
        return bool(self._frames) or self._finished

    def play(self, pcm: bytes) -> bytes:
        """Add sound: mono s16 at `SPEECH_RATE`. Returns nothing, since sound has a track here."""
        if self._finished or not pcm:
            return b''
        frame = av.AudioFrame(format='s16', layout='mono', samples=len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate = SPEECH_RATE
        frame.pts = self._samples
        frame.time_base = Fraction(1, SPEECH_RATE)
        self._samples += frame.samples
        self._cut(self._resampler.resample(frame))
        if not self._queued:
            self._queued = True
            self._enqueue(self)
        self._changed()
        return b''

    def finish(self) -> bytes:
        """End the sound."""
        if self._finished:
            return b''
        self._finished = True
        if self._queued:
            self._cut(self._resampler.resample(None))
            if self._rest:
                self._frames.append(bytes(self._rest.ljust(_FRAME_BYTES, b'\0')))
            self._changed()
        return b''

    def discard(self) -> None:
        """Play nothing more and report nothing more."""
        self._finished = True

    def next_frame(self) -> bytes | None:
        """Take the next 20 ms: mono s16 at `RATE`, or None if no sound is ready."""
        return self._frames.popleft() if self._frames else None

    def start(self) -> None:
        """Report the start, once."""
        if not self.started:
            self.started = True
            self._on_started()

    def stop(self) -> None:
        """Report that everything was played."""
        self._on_stopped()

    def _cut(self, frames: list[av.AudioFrame]) -> None:
        for frame in frames:
            self._rest += samples_of(frame)
        while len(self._rest) >= _FRAME_BYTES:
            self._frames.append(bytes(self._rest[:_FRAME_BYTES]))
            del self._rest[:_FRAME_BYTES]


class _OpusEncoder:
    """Encodes frames of 20 ms. Silence, which is None, needs no encoding.

    `rests` tells that the receiver goes on with silence by itself.
    """

    def __init__(self) -> None:
        self._codec = av.CodecContext.create('libopus', 'w')
        assert isinstance(self._codec, av.AudioCodecContext)
        self._codec.bit_rate = 32_000
        self._codec.format = av.AudioFormat('s16')
        self._codec.layout = 'mono'
        self._codec.sample_rate = RATE
        self._codec.time_base = _TIME_BASE
        self._codec.options = {'application': 'voip', 'compression_level': '5'}
        self._pts = 0
        self._decay = 0
        self._silent = False
        self.rests = False

    def encode(self, pcm: bytes | None) -> bytes:
        if pcm is None:
            if self._decay == 0:
                self._silent, self.rests = True, self._silent
                return _REST if self.rests else _SILENCE
            self._decay -= 1
            pcm = bytes(_FRAME_BYTES)
        else:
            self._decay = _DECAY_FRAMES
            self._silent = self.rests = False
        frame = av.AudioFrame(format='s16', layout='mono', samples=FRAME_SAMPLES)
        frame.planes[0].update(pcm)
        frame.sample_rate = RATE
        frame.pts = self._pts
        frame.time_base = _TIME_BASE
        self._pts += FRAME_SAMPLES
        packets = self._codec.encode(frame)
        return bytes(packets[0]) if packets else _SILENCE


def _faded(frame: bytes) -> bytes:
    """Return the frame faded to silence by its half: 10 ms are quick, and long enough to avoid a click."""
    samples = array.array('h', frame[: _FRAME_BYTES // 2])
    count = len(samples)
    faded = array.array('h', (sample * (count - at) // count for at, sample in enumerate(samples)))
    return faded.tobytes().ljust(_FRAME_BYTES, b'\0')


RATE = 48_000
FRAME_MS = 20
FRAME_SAMPLES = RATE * FRAME_MS // 1000
_FRAME_BYTES = FRAME_SAMPLES * 2
_TIME_BASE = Fraction(1, RATE)
_LONGEST_BURST = 0.2  # seconds
# 20 ms of CELT silence: decodes to zeros, and speech resumes cleanly after it. A few really encoded frames of zeros
# come first, so that the decoder's tail decays (engine measurements). A packet without content comes behind it, which
# tells the receiver to go on with silence until the next packet.
_SILENCE = b'\xf8\xff\xfe'
_REST = b'\xf8'
_DECAY_FRAMES = 5
_LONGEST_REST = 0.4  # seconds, as libopus has it: the receiver shall not think that the network is gone
