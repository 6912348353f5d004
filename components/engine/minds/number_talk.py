"""Talk about numbers, as a recogniser hears them: sums and counting."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_UNITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
_UNITS += ['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']
_TENS = {'twenty': 20, 'thirty': 30, 'forty': 40, 'fifty': 50, 'sixty': 60, 'seventy': 70, 'eighty': 80, 'ninety': 90}
_SOUND_ALIKE = {'to': 2, 'too': 2, 'for': 4, 'ate': 8, 'won': 1, 'hundred': 100, 'a hundred': 100, 'one hundred': 100}
_SINGLE = {word: value for value, word in enumerate(_UNITS)} | _TENS | _SOUND_ALIKE
_MOST_COUNTED = 30

# A number from 0 to 100 in words, or one of up to six digits. Longer words first, or 'six' would hide 'sixteen'.
NUMBER = rf'(?:\d{{1,6}}|(?:{"|".join(_TENS)}) (?:{"|".join(_UNITS[1:10])})|{"|".join(sorted(_SINGLE, key=len)[::-1])})'
OPERATION = 'plus|post|minus|times|multiplied by|divided by'  # 'plus' is sometimes heard as 'post'


@dataclass(frozen=True)
class SpokenNumber:
    """A number among words, which stands at `words[start:end]`."""

    value: int | float
    start: int
    end: int


def numbers(words: Sequence[str]) -> list[SpokenNumber]:
    """All numbers in a sentence of small letters, in digits or words: '2.5', 'minus three', 'two hundred and five'."""
    found: list[SpokenNumber] = []
    at = 0
    while at < len(words):
        if read := _read_number(words, at):
            found.append(read)
        at = read.end if read else at + 1
    return found


def number(words: str) -> int:
    """The value of what `NUMBER` matched."""
    if words.isdecimal():
        return int(words)
    return _SINGLE[words] if words in _SINGLE else sum(_SINGLE[word] for word in words.split())


def calculate(left: int, operation: str, right: int) -> str:
    """The result of a sum as a sentence."""
    match operation:
        case 'minus':
            sign, result = 'minus', float(left - right)
        case 'times' | 'multiplied by':
            sign, result = 'times', float(left * right)
        case 'divided by':
            if right == 0:
                return 'Nobody can divide by zero, and neither can I.'
            sign, result = 'divided by', left / right
        case _:
            sign, result = 'plus', float(left + right)
    value = f'{result:.3f}'.rstrip('0').rstrip('.')
    about = '' if float(value) == result else 'about '
    return f'{left} {sign} {right} is {about}{value.replace("-", "minus ")}.'


def count(text: str) -> str:
    """Counts as asked, such as 'count from three to eight', 'count to 5', 'countdown from ten', 'count backwards'."""
    numbers = [number(words) for words in re.findall(rf'\b(?!(?:to|too|for)\b){NUMBER}\b', text)]
    if len(numbers) > 1:
        first, last = numbers[:2]
    else:
        first, last = 1, numbers[0] if numbers else 10
        if re.search(r'down|back', text):
            first, last = last, first
    step = 1 if last >= first else -1
    if abs(last - first) >= _MOST_COUNTED:
        return f'That is a long way. I count {_MOST_COUNTED} numbers at most.'
    return ', '.join(_in_words(value) for value in range(first, last + step, step)).capitalize() + '.'


def _in_words(value: int) -> str:
    tens, units = divmod(value, 10)
    if value < 20:
        return _UNITS[value]
    if value > 99:
        return str(value)
    ten = next(word for word, amount in _TENS.items() if amount == tens * 10)
    return f'{ten}-{_UNITS[units]}' if units else ten


def _read_number(words: Sequence[str], start: int) -> SpokenNumber | None:
    negative = words[start] in ('minus', 'negative')
    at = start + negative
    if at < len(words) and re.fullmatch(r'-?\d{1,15}(\.\d{1,9})?', words[at], re.ASCII):
        value: int | float = float(words[at]) if '.' in words[at] else int(words[at])
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
    """What `read` reads, and more of it behind the `scale`: its value, and where it ends (at `at` if it is none)."""
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


_SCALES = {'hundred': 100, 'thousand': 1000}
