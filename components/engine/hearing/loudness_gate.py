"""Tells cheaply which sound is loud enough to hold speech at all."""

from array import array
from collections import deque
from operator import mul


class LoudnessGate:
    """Open while a stream of sound (mono s16) is louder than its background.

    The background is the quietest frame of the newest three seconds, so the gate adapts to steady noise within that
    time, and to a quieter room at once.
    """

    def __init__(self) -> None:
        self._newest: deque[float] = deque(maxlen=_BACKGROUND_FRAMES)

    def is_open(self, frame: bytes) -> bool:
        """Whether the stream's next frame stands out from the background. Open for the first frames of a stream."""
        power = _power(frame)
        self._newest.append(power)
        if len(self._newest) < _FEWEST_FRAMES:
            return True
        return power > min(self._newest) * _MARGIN + _INAUDIBLE


def _power(frame: bytes) -> float:
    """The mean square of the samples, without a constant offset that a poor microphone adds."""
    samples = array('h', frame)
    mean = sum(samples) / len(samples)
    power: float = sum(map(mul, samples, samples)) / len(samples) - mean * mean
    return power


_BACKGROUND_FRAMES = 94  # three seconds of frames of 32 ms
_FEWEST_FRAMES = 10
_MARGIN = 1.6  # 2 dB; the power of frames of steady noise varies by 0.3 dB
_INAUDIBLE = 9.0  # the power of noise of 3 steps, -81 dB
