"""English numbers, dates and signs in words."""

from .abbreviations import expand_abbreviations
from .dates import dates_in_words
from .quantities import quantities_in_words
from .roman import roman_numerals_in_words
from .signs import signs_in_words


def in_english(text: str) -> str:
    """Return a sentence of plain English text with numbers, dates, prices, units and signs in words."""
    words = text
    for step in (roman_numerals_in_words, expand_abbreviations, dates_in_words, quantities_in_words, signs_in_words):
        words = step(words)
    end = text.rstrip(')"”’')[-1:]
    words = ' '.join(words.split())
    return f'{words}{end}' if end in '.!?' and words and words[-1].isalnum() else words
