"""Speech synthesis by espeak-ng, a library under the GPL 3. It is loaded by the worker's process only."""

import ctypes
from collections.abc import Callable
from importlib.metadata import version

from .frames import Failed, Message, Sound, Speak, Spoken
from .missing import SYNTHESISER
from .stage import Send, StageMissingError
from .voices import VOICE_RATE, VOICES, Voice


def open_synthesiser(send: Send) -> 'Synthesiser':
    """The synthesiser of this machine. Raises StageMissingError where espeakng-loader is not installed or broken."""
    try:
        espeak = Espeak()
    except (ImportError, OSError, EspeakError) as error:
        raise StageMissingError(SYNTHESISER) from error
    return Synthesiser(send, espeak=espeak, ability=f'espeak-ng (espeakng-loader {version("espeakng-loader")})')


class Synthesiser:
    """Speaks phrases in the voices of `VOICES`, a thousand times faster than real time (engine measurements)."""

    def __init__(self, send: Send, *, espeak: 'Espeak', ability: str) -> None:
        self.ability = ability
        self._send = send
        self._espeak = espeak
        espeak.speak('Hello.', VOICES['alloy'], 1.0, lambda pcm: None)  # the first phrase loads data and is slow

    def take(self, request: Message) -> None:
        """Do what is asked."""
        match request:
            case Speak(id, text, voice, speed):
                try:
                    self._espeak.speak(text, VOICES[voice], speed, lambda pcm: self._send(Sound(id, pcm)))
                except EspeakError as error:
                    self._send(Failed(id, str(error)))
                else:
                    self._send(Spoken(id))

    def catch_up(self) -> None:
        """Does nothing: no work waits here."""


class EspeakError(Exception):
    """The library refused something."""


class Espeak:
    """The C library, as far as it is used here: https://github.com/espeak-ng/espeak-ng (speak_lib.h)."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        rate = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS, data, _INITIALIZE_DONT_EXIT)
        if rate != VOICE_RATE:
            raise EspeakError(f'The speech synthesiser did not start (espeak_Initialize gave {rate}).')
        self._hear: Callable[[bytes], None] = lambda pcm: None
        self._on_samples = _ON_SAMPLES(self._take_samples)  # kept, as the library does not own it
        self._library.espeak_SetSynthCallback(self._on_samples)

    def speak(self, text: str, voice: Voice, speed: float, hear: Callable[[bytes], None]) -> None:
        """Say plain text and hand the sound (mono s16 at `VOICE_RATE`) to `hear` piece by piece. Raises EspeakError."""
        self._hear = hear
        self._check(self._library.espeak_SetVoiceByName(voice.variant.encode()), f'the voice {voice.variant}')
        words_a_minute = min(max(round(voice.rate * speed), _SLOWEST), _FASTEST)
        for parameter, value in ((_RATE_PARAMETER, words_a_minute), (_PITCH, voice.pitch), (_RANGE, voice.range)):
            self._check(self._library.espeak_SetParameter(parameter, value, 0), 'a setting')
        plain = text.encode(errors='replace') + b'\0'
        flags = _CHARACTERS_UTF8 | _END_PAUSE
        size = ctypes.c_size_t(len(plain))
        self._check(self._library.espeak_Synth(plain, size, 0, _POSITION_CHARACTER, 0, flags, None, None), 'a text')

    def _take_samples(self, samples: 'ctypes._Pointer[ctypes.c_short]', count: int, events: int | None) -> int:
        if count > 0:
            self._hear(ctypes.string_at(samples, count * 2))
        return 0

    @staticmethod
    def _check(status: int, what: str) -> None:
        if status:
            raise EspeakError(f'The speech synthesiser refused {what} (status {status}).')


# Constants of speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_POSITION_CHARACTER = 1
_CHARACTERS_UTF8 = 1
_END_PAUSE = 0x1000  # without it, sentences said one by one would run into each other
_RATE_PARAMETER, _PITCH, _RANGE = 1, 3, 4
_SLOWEST, _FASTEST = 80, 450  # words a minute
_ON_SAMPLES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

_BUFFER_MS = 100  # of sound per piece
