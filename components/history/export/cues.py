"""Captions of a conversation: which words are shown from when to when. The writers are in `captions`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from components.call.items import Speaker
from components.conversation.transcript.turn import Turn
from components.history.entries import StoredConversation
from components.words.language import Text

from .shown_turn import heard_words, speaker_name

LINE = 42
"""Columns of one line, as Netflix's and the BBC's guides for subtitles have it; a Chinese character takes two."""
CUE = 2 * LINE
"""Columns of one cue: two lines."""
SLOWEST = 120
"""Milliseconds per column: a turn whose end is unknown or late, such as one that waited, is shown no longer."""
QUICKEST = 15
"""Milliseconds per column: nobody reads faster, so a turn that came in an instant is shown at least so long."""
USUAL = 65
"""Milliseconds per column of usual speech, which is about 15 letters a second."""
SHOWN = {Speaker.USER, Speaker.ASSISTANT}


@dataclass(frozen=True)
class Cue:
    """Words of one speaker, on one or two lines, from `start` to `end` in milliseconds."""

    start: int
    end: int
    name: str
    lines: tuple[str, ...]
    is_first: bool
    """Whether the turn begins with this cue."""


def cues(conversation: StoredConversation, text: Text) -> list[Cue]:
    """Return the cues of what was said and heard, in order, without overlaps.

    Times are those at which the words could be heard, where that is known. Time zero is the beginning of the first
    call, or the first turn if that came earlier. Turns without a time follow the turn before them.
    """
    turns = [(turn, words) for turn in conversation.turns if turn.speaker in SHOWN and (words := _words(turn))]
    times = [turn.started_at for turn, _ in turns if turn.started_at is not None]
    zero = min([*times, *(call.started_at for call in conversation.calls)], default=0.0)
    spans = sorted(_spans(turns, zero), key=lambda span: span.start)
    found: list[Cue] = []
    for index, span in enumerate(spans):
        start = max(span.start, found[-1].end if found else 0)
        limit = spans[index + 1].start if index + 1 < len(spans) else None
        name = speaker_name(span.turn, conversation, text)
        found += _cues(span, name, start, _end(span, start, limit))
    return found


@dataclass(frozen=True)
class _Span:
    turn: Turn
    words: str
    start: int
    end: int | None
    is_timed: bool
    """Whether the end is that of its sound."""


def _words(turn: Turn) -> str:
    return ' '.join(re.sub(r'[\x00-\x1f\x7f]', ' ', heard_words(turn)).split())


def _spans(turns: list[tuple[Turn, str]], zero: float) -> Iterator[_Span]:
    start = 0
    for turn, words in turns:
        if turn.started_at is not None:
            start = round((turn.started_at - zero) * 1000)
        end = None if turn.ended_at is None else round((turn.ended_at - zero) * 1000)
        if turn.sound_started_at is not None:
            start = round((turn.sound_started_at - zero) * 1000)
        if turn.sound_ended_at is not None:
            end = round((turn.sound_ended_at - zero) * 1000)
            if turn.sound_started_at is None and turn.speaker is Speaker.USER:  # a turn taken by hand comes at its end
                start = max(0, end - USUAL * width(words))
        if turn.audio_end_ms is not None:
            end = start + turn.audio_end_ms
        is_timed = turn.sound_ended_at is not None or turn.audio_end_ms is not None
        yield _Span(turn, words, start, end, is_timed)


def _end(span: _Span, start: int, limit: int | None) -> int:
    """Return when the words go away: with their sound, or after an estimate if that is unknown.

    The service is done with an answer long before it is spoken.
    """
    columns = width(span.words)
    is_spoken = span.turn.speaker is Speaker.ASSISTANT and span.turn.spoken
    end = span.end
    if end is None or (is_spoken and not span.is_timed):
        end = start + USUAL * columns
    if not span.is_timed:
        end = min(end, start + SLOWEST * columns + 1000)
    if limit is not None:
        end = min(end, limit)
    return max(end, start + QUICKEST * columns)


def _cues(span: _Span, name: str, start: int, end: int) -> Iterator[Cue]:
    pieces = list(split(span.words))
    total = sum(width(piece) for piece in pieces)
    done = 0
    for piece in pieces:
        begin, is_first = start + (end - start) * done // total, done == 0
        done += width(piece)
        yield Cue(begin, start + (end - start) * done // total, name, tuple(wrap(piece)), is_first)


def split(words: str) -> Iterator[str]:
    """Split words into pieces that one cue can hold: at the ends of sentences if possible, then between words."""
    piece = ''
    for sentence in re.findall(r'.+?(?:[.!?…][\'"”’)\]]*(?=\s)|[。！？]+[」』）”]*|$)\s*', words):
        if width(piece + sentence.rstrip()) <= CUE:
            piece += sentence
            continue
        if piece.strip():
            yield piece.strip()
        *full, piece = _evenly(sentence)
        yield from full
        piece += ' ' if sentence.endswith(' ') else ''
    if piece.strip():
        yield piece.strip()


def wrap(piece: str) -> list[str]:
    """Break the words of a cue into one or two lines of about the same width."""
    return [piece] if width(piece) <= LINE else _halves(piece)


def width(words: str) -> int:
    """Return the columns that words take; at least 1."""
    return max(1, sum(2 if east_asian_width(letter) in 'WF' else 1 for letter in words))


def _evenly(words: str) -> list[str]:
    words = words.strip()
    if width(words) <= CUE:
        return [words]
    first, second = _halves(words)
    return [*_evenly(first), *_evenly(second)]


def _halves(words: str) -> list[str]:
    """Cut words in two near their middle: at a space, or after a mark, if there is one not far away."""
    middle = len(words) / 2
    spaces = [match.end() for match in re.finditer(r'\s+|[、，,；;：](?!\d)', words)]
    cut = min(spaces, key=lambda place: abs(place - middle), default=0)
    if abs(cut - middle) > len(words) / 8:
        cut = len(words) // 2
    return [words[:cut].strip(), words[cut:].strip()]
