"""Sounds that are nobody's voice: mono s16 at 16 kHz, made on the spot."""

import array
import math
from collections.abc import Callable, Iterable
from random import Random

RATE = 16_000
VOICE_LIKE_COUGHS = (43, 50, 72, 115, 270, 299)  # of the first 400, those that are hard to tell from speech


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def white_noise(seconds: float) -> bytes:
    """A loud rush, like a fan beside the microphone."""
    random = Random('white')
    return _sound(seconds, lambda t: random.gauss(0, 0.1))


def quiet_noise(seconds: float) -> bytes:
    """Noise at -50 dB of full scale, as from a good microphone in an empty room."""
    random = Random('quiet')
    return _sound(seconds, lambda t: random.gauss(0, 10 ** (-50 / 20)))


def clicks(seconds: float) -> bytes:
    """Three keys a second are typed: bursts of noise of 5 ms."""
    random = Random('clicks')
    return _sound(seconds, lambda t: random.uniform(-0.8, 0.8) if t % 0.33 < 0.005 else 0.0)


def coughs(seconds: float, *, first: int = 0) -> bytes:
    """Somebody else coughs every two seconds, beginning with the cough of this number."""
    sound = b''.join(cough(number).ljust(4 * RATE, b'\0') for number in range(first, first + math.ceil(seconds / 2)))
    return sound[: 2 * round(seconds * RATE)]


def cough(number: int) -> bytes:
    """One of any number of coughs, of up to three bursts, by as many throats.

    As a real one: a burst of air, the rush after it, and often a voiced end whose pitch falls, all of it through the
    resonances of a vocal tract. That makes it more like speech than any other noise.
    """
    random = Random(f'cough {number}')
    pitch, fall, voiced = random.uniform(110, 320), random.uniform(0.2, 0.8), random.random()
    burst, rush, end = random.uniform(0.02, 0.06), random.uniform(0.08, 0.25), random.uniform(0.05, 0.25)
    tract = [
        Resonance(random.uniform(low, high), width)
        for low, high, width in ((500, 850, 140), (1000, 1700, 180), (2300, 2900, 250), (3300, 3900, 400))
    ]
    phase = 0.0

    def wave(t: float) -> float:
        nonlocal phase
        after = t - burst
        if t < burst:
            loudness, voice = min(1.0, t / 0.004), 0.1 * voiced
        elif after < rush:
            loudness, voice = 0.6 * math.exp(-5 * after), 0.5 * voiced
        else:
            loudness, voice = 0.6 * math.exp(-5 * rush - 10 * (after - rush)), voiced
        phase += pitch * (1 + fall * math.exp(-10 * t)) * random.gauss(1, 0.03) / RATE
        pulse = 0.0
        if phase >= 1:  # the vocal folds close
            phase -= 1
            pulse = random.gauss(8, 2.4)
        air = loudness * ((1 - voice) * random.gauss(0, 1) + voice * pulse)
        return 0.1 * air * (1 - voice) + sum(resonance.feed(air) for resonance in tract)

    bursts = random.choice((1, 1, 2, 3))
    length = round((burst + rush + end) * RATE)
    pause = [0.0] * round(0.15 * RATE)
    samples = [sample for _ in range(bursts) for sample in [*(wave(step / RATE) for step in range(length)), *pause]]
    loudest = max(map(abs, samples))
    return _pcm(0.85 * sample / loudest for sample in samples)


def hum(number: int) -> bytes:
    """One of any number of hums of a listener with closed lips, by as many throats: "mm-hm", "hmm" or "mm".

    Pulses of the vocal folds ring in the nose, which leaves little above 1 kHz. A breath parts "mm" and "hm".
    """
    random = Random(f'hum {number}')
    pitch = random.uniform(90, 260)
    nose = [
        (Resonance(random.uniform(low, high), width), gain)
        for low, high, width, gain in ((230, 320, 60, 1.0), (950, 1150, 200, 0.15), (2100, 2500, 300, 0.05))
    ]
    length, rise = random.uniform(0.15, 0.25), random.uniform(1.1, 1.4)
    notes = random.choice(
        (
            [(length, 1.0, 0.95), (random.uniform(0.15, 0.35), 0.95, rise)],
            [(random.uniform(0.3, 0.6), rise, 0.9)],
            [(length, 1.0, 1.0)],
        )
    )
    phase = 0.0
    samples: list[float] = []
    for at, (seconds, begin, end) in enumerate(notes):
        if at:
            samples += [random.gauss(0, 0.004) for _ in range(round(0.07 * RATE))]
        for step in range(round(seconds * RATE)):
            t = step / RATE
            phase += pitch * (begin + (end - begin) * t / seconds) * random.gauss(1, 0.02) / RATE
            pulse = 0.0
            if phase >= 1:
                phase -= 1
                pulse = random.gauss(8, 1)
            loudness = min(1.0, t / 0.03, (seconds - t) / 0.06)
            samples.append(loudness * sum(gain * resonance.feed(pulse) for resonance, gain in nose))
    loudest = max(map(abs, samples))
    return _pcm(0.5 * sample / loudest for sample in samples)


def door_slams(seconds: float) -> bytes:
    """A door falls shut every two seconds: a crack, the low boom of the wall, and a latch that rattles."""
    random = Random('door')

    def slam(t: float) -> float:
        since = t % 2.0
        crack = random.gauss(0, 0.5) * math.exp(-60 * since)
        boom = sum(math.sin(math.tau * mode * since) * math.exp(-9 * since) for mode in (62, 97, 141, 230)) / 4
        rattle = random.gauss(0, 0.15) * math.exp(-12 * since) * (since % 0.045 < 0.006)
        return crack + boom + rattle

    return _sound(seconds, slam)


def music(seconds: float) -> bytes:
    """Chords of three notes with harmonics, half a second each, struck as softly as a piano's."""
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))

    def chord(t: float) -> float:
        notes = chords[int(t / 0.5) % len(chords)]
        tones = (math.sin(math.tau * note * n * t) / n for note in notes for n in (1, 2, 3))
        since = t % 0.5
        return 0.12 * min(since / 0.02, (0.5 - since) / 0.02, math.exp(-2 * since)) * sum(tones)

    return _sound(seconds, chord)


class Resonance:
    """Lets one frequency ring. `width` tells in Hz how soon it fades."""

    def __init__(self, frequency: float, width: float) -> None:
        decay = math.exp(-math.pi * width / RATE)
        self._gain = 1 - decay
        self._first, self._second = 2 * decay * math.cos(math.tau * frequency / RATE), -decay * decay
        self._last = self._before_last = 0.0

    def feed(self, sample: float) -> float:
        ringing = self._gain * sample + self._first * self._last + self._second * self._before_last
        self._last, self._before_last = ringing, self._last
        return ringing


def _sound(seconds: float, wave: Callable[[float], float]) -> bytes:
    return _pcm(wave(step / RATE) for step in range(round(seconds * RATE)))


def _pcm(samples: Iterable[float]) -> bytes:
    return array.array('h', (round(32_000 * max(-1.0, min(1.0, sample))) for sample in samples)).tobytes()
