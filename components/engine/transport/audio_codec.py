"""Sound in events: `audio/pcm` (mono s16, 24 kHz) or G.711 (`audio/pcmu` and `audio/pcma`, 8 kHz)."""

from typing import Literal

import av

from components.engine.protocol.audio_config import AudioFormat
from components.engine.speech.resampler import samples_of
from components.engine.speech.speech_process import HEARING_RATE, SPEECH_RATE


class AudioDecoder:
    """Decodes sound of a client to mono s16 at `HEARING_RATE`."""

    def __init__(self, format: AudioFormat) -> None:
        self.format = format
        self._codec = _codec(format, 'r')
        self._resampler = av.AudioResampler(format='s16', layout='mono', rate=HEARING_RATE)

    def decode(self, sound: bytes) -> bytes:
        """Decode the next sound: any number of whole samples."""
        if not sound:
            return b''
        frames = [part for frame in self._codec.decode(av.Packet(sound)) for part in self._resampler.resample(frame)]
        return b''.join(map(samples_of, frames))


class AudioEncoder:
    """Encodes mono s16 at `rate` for a client."""

    def __init__(self, format: AudioFormat, *, rate: int = SPEECH_RATE) -> None:
        self._rate = rate
        self._codec = _codec(format, 'w')
        self._resampler = av.AudioResampler(format='s16', layout='mono', rate=self._codec.sample_rate)

    def encode(self, pcm: bytes) -> bytes:
        """Encode the next sound. A few samples are kept until the next call, or `finish`."""
        frame = av.AudioFrame(format='s16', layout='mono', samples=len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate = self._rate
        return self._encode(self._resampler.resample(frame))

    def finish(self) -> bytes:
        """Return the samples that were kept."""
        return self._encode(self._resampler.resample(None))

    def _encode(self, frames: list[av.AudioFrame]) -> bytes:
        return b''.join(bytes(packet) for frame in frames for packet in self._codec.encode(frame))


def _codec(format: AudioFormat, mode: Literal['r', 'w']) -> av.AudioCodecContext:
    name, rate = _CODECS[format]
    codec = av.CodecContext.create(name, mode)
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate = rate
    codec.layout = 'mono'
    codec.format = av.AudioFormat('s16')
    return codec


# The codecs' names in FFmpeg, and their samples per second in the Realtime API.
_CODECS: dict[AudioFormat, tuple[str, int]] = {
    'audio/pcm': ('pcm_s16le', 24_000),
    'audio/pcmu': ('pcm_mulaw', 8_000),
    'audio/pcma': ('pcm_alaw', 8_000),
}
