"""How often a turn ends in a pause within a sentence, how long it takes to end behind one, and what ends an answer.

    python -m tests.bench.end_of_turn [--list]

Each turn is a sentence with pauses of 0.4 to 1.2 seconds inside. A turn that ends in such a pause is a false cut-off;
the delay is the time from the end of the last word to the end of the turn. All sound goes through the ears of the
engine, faster than real time: Moonshine's words are there 100 ms of sound after they were asked for, as on a machine
that is not busy. Human turns are sentences that somebody reads, whose own pauses are stretched.
"""

import statistics
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, pairwise, product

from components.engine.hearing.ears import Began, Ears, Ended
from components.engine.hearing.ending import Ending, ending
from components.engine.hearing.turn_detector import TurnDetection, TurnDetector
from components.engine.hearing.voice_activity import FRAME_BYTES, FRAME_MS, VoiceActivity
from components.engine.speech.missing import moonshine_weights
from components.engine.speech.moonshine import Moonshine
from tests.engine import noises

from .clips import VOICES, human_clips, samples, say, silence

PAUSES = (0.4, 0.5, 0.6, 0.7, 0.9, 1.2)  # seconds
RECOGNITION_MS = 100


@dataclass(frozen=True)
class Turn:
    """One turn of a speaker: its sound, and the milliseconds at which its pauses, the last one being the end, begin."""

    group: str
    sound: bytes
    activity: tuple[float, ...]  # how probably each frame is speech
    pauses: tuple[tuple[int, int], ...]
    end_ms: int


