"""Finds names, places, dates and messages in what was heard, by the words that lead to them."""

import re
from collections.abc import Sequence

from .heard_words import Heard


def find_string(heard: Heard, name: Sequence[str], description: Sequence[str], *, format: str = '') -> str | None:
    """The value of a parameter whose name and description have these words, if the sentence tells it clearly."""
    if format in _FORMATS:
        written = re.search(_FORMATS[format], heard.text)
        return written[0] if written else None
    if _DAYS.intersection(name) and (day := re.search(_DAY, heard.text, re.IGNORECASE)):
        return day[0]
    if stated := _stated(heard, name):
        return stated
    for words in (name, description):
        for asked, leads in _LEADS.items():
            if any(word in asked.split() for word in words):
                return _led(heard, leads.split(), whole='message' in asked)
    return None


def whole_answer(heard: Heard) -> str | None:
    """The value when the sentence answers the question for it."""
    start, end = 0, len(heard.words)
    while start < end and heard.words[start] in _FILLING:
        start += 1
    while start < end and heard.words[end - 1] == 'please':
        end -= 1
    return heard.spelt(start, end) or None


def _stated(heard: Heard, name: Sequence[str]) -> str | None:
    """What follows on 'the city is', 'a name called'."""
    at = heard.find(name)
    if at is None or heard.words[at + len(name) : at + len(name) + 1] not in ([word] for word in _IS):
        return None
    return _phrase(heard, at + len(name) + 1, whole=False)


def _led(heard: Heard, leads: Sequence[str], *, whole: bool) -> str | None:
    for lead in leads:
        for at, word in enumerate(heard.words):
            if word == lead and (found := _phrase(heard, at + 1, whole=whole)):
                return found
    return None


def _phrase(heard: Heard, start: int, *, whole: bool) -> str | None:
    while start < len(heard.words) and heard.words[start] in _ARTICLES:
        start += 1
    end = start
    while end < len(heard.words) and not (heard.words[end] == 'please' if whole else heard.words[end] in _BOUNDS):
        if end > start and not whole and re.search(r'[,.;:!?]\s', heard.spelt(end - 1, end + 1)):
            break
        end += 1
    return heard.spelt(start, end) or None


# The words of a parameter's name, and the words that lead to its value; the earlier, the likelier.
_LEADS = {
    'message text content body note reminder task todo': 'saying says that about to',
    'query search topic question subject keyword keywords term': 'about for on',
    'origin source departure start': 'from',
    'destination target arrival recipient receiver': 'to for',
    'language': 'into in to',
    'artist author singer band': 'by from',
    'city location place town country room address area region timezone zone': 'in at near for to from',
    'name title label': 'called named',
    'contact person': 'to with for',
    'day date when time': 'on at for',
}
_BOUND_WORDS = """
in at near to into for from on with by called named about saying says that using please and or is are like of
today tomorrow tonight now right what which who where this it there here me
"""
_FILLING_WORDS = "the a an my our in at to for from on into by called named it is it's that's i want use take please"
_BOUNDS = frozenset(_BOUND_WORDS.split())
_FILLING = frozenset(_FILLING_WORDS.split())
_ARTICLES = frozenset(('the', 'a', 'an', 'my', 'our'))
_IS = ('is', 'to', 'called', 'named', 'be')
_DAYS = frozenset(('day', 'date', 'when'))
_DAY = r'\b(?:(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight)\b'
_FORMATS = {
    'date': r'\b\d{4}-\d\d-\d\d\b',
    'time': r'\b\d\d:\d\d(?::\d\d)?\b',
    'date-time': r'\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?',
    'email': r'[\w.+-]+@[\w-]+(?:\.[\w-]+)+',
    'uri': r'\bhttps?://[^\s<>"]+',
    'url': r'\bhttps?://[^\s<>"]+',
}
