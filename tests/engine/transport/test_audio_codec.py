"""Sound on its way through a WebSocket: the same tone comes out, at another rate and in another format."""

import array
import math
from itertools import pairwise

import pytest

from components.engine.protocol.audio_config import AudioFormat
from components.engine.speech.speech_process import HEARING_RATE, SPEECH_RATE
from components.engine.transport.audio_codec import AudioDecoder, AudioEncoder


def tone(rate: int) -> bytes:
    """A second of 440 Hz."""
    return array.array('h', (round(8000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(rate))).tobytes()


@pytest.mark.parametrize(('format', 'size'), [('audio/pcm', 48_000), ('audio/pcmu', 8_000), ('audio/pcma', 8_000)])
def test_a_tone_survives_the_round_trip_to_the_client(format: AudioFormat, size: int) -> None:
    encoder, decoder = AudioEncoder(format), AudioDecoder(format)
    pcm = tone(SPEECH_RATE)
    sound = b''.join(encoder.encode(pcm[at : at + 4410]) for at in range(0, len(pcm), 4410)) + encoder.finish()
    assert len(sound) == pytest.approx(size, abs=4)

    heard = array.array('h', b''.join(decoder.decode(sound[at : at + 480]) for at in range(0, len(sound), 480)))
    assert len(heard) == pytest.approx(HEARING_RATE, rel=0.01)
    assert max(heard) == pytest.approx(8000, rel=0.05)
    assert sum(a < 0 <= b for a, b in pairwise(heard)) == pytest.approx(440, abs=2)


def test_no_sound_is_no_sound() -> None:
    assert AudioDecoder('audio/pcm').decode(b'') == b''
