"""The sound of the user's messages, as clients retrieve it."""

import base64

from components.engine.session.recordings import Recordings
from components.engine.speech.speech_process import HEARING_RATE

SECOND = bytes(HEARING_RATE * 2)


def test_sound_comes_back_in_the_format_of_the_session() -> None:
    recordings = Recordings()
    recordings.keep('item_1', SECOND)
    pcm = recordings.encoded('item_1', 'audio/pcm')
    telephone = recordings.encoded('item_1', 'audio/pcmu')
    assert pcm
    assert telephone
    assert abs(len(base64.b64decode(pcm)) - 48_000) < 100
    assert abs(len(base64.b64decode(telephone)) - 8_000) < 100


def test_deleted_and_empty_sound_does_not_come_back() -> None:
    recordings = Recordings()
    recordings.keep('item_1', SECOND)
    recordings.forget('item_1')
    recordings.forget('item_2')
    recordings.keep('item_3', b'')
    assert [recordings.encoded(f'item_{n}', 'audio/pcm') for n in (1, 2, 3)] == [None, None, None]


def test_the_oldest_sound_makes_room() -> None:
    recordings = Recordings()
    for minute in range(7):
        recordings.keep(f'minute {minute}', SECOND * 60)
    assert [recordings.encoded(f'minute {n}', 'audio/pcm') is not None for n in range(7)] == [False] * 2 + [True] * 5
