"""Python sees in a relayed call that somebody is there."""

import pytest

from components.relay.life import LifeSigns

STARTED = {'type': 'input_audio_buffer.speech_started'}
STOPPED = {'type': 'input_audio_buffer.speech_stopped'}
NUDGED = {'type': 'input_audio_buffer.timeout_triggered'}
SOUND = {'type': 'response.output_audio.delta'}


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def signs(seen: list[str]) -> LifeSigns:
    return LifeSigns(lambda: seen.append('life'))


def test_somebody_is_there_as_long_as_they_speak(signs: LifeSigns, seen: list[str]) -> None:
    signs.send_sound()
    assert not seen, 'a microphone alone says nothing'
    signs.receive(STARTED)
    signs.send_sound()
    signs.send_sound()
    assert len(seen) == 3
    signs.receive(STOPPED)
    signs.send_sound()
    assert len(seen) == 3


def test_an_answer_is_no_silence_unless_it_was_given_because_of_the_silence(signs: LifeSigns, seen: list[str]) -> None:
    signs.receive(SOUND)
    assert len(seen) == 1
    signs.receive(NUDGED)
    signs.receive(SOUND)
    assert len(seen) == 1
    signs.receive(STARTED)
    signs.receive(SOUND)
    assert len(seen) == 3


@pytest.mark.parametrize(
    ('event', 'told'),
    [
        ('{"type":"conversation.item.create","item":{}}', 1),
        ('{"type":"input_audio_buffer.commit"}', 1),
        ('{"type":"session.update"}', 0),
    ],
)
def test_what_is_written_or_said_by_hand_counts(signs: LifeSigns, seen: list[str], event: str, told: int) -> None:
    signs.send(event)
    assert len(seen) == told
