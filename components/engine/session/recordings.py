"""The sound of what the user said, for clients that retrieve it."""

import base64

from components.engine.protocol.audio_config import AudioFormat
from components.engine.speech.speech_process import HEARING_RATE
from components.engine.transport.audio_codec import AudioEncoder


class Recordings:
    """The sound of the user's newest items: mono s16 at `HEARING_RATE`, five minutes in all."""

    def __init__(self) -> None:
        self._sounds: dict[str, bytes] = {}  # by item, the oldest first
        self._size = 0

    def keep(self, item_id: str, pcm: bytes) -> None:
        """Add the sound of an item. The oldest sounds make room for it."""
        self._sounds[item_id] = pcm
        self._size += len(pcm)
        while self._size > _MOST_BYTES:
            self.forget(next(iter(self._sounds)))

    def forget(self, item_id: str) -> None:
        """Delete the sound of an item, if there is any."""
        self._size -= len(self._sounds.pop(item_id, b''))

    def encoded(self, item_id: str, format: AudioFormat) -> str | None:
        """Return the sound of an item in base64, as events carry it, or None if there is none."""
        pcm = self._sounds.get(item_id)
        if not pcm:
            return None
        encoder = AudioEncoder(format, rate=HEARING_RATE)
        return base64.b64encode(encoder.encode(pcm) + encoder.finish()).decode()


_MOST_BYTES = 5 * 60 * HEARING_RATE * 2
