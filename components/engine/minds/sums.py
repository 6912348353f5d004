"""Sums, percentages, fractions and simple word problems, as people ask for them."""

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from .number_talk import numbers


def calculate(text: str) -> str | None:
    """Answer the first sum in a text of small letters without punctuation; None if there is none.

    Signs are words: 'what is two plus 3', '15 percent of 80', 'half of 30'.
    """
    words = _with_digits(text.split())
    for pattern, chain in _COMMANDS:
        words = pattern.sub(chain, words)
    if found := _COMPARISON.search(words):
        return _compare(found)
    try:
        for pattern, result in _SUMS:
            if found := pattern.search(words):
                return _sentence(found[0], result(found))
        return _word_problem(words)
    except ZeroDivisionError:
        return 'Nobody can divide by zero, and neither can I.'


def _with_digits(words: Sequence[str]) -> str:
    """The text with its numbers in digits. A minus behind a number is an operator."""
    parts: list[str] = []
    at = 0
    for number in numbers(words):
        parts += words[at : number.start]
        if words[number.start] == 'minus' and at == number.start > 0:
            parts += ['minus', str(-number.value)]
        else:
            parts.append(str(number.value))
        at = number.end
    return ' '.join([*parts, *words[at:]])


def _sentence(asked: str, result: Fraction) -> str:
    if abs(result) >= _TOO_LARGE:
        return 'That is more than I can count to.'
    asked = asked.replace(' x ', ' times ').replace(' over ', ' divided by ').replace('-', 'minus ')
    about = '' if round(result, _DECIMALS) == result else 'about '
    return f'{asked[0].upper()}{asked[1:]} is {about}{_decimal(result)}.'


def _decimal(value: Fraction) -> str:
    rounded = round(value, _DECIMALS)
    text = str(rounded) if rounded.denominator == 1 else f'{float(rounded):.{_DECIMALS}f}'.rstrip('0')
    return text.replace('-', 'minus ')


def _compare(found: re.Match[str]) -> str:
    one, other = Fraction(found['one']), Fraction(found['other'])
    if one == other:
        return f'{_decimal(one)} and {_decimal(other)} are equal.'
    is_so = one < other if found['word'] in ('smaller', 'less', 'lower') else one > other
    words = f'{_decimal(one)} is {"" if is_so else "not "}{found["word"]} than {_decimal(other)}.'
    return f'Yes, {words}' if is_so else f'No, {words}'


def _chain(found: re.Match[str]) -> Fraction:
    """Calculate from left to right, products before sums."""
    first, *rest = re.findall(rf'{_NUMBER}|{_OPERATOR}', found[0])
    total, product = Fraction(0), Fraction(first)
    for operator, number in zip(rest[::2], map(Fraction, rest[1::2]), strict=True):
        match operator:
            case 'plus' | 'minus':
                total, product = total + product, number if operator == 'plus' else -number
            case 'divided by' | 'over':
                product /= number
            case _:
                product *= number
    return total + product


def _percent(found: re.Match[str]) -> Fraction:
    return Fraction(found['percent']) * Fraction(found['of']) / 100


def _part(found: re.Match[str]) -> Fraction:
    count = found['count'] if found['count'] not in (None, 'a', 'an') else 1
    return Fraction(count) / _PARTS[found['part'].removesuffix('s')] * Fraction(found['of'])


def _power(found: re.Match[str]) -> Fraction:
    base, exponent = Fraction(found['base']), {'squared': 2, 'cubed': 3}.get(found['name'] or '', found['exponent'])
    if abs(Fraction(exponent)) > _LARGEST_EXPONENT:
        return Fraction(_TOO_LARGE)
    return Fraction(base ** int(exponent))


def _root(found: re.Match[str]) -> Fraction:
    return Fraction(math.sqrt(float(found['of']))).limit_denominator(10**6)


def _word_problem(words: str) -> str | None:
    """Answer a story with two numbers and a question, such as 'i have 3 apples and buy 2 more how many do i have'."""
    values = [Fraction(number) for number in re.findall(_NUMBER, words)]
    if len(values) == _STORY_NUMBERS and re.search(r'\bhow (?:many|much)\b', words):
        for pattern, result in _STORIES:
            if re.search(rf'\b(?:{pattern})\b', words):
                return f'That makes {_decimal(result(*values))}.'
    return None


_DECIMALS = 3
_TOO_LARGE = 10**15
_LARGEST_EXPONENT = 64
_STORY_NUMBERS = 2
_PARTS = {
    'half': 2,
    'halve': 2,
    'third': 3,
    'quarter': 4,
    'fourth': 4,
    'fifth': 5,
    'sixth': 6,
    'eighth': 8,
    'tenth': 10,
}
_NUMBER = r'(?<![\w.-])-?\d{1,15}(?:\.\d{1,9})?(?!\w)'
_OPERATOR = r'\b(?:plus|minus|times|x|multiplied by|divided by|over)\b'
_COMPARISON = re.compile(
    rf'(?P<one>{_NUMBER}) (?P<word>bigger|larger|greater|higher|more|smaller|less|lower) than (?P<other>{_NUMBER})'
)
_COMMANDS = [
    (re.compile(rf'\b(?:add|(?:the )?sum of) ({_NUMBER}) (?:and|to) ({_NUMBER})'), r'\1 plus \2'),
    (re.compile(rf'\b(?:subtract|take)(?: away)? ({_NUMBER}) from ({_NUMBER})'), r'\2 minus \1'),
    (re.compile(rf'\b(?:multiply|(?:the )?product of) ({_NUMBER}) (?:by|and|with) ({_NUMBER})'), r'\1 times \2'),
    (re.compile(rf'\bdivide ({_NUMBER}) by ({_NUMBER})'), r'\1 divided by \2'),
    (re.compile(rf'\b(?:double|twice) ({_NUMBER})'), r'2 times \1'),
    (re.compile(r'\bto the (\d+)(?:st|nd|rd|th) power'), r'to the power of \1'),
    (re.compile(rf'\btriple ({_NUMBER})'), r'3 times \1'),
]
_SUMS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Fraction]]] = [
    (re.compile(rf'(?P<percent>{_NUMBER}) percent of (?P<of>{_NUMBER})'), _percent),
    (re.compile(rf'(?:(?P<count>an?|{_NUMBER}) )?\b(?P<part>{"|".join(_PARTS)})s? of (?P<of>{_NUMBER})'), _part),
    (re.compile(r'(?:the )?square root of (?P<of>\d{1,15}(?:\.\d{1,9})?)(?!\w)'), _root),
    (
        re.compile(
            rf'(?P<base>{_NUMBER}) (?:(?P<name>squared|cubed)|to the power of (?P<exponent>-?\d{{1,15}}))(?!\w)'
        ),
        _power,
    ),
    (re.compile(rf'{_NUMBER}(?: {_OPERATOR} {_NUMBER})+'), _chain),
]
# The verbs of a story, and what they do with its two numbers. The first line that fits counts.
_STORIES: list[tuple[str, Callable[[Fraction, Fraction], Fraction]]] = [
    ('share|shared|split|divide|divided', lambda one, other: one / other),
    ('each|every|per', lambda one, other: one * other),
    (
        'give|gave|given|eat|ate|lose|lost|sell|sold|spend|spent|use|used|take|took|takes|remove|leave|leaves|break|left',
        lambda one, other: one - other,
    ),
    (
        'more|buy|bought|get|got|find|found|add|another|together|altogether|total|and',
        lambda one, other: one + other,
    ),
]
