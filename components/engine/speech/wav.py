"""Sound as a WAV file, for programs that take nothing else."""

import io
import wave

HEARING_RATE = 16_000  # samples a second of what is heard: mono s16


def wav(pcm: bytes, *, rate: int = HEARING_RATE) -> bytes:
    """The file that holds mono s16 at `rate` samples a second."""
    file = io.BytesIO()
    with wave.open(file, 'wb') as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(pcm)
    return file.getvalue()
