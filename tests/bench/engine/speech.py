"""Accuracy and cost of the ears and the voice, beside those of former versions.

    python -m tests.bench.engine.speech [--turns 5]

Each recogniser and each voice runs in a process of its own. pocketsphinx and eSpeak NG, the former ears and voice, are
measured where they are installed (`pip install pocketsphinx espeakng-loader`), and so are clips by flite (`apt install
flite`). Recognisers hear clips in pieces of 100 ms, as fast as they can, and work while the speech goes on; the time to
the words is what is left at its end. Words count as right however numbers are written, and "I'm" is "I am". At the end
an engine with its rules is asked something, at the pace of speech.
"""

import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from components.engine import Engine
from components.engine.protocol.wire import JsonObject
from components.engine.speech.missing import moonshine_weights
from components.engine.speech.resampler import Resampler
from components.engine.speech.wav import HEARING_RATE
from tests.bench.figures import report
from tests.speech import heard
from tests.witness import edits, words_heard, words_of

from .clips import SENTENCES, human_clips, samples, silence, synthetic_clips

Listen = Callable[[Iterable[bytes]], tuple[str, float]]  # sound in pieces to words, and the seconds left at its end


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--turns', type=int, default=5, help='how often the engine is asked')
    parser.add_argument('--part', choices=PARTS, help='measure one part in this process')
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part]()))
        return
    load, _, _ = os.getloadavg()
    print(f'{os.cpu_count()} cores, load {load:.1f}')
    for part in PARTS:
        if part in _PACKAGES and not find_spec(_PACKAGES[part]):
            print(f'{part}: not installed')
            continue
        command = [sys.executable, '-m', 'tests.bench.engine.speech', '--part', part]
        figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        print(f'{part}: {", ".join(f"{name} {value}" for name, value in figures.items())}', flush=True)
    asyncio.run(converse(options.turns))


def measure_ears(make: Callable[[], Listen]) -> dict[str, Any]:
    """Let a recogniser hear all clips."""
    clips = [*human_clips(), *synthetic_clips()]
    before_mb = _memory_mb()
    listen = make()
    listen([silence(1.0)])
    wrong: dict[str, list[int]] = {}
    lefts, seconds, began = [], 0.0, time.process_time()
    for clip in clips:
        sound = silence(0.3) + clip.sound + silence(0.25)
        seconds += len(sound) / 2 / HEARING_RATE
        words, left = listen(sound[at : at + _PIECE] for at in range(0, len(sound), _PIECE))
        lefts.append(1000 * left)
        said, got = _full_words(clip.text), _full_words(words)
        for group in {clip.group, 'human' if clip.group == 'human' else 'all synthetic'}:
            counts = wrong.setdefault(group, [0, 0])
            counts[0] += edits(got, said)
            counts[1] += len(said)
    return {
        **{f'words wrong ({group})': f'{100 * errors / words:.1f} %' for group, (errors, words) in wrong.items()},
        'processor time': f'{(time.process_time() - began) / seconds:.3f} s/s',
        'end of speech to words': f'p50 {statistics.median(lefts):.0f} ms, max {max(lefts):.0f} ms',
        'memory': f'{_memory_mb() - before_mb} MB',
    }


def moonshine() -> Listen:
    from components.engine.speech.moonshine import Moonshine
    from components.engine.speech.running_transcript import RunningTranscript

    weights = moonshine_weights()
    assert weights, 'The weights of Moonshine are not installed.'
    model = Moonshine(weights)

    def listen(pieces: Iterable[bytes]) -> tuple[str, float]:
        transcript = RunningTranscript(model)
        for piece in pieces:
            transcript.hear(piece)
            if transcript.is_due:
                transcript.recognise()
        ended = time.perf_counter()
        return transcript.recognise(), time.perf_counter() - ended

    return listen


def pocketsphinx() -> Listen:
    decoder = import_module('pocketsphinx').Decoder(samprate=HEARING_RATE, loglevel='FATAL')

    def listen(pieces: Iterable[bytes]) -> tuple[str, float]:
        decoder.start_utt()
        for piece in pieces:
            decoder.process_raw(piece)
        ended = time.perf_counter()
        decoder.end_utt()
        hypothesis = decoder.hyp()
        return hypothesis.hypstr if hypothesis else '', time.perf_counter() - ended

    return listen


def measure_voice(make: Callable[[], tuple[int, Callable[[str, Callable[[bytes], None]], None]]]) -> dict[str, Any]:
    """Let a voice speak the sentences, and Moonshine listen."""
    before_mb = _memory_mb()
    rate, speak = make()
    speak('Hello.', lambda _: None)
    firsts, processor, sounds = [], 0.0, []
    for text in SENTENCES:
        pieces: list[tuple[float, bytes]] = []
        began, began_processor = time.perf_counter(), time.process_time()
        speak(text, lambda pcm, pieces=pieces: pieces.append((time.perf_counter(), pcm)))  # type: ignore[misc]
        processor += time.process_time() - began_processor
        firsts.append(1000 * (next(at for at, pcm in pieces if any(pcm)) - began))
        sounds.append(b''.join(pcm for _, pcm in pieces))
    memory_mb = _memory_mb() - before_mb
    pairs = [(words_heard(sound, rate), words_of(text)) for text, sound in zip(SENTENCES, sounds, strict=True)]
    wrong = sum(edits(got, said) for got, said in pairs) / sum(len(said) for _, said in pairs)
    return {
        'words misheard by Moonshine': f'{100 * wrong:.1f} %',
        'processor time': f'{processor / (sum(map(len, sounds)) / 2 / rate):.3f} s/s',
        'text to first sound': f'p50 {statistics.median(firsts):.0f} ms, max {max(firsts):.0f} ms',
        'memory': f'{memory_mb} MB',
    }


