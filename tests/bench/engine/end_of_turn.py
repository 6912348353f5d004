"""How often a turn ends in a pause within a sentence, how long it takes to end behind one, and what ends an answer.

    python -m tests.bench.engine.end_of_turn [--list]

Each turn is a sentence with pauses of 0.4 to 1.2 seconds inside. A turn that ends in such a pause is a false cut-off;
the delay is the time from the end of the last word to the end of the turn. All sound goes through the ears of the
engine, faster than real time: Moonshine's words are there 100 ms of sound after they were asked for, as on a machine
that is not busy. Human turns are sentences that somebody reads, whose own pauses are stretched.
"""

import statistics
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from components.engine.hearing.ears import Began, Ears, Ended
from components.engine.hearing.ending import Ending, ending
from components.engine.hearing.turn_detector import TurnDetection, TurnDetector
from components.engine.hearing.voice_activity import FRAME_BYTES, FRAME_MS
from tests.engine import noises
from tests.witness import moonshine

from .clips import VOICES, samples, say, silence
from .hesitations import BACK_CHANNELS, HUMS, SHORT, WHOLE
from .turns import Turn, human_turns, synthetic_turns

RECOGNITION_MS = 100


@dataclass
class Result:
    """The results of some turns."""

    pauses: int = 0
    cut: int = 0
    delays: list[int] | None = None

    def add(self, other: 'Result') -> None:
        self.pauses += other.pauses
        self.cut += other.cut
        self.delays = [*(self.delays or []), *(other.delays or [])]

    def __str__(self) -> str:
        delays = sorted(self.delays or [0])
        p95 = delays[min(len(delays) - 1, round(0.95 * len(delays)))]
        return (
            f'{100 * self.cut / max(1, self.pauses):5.1f} % of {self.pauses} | '
            f'{statistics.median(delays):.0f} / {statistics.mean(delays):.0f} / {p95:.0f} ms'
        )


@dataclass(frozen=True)
class SemanticPatience(TurnDetection):
    """Semantic turns that wait for so long behind a complete sentence, and in proportion behind others."""

    complete_ms: int = 500

    def patience_ms(self, ending: Ending) -> int:
        usual = TurnDetection('semantic_vad')
        return usual.patience_ms(ending) * self.complete_ms // usual.patience_ms(Ending.COMPLETE)


CONDITIONS: dict[str, TurnDetection] = {
    'server_vad, 300 ms': TurnDetection(silence_duration_ms=300),
    'semantic_vad, 300 ms (eagerness high)': TurnDetection('semantic_vad', eagerness='high'),
    'server_vad, 500 ms (default)': TurnDetection(),
    'semantic_vad, 500 ms (eagerness auto)': TurnDetection('semantic_vad'),
    'server_vad, 600 ms': TurnDetection(silence_duration_ms=600),
    'semantic_vad, 600 ms': SemanticPatience('semantic_vad', complete_ms=600),
    'server_vad, 1000 ms': TurnDetection(silence_duration_ms=1000),
    'semantic_vad, 1000 ms (eagerness low)': TurnDetection('semantic_vad', eagerness='low'),
}


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--list', action='store_true', help='also print the words of each pause')
    options = parser.parse_args()
    turns = [*human_turns(), *synthetic_turns()]
    if options.list:
        list_pauses(turns)
    print('turn detection | speech | false cut-offs | delay p50 / mean / p95')
    for name, detection in CONDITIONS.items():
        for group in dict.fromkeys(turn.group for turn in turns):
            result = Result()
            for turn in turns:
                if turn.group == group:
                    result.add(listen(turn, detection))
            print(name, group, result, sep=' | ', flush=True)
    print('sound during an answer | turn detection | end the answer | after p50 / max')
    for name, sounds in interruptions().items():
        for kind in ('server_vad', 'semantic_vad'):
            times = [interrupted_ms(sound, TurnDetection(kind)) for sound in sounds]
            ended = sorted(each for each in times if each is not None)
            after = f'{statistics.median(ended):.0f} / {max(ended)} ms' if ended else '-'
            print(name, kind, f'{len(ended)} of {len(times)}', after, sep=' | ', flush=True)


