"""Sound at another rate."""

import random
from array import array

import av

from components.engine.speech.resampler import FrameResampler, samples_of


def noise(samples: int) -> av.AudioFrame:
    frame = av.AudioFrame(format='s16', layout='mono', samples=samples)
    frame.planes[0].update(array('h', (random.randint(-9_000, 9_000) for _ in range(samples))).tobytes())
    frame.sample_rate = 48_000
    return frame


def test_frames_become_what_pyav_makes_of_them() -> None:
    ours = FrameResampler(48_000, 16_000)
    theirs = av.AudioResampler(format='s16', layout='mono', rate=16_000)
    for samples in (1, 2, 40, 120, 960, 960, 1_920, 2_880, 5_760, 3, 960):
        frame = noise(samples)
        assert ours.resample(frame) == b''.join(map(samples_of, theirs.resample(frame)))
