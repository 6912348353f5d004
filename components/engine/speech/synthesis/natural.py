"""hibari: natural voices for English, run by onnxruntime (https://github.com/MMWilliams/hibari, Apache-2.0).

This relies on names inside hibari 0.2.1, which is why `requirements.txt` pins the version.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnxruntime
from hibari import Hibari
from hibari.tts import ASSETS
from hibari.voices import VOICES
from numpy.typing import NDArray

from .pronunciation import Pronunciation
from .voices import NATURAL_DEFAULT

Samples = NDArray[np.float32]

NATURAL_RATE = 24_000  # samples per second: mono s16


class NaturalVoices:
    """The voices of hibari whose models are here. The default one is loaded at once, others when they first speak.

    One thread takes about 15 ms for a second of speech.
    """

    rate = NATURAL_RATE

    def __init__(self, models: Mapping[str, Path]) -> None:
        self.ability = f'hibari {version("hibari-tts")}'
        self._models = models
        self._loaded: dict[str, _NaturalVoice] = {}
        self._pronunciations: dict[bool, Pronunciation] = {}  # by whether it is British
        for _ in self.speak('Hello.', NATURAL_DEFAULT, 1.0):  # the first phrase loads data and is slow
            pass

    def __contains__(self, voice: str) -> bool:
        return voice in self._models

    def speak(self, text: str, voice: str, speed: float) -> Iterator[bytes]:
        """Say a phrase: mono s16 at `NATURAL_RATE`, in pieces of 0.1 seconds. A `speed` of 1.0 is the voice's own."""
        model = self._load(voice)
        plain = text.replace('](', '] (')  # [word](/phonemes/) would be a command
        sounds = [sound for sound in model.stream(plain, speed=speed) if len(sound)]
        pause = _CLAUSE_PAUSE if text.endswith(_CLAUSE_MARKS) else _SENTENCE_PAUSE
        for sound in sounds:
            samples = np.clip(_trimmed(sound, round(pause / speed * NATURAL_RATE)) * _GAIN, -1, 1)
            pcm = (samples * 32767).astype('<i2').tobytes()
            yield from (pcm[at : at + _PIECE_BYTES] for at in range(0, len(pcm), _PIECE_BYTES))

    def _load(self, voice: str) -> '_NaturalVoice':
        if voice not in self._loaded:
            british: bool = VOICES[voice]['british']
            if british not in self._pronunciations:
                self._pronunciations[british] = Pronunciation(british=british)
            self._loaded[voice] = _NaturalVoice(self._models[voice], self._pronunciations[british])
        return self._loaded[voice]


class _NaturalVoice(Hibari):  # type: ignore[misc]
    """One voice. Its session takes 20 MB less memory than that of `Hibari`, and it shares its pronunciation."""

    def __init__(self, model: Path, pronunciation: Pronunciation) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self.sess = onnxruntime.InferenceSession(str(model), options, providers=['CPUExecutionProvider'])
        self.vocab = json.loads(Path(ASSETS, 'vocab.json').read_bytes())
        self._g2p = pronunciation


def _trimmed(sound: Samples, pause: int) -> Samples:
    """The sound with so many samples of silence behind it, and none in front.

    hibari puts 0.3 seconds of silence in front of each phrase, and 0.2 to 0.5 behind it.
    """
    loud = np.flatnonzero(np.abs(sound) > _INAUDIBLE)
    if not len(loud):
        return sound[:0]
    end = loud[-1] + pause
    return np.pad(sound[max(0, loud[0] - _MARGIN) : end], (0, max(0, end - len(sound))))


_INAUDIBLE = 0.003  # speech has peaks of 0.2 to 0.4, the silence around it of less than 0.001
_MARGIN = round(0.02 * NATURAL_RATE)  # soft consonants begin below the limit
_GAIN = 1.5  # as loud as the simple voices
_SENTENCE_PAUSE, _CLAUSE_PAUSE = 0.3, 0.2  # seconds
_CLAUSE_MARKS = (',', ';', ':', '—', '–')
_PIECE_BYTES = NATURAL_RATE // 10 * 2
