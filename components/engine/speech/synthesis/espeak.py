"""espeak-ng: simple voices for many languages. A library under the GPL 3, which only the worker process loads."""

import ctypes
from collections.abc import Callable
from importlib.metadata import version

from .voices import VOICES, SimpleVoice

ESPEAK_RATE = 22_050  # samples per second: mono s16


class EspeakError(Exception):
    """The library refused something."""


class Espeak:
    """The C library, as far as it is used here: https://github.com/espeak-ng/espeak-ng (speak_lib.h).

    It takes 3 ms for a second of speech. Raises ImportError, OSError or EspeakError if it is missing or does not work.
    """

    rate = ESPEAK_RATE

    def __init__(self) -> None:
        import espeakng_loader

        self.ability = f'espeak-ng (espeakng-loader {version("espeakng-loader")})'
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        rate = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS, data, _INITIALIZE_DONT_EXIT)
        if rate != ESPEAK_RATE:
            raise EspeakError(f'The speech synthesiser did not start (espeak_Initialize gave {rate}).')
        self._hear: Callable[[bytes], None] = lambda pcm: None
        self._on_samples = _ON_SAMPLES(self._take_samples)  # kept, as the library does not own it
        self._library.espeak_SetSynthCallback(self._on_samples)
        self.speak('Hello.', VOICES['alloy'].simple, 'en', 1.0, lambda pcm: None)  # the first phrase loads data

    def speak(self, text: str, voice: SimpleVoice, language: str, speed: float, hear: Callable[[bytes], None]) -> None:
        """Say a phrase and hand its sound (mono s16 at `ESPEAK_RATE`) to `hear` piece by piece.

        A language that the library does not know is read as English. Raises EspeakError.
        """
        self._hear = hear
        self._choose(voice, language)
        words_per_minute = min(max(round(voice.rate * speed), _SLOWEST), _FASTEST)
        for parameter, value in ((_RATE_PARAMETER, words_per_minute), (_PITCH, voice.pitch), (_RANGE, voice.range)):
            self._check(self._library.espeak_SetParameter(parameter, value, 0), 'a setting')
        plain = text.encode(errors='replace') + b'\0'
        # Without a pause, sentences would run into each other; with one, the clauses of a sentence would fall apart.
        flags = _CHARACTERS_UTF8 | (0 if text.endswith(_CLAUSE_MARKS) else _END_PAUSE)
        size = ctypes.c_size_t(len(plain))
        self._check(self._library.espeak_Synth(plain, size, 0, _POSITION_CHARACTER, 0, flags, None, None), 'a text')

    def _choose(self, voice: SimpleVoice, language: str) -> None:
        names = [voice.accent + voice.timbre]
        if language != 'en':
            names.insert(0, _NAMES.get(language, language) + voice.timbre)
        status = 0
        for name in names:
            if not (status := self._library.espeak_SetVoiceByName(name.encode())):
                return
        self._check(status, f'the voice {names[-1]}')

    def _take_samples(self, samples: 'ctypes._Pointer[ctypes.c_short]', count: int, events: int | None) -> int:
        if count > 0:
            self._hear(ctypes.string_at(samples, count * 2))
        return 0

    @staticmethod
    def _check(status: int, what: str) -> None:
        if status:
            raise EspeakError(f'The speech synthesiser refused {what} (status {status}).')


_NAMES = {'zh': 'cmn', 'no': 'nb'}  # languages that espeak-ng calls otherwise
_CLAUSE_MARKS = (',', ';', ':', '—', '–', '，', '、', '；', '：')

# Constants of speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_POSITION_CHARACTER = 1
_CHARACTERS_UTF8 = 1
_END_PAUSE = 0x1000
_RATE_PARAMETER, _PITCH, _RANGE = 1, 3, 4
_SLOWEST, _FASTEST = 80, 450  # words per minute
_ON_SAMPLES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

_BUFFER_MS = 100  # of sound per piece
