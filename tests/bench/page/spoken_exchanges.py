"""Reports of a live call's browser while a user and an AI take turns: events of OpenAI's Realtime API."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.conversation.transcript.events import (
    Event,
    added,
    committed,
    created,
    delta,
    done,
    finished,
    message,
    output_added,
    output_done,
    said,
    sound_started,
    sound_stopped,
    started,
    stopped,
    transcript_done,
    words,
    words_delta,
)

QUESTION = 40  # words
ANSWER = 400  # words
EXCHANGE = QUESTION + ANSWER

Report = dict[str, Any]


def word_events(number: int, first: int) -> Iterator[Event]:
    """Yield the events that bring one word, with those that come just before and after it.

    Each exchange is a question, whose words are recognised while the user speaks, and a spoken answer. The words are
    `w0.`, `w1.` and so on.

    :param number: counts the words of the conversation
    :param first: the number of the first one, which may be in the middle of an exchange
    """
    exchange, place = divmod(number, EXCHANGE)
    question, answer, response = f'question_{exchange}', f'answer_{exchange}', f'response_{exchange}'
    begin = exchange * EXCHANGE
    previous = f'answer_{exchange - 1}' if begin > first else None
    if place == 0 and previous:
        yield sound_stopped(f'response_{exchange - 1}')
    if place < QUESTION:
        if place == 0 or number == first:
            yield started(question)
        yield words_delta(question, _word(number))
        if place == QUESTION - 1:
            yield stopped(question)
            yield committed(question, previous)
            yield added(said(question), previous)
            yield done(said(question), previous)
            yield words(question, _words(max(first, begin), number))
    else:
        if place == QUESTION or number == first:
            new = message(answer, 'assistant', status='in_progress')
            yield created(response)
            yield output_added(response, new)
            yield added(new, question if first < begin + QUESTION else None)
            yield sound_started(response)
        yield delta(response, answer, _word(number))
        if place == EXCHANGE - 1:
            text = _words(max(first, begin + QUESTION), number)
            whole = message(answer, 'assistant', {'type': 'output_audio', 'transcript': text})
            yield transcript_done(response, answer, text)
            yield output_done(response, whole)
            yield done(whole, question if first < begin + QUESTION else None)
            yield finished(response, whole)


def reports(events: Iterator[Event], at_ms: float) -> list[Report]:
    """Return the reports of events that have just been received."""
    return [{'kind': 'event', 'at': at_ms, 'direction': 'received', 'event': event} for event in events]


def joined(before: Sequence[Report], after: Sequence[Report]) -> list[Report]:
    """Join words that wait for the same message, as `call/page/forwarded_events.js` does."""
    if not before:
        return list(after)
    former, latter = before[-1]['event'], after[0]['event']
    if former['type'] != latter['type'] or 'delta' not in former:
        return [*before, *after]
    both = {**latter, 'delta': former['delta'] + latter['delta']}
    return [*before[:-1], {**after[0], 'event': both}, *after[1:]]


def _word(number: int) -> str:
    return f'w{number}. '


def _words(first: int, last: int) -> str:
    return ''.join(map(_word, range(first, last + 1)))
