"""Sounds that are nobody's voice: mono s16 at 16 kHz, made on the spot."""

import array
import math
from collections.abc import Callable
from random import Random

RATE = 16_000


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def white_noise(seconds: float) -> bytes:
    """A loud rush, like a fan beside the microphone."""
    random = Random('white')
    return _sound(seconds, lambda t: random.gauss(0, 0.1))


def clicks(seconds: float) -> bytes:
    """Three keys a second are typed: bursts of noise of 5 ms."""
    random = Random('clicks')
    return _sound(seconds, lambda t: random.uniform(-0.8, 0.8) if t % 0.33 < 0.005 else 0.0)


def coughs(seconds: float) -> bytes:
    """A burst of noise every two seconds that fades away within a quarter of a second."""
    random = Random('cough')
    return _sound(seconds, lambda t: random.gauss(0, 0.3) * math.exp(-12 * (t % 2.0)))


def music(seconds: float) -> bytes:
    """Chords of three notes with harmonics, half a second each, struck as softly as a piano's."""
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))

    def chord(t: float) -> float:
        notes = chords[int(t / 0.5) % len(chords)]
        tones = (math.sin(math.tau * note * n * t) / n for note in notes for n in (1, 2, 3))
        since = t % 0.5
        return 0.12 * min(since / 0.02, (0.5 - since) / 0.02, math.exp(-2 * since)) * sum(tones)

    return _sound(seconds, chord)


def _sound(seconds: float, wave: Callable[[float], float]) -> bytes:
    samples = (wave(step / RATE) for step in range(round(seconds * RATE)))
    return array.array('h', (round(32_000 * max(-1.0, min(1.0, sample))) for sample in samples)).tobytes()
