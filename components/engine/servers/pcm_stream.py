"""Sound as it streams from a speech server."""

import struct

from components.engine.speech.resampler import Resampler
from components.engine.speech.speech_process import SPEECH_RATE


class PcmStream:
    """Converts what a server sends, in pieces of any size, to mono s16 at `SPEECH_RATE`.

    Servers send bare s16 at `SERVER_RATE`, as in OpenAI's API, or a WAV file, which some send in any case.
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._begun = False
        self._resampler = Resampler(SERVER_RATE, SPEECH_RATE)
        self._frame_bytes = 2
        self._bytes_left = _NO_END

    def read(self, data: bytes) -> bytes:
        """Take the next bytes and return the next sound.

        Raises:
            ValueError: This is a WAV file of another kind than 16-bit PCM. The message names what it is.
        """
        self._rest += data
        if not self._begun:
            self._begin()
        return self._take() if self._begun else b''

    def finish(self) -> bytes:
        """Return the last sound."""
        if not self._begun and not self._rest.startswith(b'RIFF'):
            self._begun = True
        return (self._take() if self._begun else b'') + self._resampler.finish()

    def _begin(self) -> None:
        """Find out what is being sent, once enough has arrived."""
        if len(self._rest) < _RIFF_BYTES:
            return
        if not (self._rest.startswith(b'RIFF') and self._rest[8:12] == b'WAVE'):
            self._begun = True
            return
        at = _RIFF_BYTES
        while len(self._rest) >= at + _CHUNK.size:
            name, size = _CHUNK.unpack_from(self._rest, at)
            at += _CHUNK.size
            if name == b'data':
                self._begun = True
                self._bytes_left = size if 0 < size < _ENDLESS else _NO_END
                del self._rest[:at]
                return
            if name == b'fmt ' and len(self._rest) >= at + _FORMAT.size:
                self._understand(*_FORMAT.unpack_from(self._rest, at))
            at += size + size % 2
        if len(self._rest) > _LONGEST_HEADER:
            raise ValueError('a WAV file without sound')

    def _understand(self, kind: int, channels: int, rate: int, bytes_a_second: int, block: int, bits: int) -> None:
        if kind not in _PCM_KINDS or channels not in (1, 2) or bits != 16 or not 8_000 <= rate <= 96_000:
            raise ValueError('a WAV file that is not 16-bit PCM')
        self._frame_bytes = 2 * channels
        self._resampler = Resampler(rate, SPEECH_RATE, 'stereo' if channels == 2 else 'mono')

    def _take(self) -> bytes:
        count = min(len(self._rest), self._bytes_left)
        count -= count % self._frame_bytes
        pcm = bytes(self._rest[:count])
        del self._rest[:count]
        self._bytes_left -= count
        return self._resampler.resample(pcm)


SERVER_RATE = 24_000  # samples a second of bare PCM
_RIFF_BYTES = 12
_CHUNK = struct.Struct('<4sI')
_FORMAT = struct.Struct('<HHIIHH')  # of WAVEFORMATEX
_PCM_KINDS = (1, 0xFFFE)  # WAVE_FORMAT_PCM and _EXTENSIBLE
_ENDLESS = 0x7FFF_0000  # servers that do not know the length write about this, or about twice this
_NO_END = 1 << 62
_LONGEST_HEADER = 65_536