def list_pauses(turns: Sequence[Turn]) -> None:
    """Print what the engine knows in each pause."""
    for turn in turns:
        for begin, _ in [*turn.pauses, (turn.end_ms, 0)]:
            words = understood(turn.sound[max(0, begin - 12_000) * 32 : (begin + 250) * 32])
            print('end   ' if begin == turn.end_ms else 'within', turn.group, ending(words).value, words, sep=' | ')


def listen(turn: Turn, detection: TurnDetection) -> Result:
    """Hear a turn."""
    probabilities = iter(turn.activity)
    ears = Ears(
        Hearing, detection, detector=lambda settings: TurnDetector(settings, activity=lambda _: next(probabilities))
    )
    ends = []
    for at in range(0, len(turn.sound), FRAME_BYTES):
        ends += [
            event.audio_end_ms for event in ears.feed(turn.sound[at : at + FRAME_BYTES]) if isinstance(event, Ended)
        ]
    cut = sum(any(begin < end <= resumed + 2 * FRAME_MS for end in ends) for begin, resumed in turn.pauses)
    return Result(len(turn.pauses), cut, [end - turn.end_ms for end in ends if end > turn.end_ms][:1])


def interrupted_ms(sound: bytes, detection: TurnDetection) -> int | None:
    """When a sound, heard during an answer, ends the answer: milliseconds after its begin. None if it does not."""
    ears = Ears(Hearing, detection, answering=lambda: True)
    sound = silence(0.5) + sound + silence(1.5)
    for at in range(0, len(sound), FRAME_BYTES):
        if any(isinstance(event, Began) for event in ears.feed(sound[at : at + FRAME_BYTES])):
            return (at + FRAME_BYTES) // 32 - 500
    return None


def interruptions() -> dict[str, list[bytes]]:
    """Sounds that may interrupt an answer, by kind."""
    voices = VOICES.values()
    return {
        'coughs': [noises.cough(number) for number in (*range(50), *noises.VOICE_LIKE_COUGHS)],
        'typing, 2 s': [noises.clicks(2.0)],
        'music, 5 s': [noises.music(5.0)],
        'hums, made by a model of throat and nose': [noises.hum(number) for number in range(60)],
        'hums as voices read them ("mm-hm", "uh-huh", "hmm")': [say(text, voice) for text in HUMS for voice in voices],
        'back-channels ("yeah", "okay", ...)': [say(text, voice) for text in BACK_CHANNELS for voice in voices],
        'short interruptions ("stop", "no", ...)': [say(text, voice) for text in SHORT for voice in voices],
        'sentences': [say(text, voice) for text in WHOLE[:8] for voice in voices],
    }


class Hearing:
    """A recognition whose guesses are known `RECOGNITION_MS` of sound after they were asked for."""

    partial = ''

    def __init__(self) -> None:
        self._sound = bytearray()
        self._guessed_bytes: int | None = None

    def feed(self, pcm: bytes) -> None:
        self._sound += pcm

    def guess(self) -> None:
        self._guessed_bytes = len(self._sound)

    def go_on(self) -> None:
        self._guessed_bytes = None

    @property
    def guessed(self) -> str | None:
        size = self._guessed_bytes
        if size is None or len(self._sound) - size < RECOGNITION_MS * 32:
            return None
        return understood(bytes(self._sound[max(0, size - 12_000 * 32) : size]))

    async def finish(self) -> str:
        return understood(bytes(self._sound))

    def abort(self) -> None:
        pass


@cache
def understood(sound: bytes) -> str:
    """The words that Moonshine hears."""
    model = moonshine()
    return model.text(model.tokens(samples(sound)))


if __name__ == '__main__':
    main()
