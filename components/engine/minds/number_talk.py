"""Reads numbers, in digits or words, and counts."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = int | float


@dataclass(frozen=True)
class SpokenNumber:
    """A number that stands at `words[start:end]` of a sentence."""

    value: Number
    start: int
    end: int


def numbers(words: Sequence[str]) -> list[SpokenNumber]:
    """Find all numbers in a sentence of small letters, in digits or words: '2.5', 'minus three', 'two hundred'."""
    found: list[SpokenNumber] = []
    at = 0
    while at < len(words):
        if read := _read_number(words, at):
            found.append(read)
        at = read.end if read else at + 1
    return found


def count(text: str) -> str:
    """Count as asked, such as 'count from three to eight', 'count to 5', 'countdown from ten', 'count backwards'."""
    values = [int(number.value) for number in numbers(text.split())]
    if len(values) > 1:
        first, last = values[:2]
    else:
        first, last = 1, values[0] if values else 10
        if re.search(r'down|back', text):
            first, last = last, first
    step = 1 if last >= first else -1
    if abs(last - first) >= _MOST_COUNTED:
        return f'That is a long way. I count {_MOST_COUNTED} numbers at most.'
    return ', '.join(_in_words(value) for value in range(first, last + step, step)).capitalize() + '.'


def _in_words(value: int) -> str:
    if value < 0:
        return f'minus {_in_words(-value)}'
    if value < 20:
        return _UNITS[value]
    if value > 99:
        return str(value)
    tens, units = divmod(value, 10)
    ten = next(word for word, amount in _TENS.items() if amount == tens * 10)
    return f'{ten}-{_UNITS[units]}' if units else ten


def _read_number(words: Sequence[str], start: int) -> SpokenNumber | None:
    negative = words[start] in ('minus', 'negative')
    at = start + negative
    if at < len(words) and re.fullmatch(r'-?\d{1,15}(\.\d{1,9})?', words[at], re.ASCII):
        value: Number = float(words[at]) if '.' in words[at] else int(words[at])
        end = at + 1
    else:
        value, end = _read_scaled(words, at, 'thousand', _read_hundreds)
        digits = [_UNITS.index(word) for word in itertools.takewhile(_UNITS[:10].__contains__, words[end + 1 :])]
        if end > at and digits and words[end] == 'point':
            value, end = float(f'{value}.{"".join(map(str, digits))}'), end + 1 + len(digits)
    return SpokenNumber(-value if negative else value, start, end) if end > at else None


def _read_hundreds(words: Sequence[str], at: int) -> tuple[int, int]:
    return _read_scaled(words, at, 'hundred', _read_tens)


def _read_scaled(
    words: Sequence[str], at: int, scale: str, read: Callable[[Sequence[str], int], tuple[int, int]]
) -> tuple[int, int]:
    """Read what `read` reads, and more of it behind the `scale`: its value, and its end (`at` if there is none)."""
    value, end = (1, at + 1) if words[at : at + 2] == ['a', scale] else read(words, at)
    if end == at or words[end : end + 1] != [scale]:
        return value, end
    value, end = value * _SCALES[scale], end + 1
    more, more_end = read(words, end + (words[end : end + 1] == ['and']))
    return (value + more, more_end) if more else (value, end)


def _read_tens(words: Sequence[str], at: int) -> tuple[int, int]:
    word, following = [*words[at : at + 2], '', ''][:2]
    if word not in _TENS:
        return (_UNITS.index(word), at + 1) if word in _UNITS else (0, at)
    if following in _UNITS[1:10]:
        return _TENS[word] + _UNITS.index(following), at + 2
    return _TENS[word], at + 1


_UNITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
_UNITS += ['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']
_TENS = {'twenty': 20, 'thirty': 30, 'forty': 40, 'fifty': 50, 'sixty': 60, 'seventy': 70, 'eighty': 80, 'ninety': 90}
_SCALES = {'hundred': 100, 'thousand': 1000}
_MOST_COUNTED = 30
