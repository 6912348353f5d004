"""Speech for benchmarks, with what is said: human clips that packages ship, and synthetic ones made on the spot.

Sound is mono s16 at 16 kHz, which is what the engine hears.
"""

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from components.engine.speech.frames import Message, Speak, Speech
from components.engine.speech.resampler import Resampler
from components.engine.speech.synthesis.synthesiser import Synthesiser, open_synthesiser
from components.engine.speech.wav import HEARING_RATE

POCKETSPHINX = Path('/usr/share/pocketsphinx/test/data')  # of the Debian package pocketsphinx-testdata
VOICES = {'hibari': 'marin', 'eSpeak': 'alloy', 'eSpeak, another voice': 'echo'}


@dataclass(frozen=True)
class Clip:
    """Some speech, and its words."""

    group: str
    text: str
    sound: bytes


@cache
def _synthesiser() -> tuple[Synthesiser, list[Message]]:
    said: list[Message] = []
    return open_synthesiser(said.append), said


def say(text: str, voice: str) -> bytes:
    """Speak a text in one of the engine's voices."""
    synthesiser, said = _synthesiser()
    said.clear()
    synthesiser.take(Speak(0, text, voice, 1.0, 'en'))
    pieces = [message for message in said if isinstance(message, Speech)]
    resampler = Resampler(pieces[0].rate, HEARING_RATE)
    return b''.join([*(resampler.resample(piece.pcm) for piece in pieces), resampler.finish()])


def human_clips() -> Iterator[Clip]:
    """Sentences that people read: those of moonshine-voice, and of pocketsphinx-testdata where it is installed."""
    for file, sentences in _MOONSHINE.items():
        sound = _read(_moonshine_assets() / file)
        for begin, end, text in sentences:
            yield Clip('human', text, sound[_at(begin) : _at(end)])
    for file, text in _POCKETSPHINX.items():
        if (path := POCKETSPHINX / file).exists():
            yield Clip('human', text, _read(path))


def synthetic_clips() -> Iterator[Clip]:
    """Sentences of a voice assistant's day, in each of the `VOICES`, and by flite where it is installed."""
    for name, voice in VOICES.items():
        for text in SENTENCES:
            yield Clip(name, text, say(text, voice))
    if shutil.which('flite'):
        for text in SENTENCES:
            yield Clip('flite', text, _flite(text))


def silence(seconds: float) -> bytes:
    """Sound of nothing."""
    return bytes(2 * round(seconds * HEARING_RATE))


def samples(pcm: bytes) -> NDArray[np.float32]:
    """Sound as numbers from -1 to 1."""
    return np.frombuffer(pcm, '<i2').astype(np.float32) / np.float32(32_768)


def _moonshine_assets() -> Path:
    package = find_spec('moonshine_voice')
    assert package
    assert package.origin
    return Path(package.origin).parent / 'assets'


def _read(path: Path) -> bytes:
    if path.suffix == '.raw':
        return path.read_bytes()
    with wave.open(str(path), 'rb') as file:
        pcm, rate = file.readframes(file.getnframes()), file.getframerate()
    resampler = Resampler(rate, HEARING_RATE)
    return resampler.resample(pcm) + resampler.finish()


def _flite(text: str) -> bytes:
    """Speak a text in flite's best voice, a program of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'said.wav')
        subprocess.run(['flite', '-voice', 'slt', '-t', text, '-o', str(path)], check=True)
        return _read(path)


def _at(seconds: float) -> int:
    return 2 * round(seconds * HEARING_RATE)


SENTENCES = (
    'There are seven days in a week.',
    'Once upon a time, a clever red fox found a shiny button in the snow, and he carried it home to his mother.',
    'The capital of France is Paris, and it has about two million people.',
    'Nice to meet you, Anna! How can I help you today?',
    'I set a timer for fifteen minutes.',
    'It is nine thirty, and it will probably rain in London this afternoon.',
    'Fry the onions first, then add the rice and the tomatoes.',
    'I am sorry, I did not quite catch that. Could you say it again?',
    'The sun is much bigger than the moon.',
    'That will be twenty three dollars and fifty cents, please.',
)
# Begin and end in seconds, in the pauses around each sentence.
_MOONSHINE = {
    'two_cities.wav': (
        (
            0.9,
            20.9,
            'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of '
            'foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of light, it '
            'was the season of darkness, it was the spring of hope, it was the winter of despair.',
        ),
        (
            20.9,
            28.8,
            'We had everything before us, we had nothing before us, we were all going direct to heaven, we were all '
            'going direct the other way.',
        ),
        (
            28.8,
            42.3,
            'In short, the period was so far like the present period that some of its noisiest authorities insisted '
            'on its being received, for good or for evil, in the superlative degree of comparison only.',
        ),
    ),
    'beckett.wav': (
        (0.1, 1.5, 'Ever tried.'),
        (1.5, 3.1, 'Ever failed.'),
        (3.1, 4.5, 'No matter.'),
        (4.5, 6.1, 'Try again.'),
        (6.1, 7.8, 'Fail again.'),
        (7.8, 9.6, 'Fail better.'),
    ),
}
_AUSTEN = 'librivox/sense_and_sensibility_01_austen_64kb-{}.wav'
_POCKETSPHINX = {
    _AUSTEN.format('0870'): 'And Mr. John Dashwood had then leisure to consider how much there might be prudently in '
    'his power to do for them.',
    _AUSTEN.format('0880'): 'He was not an ill-disposed young man.',
    _AUSTEN.format('0890'): 'Unless to be rather cold-hearted and rather selfish is to be ill-disposed.',
    _AUSTEN.format('0920'): 'Had he married a more amiable woman, he might have been made still more respectable than '
    'he was.',
    _AUSTEN.format('0930'): 'He might even have been made amiable himself.',
    'goforward.raw': 'Go forward ten meters.',
    'something.raw': 'Go somewhere and do something.',
    'cards/001.wav': 'Ten of clubs.',
    'cards/003.wav': 'Seven of clubs.',
    'cards/005.wav': 'Eight of spades, four of clubs, seven of hearts.',
}