@dataclass
class Result:
    """What became of some turns."""

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
    """What may be heard during an answer."""
    voices = VOICES.values()
    return {
        'coughs': [noises.cough(number) for number in (*range(50), *noises.VOICE_LIKE_COUGHS)],
        'typing, 2 s': [noises.clicks(2.0)],
        'music, 5 s': [noises.music(5.0)],
        'hums ("mm-hm", "uh-huh", "hmm")': [say(text, voice) for text in HUMS for voice in voices],
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


@cache
def moonshine() -> Moonshine:
    weights = moonshine_weights()
    assert weights, 'moonshine-voice is not installed'
    return Moonshine(weights)


def human_turns() -> Iterator[Turn]:
    """Sentences that somebody reads, with stretched pauses."""
    lengths = cycle(PAUSES)
    for clip in human_clips():
        gaps = [gap for gap in _gaps(clip.sound) if gap[1] - gap[0] >= _SHORTEST_GAP]
        yield _turn('human', _stretched(clip.sound, [(gap, next(lengths)) for gap in gaps]))


def synthetic_turns() -> Iterator[Turn]:
    """Sentences with a hesitation, and whole ones, in several voices."""
    lengths = cycle(PAUSES)
    for (name, voice), (kind, hesitations, whole) in product(VOICES.items(), SENTENCES):
        for text in hesitations:
            before, after = text.split('|')
            sound = say(f'{before.strip().rstrip(",")}, {after.strip()}', voice)
            middle = len(sound) * len(before) // len(text) // FRAME_BYTES
            gap = min(_gaps(sound), key=lambda gap: abs(sum(gap) / 2 - middle), default=(middle, middle))
            yield _turn(name + kind, _stretched(sound, [(gap, next(lengths))]))
        for text in whole:
            yield _turn(name + kind, _stretched(say(text, voice), []))


def _stretched(sound: bytes, pauses: Sequence[tuple[tuple[int, int], float]]) -> list[bytes]:
    """The sound in pieces, every second one a pause. Gaps are numbers of frames."""
    pieces, at = [], 0
    for (begin, end), seconds in pauses:
        cut = (begin + end) // 2 * FRAME_BYTES
        added = max(0.0, seconds - (end - begin) * FRAME_MS / 1000)
        pieces += [sound[at:cut], silence(added)]
        at = cut
    return [*pieces, sound[at:]]


def _turn(group: str, pieces: Sequence[bytes]) -> Turn:
    sound = silence(0.5) + b''.join(pieces)
    sound = sound[: len(sound) // FRAME_BYTES * FRAME_BYTES] + silence(10.016)
    activity = tuple(_activity(sound))
    borders, at = [], len(silence(0.5))
    for number, piece in enumerate(pieces):
        if number % 2:
            borders.append((at + len(piece) // 2) // FRAME_BYTES)
        at += len(piece)
    voiced = [frame for frame, probability in enumerate(activity) if probability >= _VOICED]
    pauses = []
    for border in borders:
        before, after = [frame for frame in voiced if frame < border], [frame for frame in voiced if frame > border]
        if before and after:
            pauses.append(((before[-1] + 1) * FRAME_MS, after[0] * FRAME_MS))
    return Turn(group, sound, activity, tuple(pauses), (voiced[-1] + 1) * FRAME_MS)


def _gaps(sound: bytes) -> list[tuple[int, int]]:
    """The frames between which nobody speaks, within the speech."""
    activity = [*_activity(sound)]
    voiced = [frame for frame, probability in enumerate(activity) if probability >= _VOICED]
    return [(one + 1, other) for one, other in pairwise(voiced) if other - one > 2]


def _activity(sound: bytes) -> Iterator[float]:
    judge = VoiceActivity()
    for at in range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES):
        yield judge(sound[at : at + FRAME_BYTES])


HESITATIONS = (
    'I would like to | book a table for four.',
    'Can you tell me | how far it is to the moon?',
    'I need milk, eggs, | bread and butter.',
    'We went to the park, and | then it began to rain.',
    'I cannot come tomorrow because | my car is broken.',
    'My phone number is five five five, | one two three four.',
    'Um, | what is the weather like today?',
    'What I want to know is, um, | how long it takes.',
    'Please remind me to | call my sister at six.',
    'Turn on the lights in the | living room and the kitchen.',
    'The meeting is on | Thursday at nine.',
    'If it rains tomorrow, | we will stay at home.',
    'Tell me a story about a | dragon who is afraid of mice.',
    'I think that | this is a good idea.',
    'My name is | Anna Miller.',
    'What is the capital of | Australia?',
    'When I was a child, | we lived near the sea.',
    'I bought apples, | oranges and two lemons.',
    'How do I get from the station | to the old town?',
    'Send a message to Peter | that I will be late.',
    'It costs twenty | five dollars.',
    'First you boil the water, | and then you add the rice.',
    'She said she would come, but | she never did.',
    'Do you know whether | the shop is open on Sunday?',
    'I am looking for a book | about the history of Rome.',
    'The thing is, | I do not like my job.',
    'Could you, uh, | play some music?',
    'Let me think, | maybe on Friday.',
    'I want a pizza with | mushrooms and olives.',
    'Set an alarm for | half past six.',
)
WHOLE = (
    'What time is it?',
    'Tell me a joke.',
    'I had a sandwich for lunch.',
    'My sister lives in Berlin.',
    'Yes, please.',
    'Thank you very much.',
    'That sounds good to me.',
    'Can you help me with my homework?',
    'It was raining all day yesterday.',
    'Stop the music.',
    'I am fine.',
    'We are going to the beach tomorrow.',
    'How do you spell beautiful?',
    'I do not know what that means.',
    'The number is forty two.',
)
HUMS = ('Mm-hm.', 'Uh-huh.', 'Hmm.')
BACK_CHANNELS = ('Yeah.', 'Okay.', 'Right.', 'Yes.', 'Sure.', 'I see.', 'Oh, okay.')
SHORT = ('Stop.', 'No.', 'Wait.', 'Be quiet.', 'Not that one.', 'What?')
# Written after the rules of `ending`, which know the sentences above.
UNSEEN_HESITATIONS = (
    'I was wondering if you could | help me with my taxes.',
    'The best thing about summer | is the long evenings.',
    'We have to leave before | the rain starts.',
    'There are three reasons, | the first one is money.',
    'My brother and | my cousin are coming too.',
    'It was really, um, | really loud.',
    'Play the song that | we heard yesterday.',
    'The train leaves at | seven fifteen.',
    'Do you think | it will snow?',
    'I have lived here since | nineteen ninety eight.',
    'After dinner, | we can watch a film.',
    'You should ask my | doctor about it.',
    'He wants to become a | teacher or a nurse.',
    'Show me pictures of | old castles.',
    'Maybe we could | meet on Sunday.',
    'Can you translate this | into French?',
    'I forgot my password, so | I cannot log in.',
    'Add butter, sugar, | flour and salt.',
    'Where can I buy | fresh fish?',
    'That is not what | I wanted to say.',
)
UNSEEN_WHOLE = (
    'I love this song.',
    'Where is the nearest bank?',
    'Good night.',
    'Please turn the volume down.',
    'We had a great time.',
    'Are you sure?',
    'My train was late again.',
    'Who wrote this book?',
    'I will call you later.',
    'It is too cold in here.',
)
SENTENCES = (('', HESITATIONS, WHOLE), (', unseen', UNSEEN_HESITATIONS, UNSEEN_WHOLE))
_SHORTEST_GAP = 5  # frames
_VOICED = 0.35  # as the turn detector takes it while somebody speaks
if __name__ == '__main__':
    main()
