"""Sounds for tests: the spoken sentences of `tests/sounds`, joined by pauses."""

import re
import wave
from collections.abc import Sequence
from pathlib import Path

import av

SOUNDS = Path(__file__).with_name('sounds')
RATE = 48_000  # of the files, mono s16


def microphone(path: Path, *script: str | float) -> Path:
    """Write to `path` what a microphone hears, a WAV file that Chromium's fake device can play, and return the path.

    The script names sentences and gives pauses in seconds: `microphone(tmp_path / 'mic.wav', 2.0, 'hello', 8.0)`.

    A test that asks for every word begins with a pause that is longer than connecting takes on a busy machine. When a
    call begins to sound, Chromium's echo canceller starts anew and drops 12 ms of the microphone; in the middle of
    "can", that was heard as "to" in one of ten calls.
    """
    with wave.open(str(path), 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_join(script))
    return path


def heard(*script: str | float) -> bytes:
    """The same as the engine hears it: mono s16 at 16 kHz."""
    pcm = _join(script)
    frame = av.AudioFrame(format='s16', layout='mono', samples=len(pcm) // 2)
    frame.planes[0].update(pcm)
    frame.sample_rate = RATE
    resampler = av.AudioResampler(format='s16', layout='mono', rate=16_000)
    # Planes are padded, so only the samples that they hold are taken.
    return b''.join(
        bytes(part.planes[0])[: part.samples * 2] for part in [*resampler.resample(frame), *resampler.resample(None)]
    )


def _join(script: Sequence[str | float]) -> bytes:
    return b''.join(sentence(part) if isinstance(part, str) else bytes(2 * round(part * RATE)) for part in script)


def words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation: what a recogniser must hear of a clear sentence."""
    return re.findall(r"[\w']+", text.lower().replace('’', "'"))


def sentence(name: str) -> bytes:
    """The samples of one spoken sentence: mono s16 at `RATE`."""
    with wave.open(str(SOUNDS / f'{name}.wav'), 'rb') as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), name
        return file.readframes(file.getnframes())
