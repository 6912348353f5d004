"""Spells numbers out in English, by the rules of Unicode's CLDR."""

from functools import cache

from unicode_rbnf import FormatPurpose, RbnfEngine

NUMBER = r'\d+(?:,\d{3})*(?:\.\d+)?'
"""A number as it is written in English, such as '1,234.5'."""


def cardinal(number: str) -> str:
    """Spell out a number: '1,234.5'. Digits with a zero in front, and very many of them, are spelled one by one."""
    whole, point, decimals = number.replace(',', '').partition('.')
    words = digits(whole) if (whole.startswith('0') and len(whole) > 1) or len(whole) > _MOST else _spell(int(whole))
    return f'{words} point {digits(decimals)}' if point else words


def ordinal(number: int | str) -> str:
    """Spell out a number as a place in an order: 'twenty-first'."""
    return _engine().format_number(int(number), FormatPurpose.ORDINAL).text


def year(number: int | str) -> str:
    """Spell out a year: 'nineteen eighty-four'."""
    return _engine().format_number(int(number), FormatPurpose.YEAR).text.replace('oh-', 'oh ')


def digits(text: str) -> str:
    """Spell out each digit of a text; other characters are left out."""
    return ' '.join(_spell(int(digit)) for digit in text if digit.isdecimal())


def _spell(number: int) -> str:
    return _engine().format_number(number).text


@cache
def _engine() -> RbnfEngine:
    return RbnfEngine.for_language('en')


_MOST = 15  # digits
