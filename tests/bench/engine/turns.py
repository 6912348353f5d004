"""Turns for the benchmark of their ends: sentences with pauses inside, read by people or spoken by voices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise, product

from components.engine.hearing.voice_activity import FRAME_BYTES, FRAME_MS, VoiceActivity

from .clips import VOICES, human_clips, say, silence
from .hesitations import SENTENCES

PAUSES = (0.4, 0.5, 0.6, 0.7, 0.9, 1.2)  # seconds


@dataclass(frozen=True)
class Turn:
    """One turn of a speaker: its sound, and the milliseconds at which its pauses, the last one being the end, begin."""

    group: str
    sound: bytes
    activity: tuple[float, ...]  # how probably each frame is speech
    pauses: tuple[tuple[int, int], ...]
    end_ms: int


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


_SHORTEST_GAP = 5  # frames
_VOICED = 0.35  # as the turn detector takes it while somebody speaks