def hibari() -> tuple[int, Callable[[str, Callable[[bytes], None]], None]]:
    from components.engine.speech.synthesis.natural import NATURAL_RATE, NaturalVoices
    from components.engine.speech.synthesis.voices import NATURAL_DEFAULT, natural_models

    voices = NaturalVoices(natural_models())

    def speak(text: str, hear: Callable[[bytes], None]) -> None:
        for pcm in voices.speak(text, NATURAL_DEFAULT, 1.0):
            hear(pcm)

    return NATURAL_RATE, speak


def espeak() -> tuple[int, Callable[[str, Callable[[bytes], None]], None]]:
    from components.engine.speech.synthesis.espeak import Espeak
    from components.engine.speech.synthesis.voices import VOICES

    voices = Espeak()
    return voices.rate, lambda text, hear: voices.speak(text, VOICES['alloy'].simple, 'en', 1.0, hear)


PARTS = {
    'Moonshine': lambda: measure_ears(moonshine),
    'pocketsphinx': lambda: measure_ears(pocketsphinx),
    'hibari': lambda: measure_voice(hibari),
    'eSpeak NG': lambda: measure_voice(espeak),
}
_PACKAGES = {'pocketsphinx': 'pocketsphinx', 'eSpeak NG': 'espeakng_loader'}


async def converse(turns: int) -> None:
    """Ask the engine for the time, and report how long it takes beyond the silence that ends a turn."""
    engine = Engine()
    await engine.start()
    times: dict[str, list[float]] = {name: [] for name in _EVENTS.values()}
    try:
        for _ in range(turns):
            for name, at in (await ask(engine)).items():
                times[name].append(at)
    finally:
        await engine.stop()
    for name, each in times.items():
        report(f'engine with its rules, end of speech to {name}, beyond the waited 500 ms', each)


async def ask(engine: Engine) -> dict[str, float]:
    """Ask at the pace of speech. Returns milliseconds from the end of speech, without the waited silence."""
    transcription: JsonObject = {'input': {'transcription': {'model': 'gpt-realtime-whisper'}}}
    session = await engine.open_session({'type': 'realtime', 'model': 'gpt-realtime', 'audio': transcription})
    resampler = Resampler(HEARING_RATE, _WIRE_RATE)
    speech = resampler.resample(_trimmed(heard('what_time_is_it'))) + resampler.finish()
    ended_at: float | None = None
    times: dict[str, float] = {}

    async def talk() -> None:
        nonlocal ended_at
        began = time.perf_counter()
        pause = bytes(_WIRE_RATE)
        sound, end = pause + speech + 20 * pause, len(pause + speech)
        for at in range(0, len(sound), _WIRE_PIECE):
            await asyncio.sleep(max(0.0, began + at / 2 / _WIRE_RATE - time.perf_counter()))
            await session.send_sound(sound[at : at + _WIRE_PIECE])
            if at <= end < at + _WIRE_PIECE:
                ended_at = time.perf_counter()

    talking = asyncio.create_task(talk())
    try:
        while len(times) < len(_EVENTS):
            for event in (await session.receive()).events:
                name = _EVENTS.get(str(event.fields['type']))
                if name and name not in times and ended_at:
                    times[name] = 1000 * (time.perf_counter() - ended_at) - 500
    finally:
        talking.cancel()
        session.close()
    return times


_EVENTS = {
    'input_audio_buffer.speech_stopped': 'the end of the turn',
    'conversation.item.input_audio_transcription.completed': 'its words',
    'response.output_audio.delta': 'the first sound of the answer',
}


def _full_words(text: str) -> list[str]:
    """The words of a text, contractions in full."""
    return words_of(re.sub(r"\b\w+'(?:m|re|ve|ll)\b", lambda found: _in_full(found[0]), text.replace('’', "'")))


def _in_full(contraction: str) -> str:
    word, _, rest = contraction.partition("'")
    return f'{word} {_CONTRACTED[rest]}'


def _trimmed(pcm: bytes) -> bytes:
    """Speech without the silence behind it."""
    loud = np.flatnonzero(np.abs(samples(pcm)) > _INAUDIBLE)
    return pcm[: 2 * int(loud[-1])]


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


_PIECE = HEARING_RATE // 10 * 2
_WIRE_RATE = 24_000
_WIRE_PIECE = _WIRE_RATE // 50 * 2
_INAUDIBLE = 0.01
_CONTRACTED = {'m': 'am', 're': 'are', 've': 'have', 'll': 'will'}

if __name__ == '__main__':
    main()
