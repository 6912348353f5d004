"""English sums, fractions, ranges and all other numbers and signs in words."""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

from .numbers import NUMBER, cardinal, digits, ordinal


def signs_in_words(text: str) -> str:
    """Return the text with sums, fractions, ranges, the rest of the numbers, and signs in words."""
    if _SUM.search(text):
        for pattern, words in _OPERATORS:
            text = pattern.sub(words, text)
    for step, replacement in _STEPS:
        text = step.sub(replacement, text)
    return text


def _fraction(found: re.Match[str]) -> str:
    above, below = int(found['above']), int(found['below'])
    whole = f'{found["whole"]} and ' if found['whole'] else ''
    if above == below and not whole and below > _LARGEST_DENOMINATOR:
        return f'{above} {below}'
    if below in (10, 100) and not whole:
        return f'{above} out of {below}'
    if not 0 < above < below or below > _LARGEST_DENOMINATOR:
        return f'{above} {below}' if (above, below) in ((24, 7), (9, 11)) else f'{whole}{above} over {below}'
    return whole + _parts(above, below)


def _parts(above: int, below: int) -> str:
    name = {2: 'half', 4: 'quarter'}.get(below) or ordinal(below)
    if above == 1:
        return f'one {name}'
    return f'{cardinal(str(above))} {"halves" if below == 2 else f"{name}s"}'


def _fraction_sign(found: re.Match[str]) -> str:
    fraction = Fraction(unicodedata.numeric(found['sign'])).limit_denominator(10)
    words = _parts(fraction.numerator, fraction.denominator) if fraction.denominator > 1 else str(fraction)
    return f'{found["whole"]} and {words}' if found['whole'] else words


def _power(found: re.Match[str]) -> str:
    exponent = ''.join(unicodedata.normalize('NFKC', char) for char in found['power']).lstrip('^').strip('()')
    named = {'2': ' squared', '3': ' cubed'}
    return named.get(exponent) or f' to the power of {exponent.replace("-", "minus ").replace("−", "minus ")}'


def _version(found: re.Match[str]) -> str:
    name = found['name'] or ('version ' if found['v'] else '')
    numbers = found['numbers'].split('.')
    return name + (' dot ' if len(numbers) > _LONGEST_VERSION else ' point ').join(map(cardinal, numbers))


def _ordinal(found: re.Match[str]) -> str:
    return ordinal(found['number'].replace(',', ''))


def _cardinal(found: re.Match[str]) -> str:
    return ('minus ' if found['minus'] else '') + cardinal(found['number'])


def _spaced(found: re.Match[str]) -> str:
    """Spell out a number that touches letters. Long ones behind letters are codes, such as flight numbers."""
    is_code = found['letter'] and len(found['number']) > _LONGEST_IN_NAME
    return f'{found["letter"]} {digits(found["number"]) if is_code else cardinal(found["number"])} '


_LONGEST_IN_NAME = 2  # digits
_LARGEST_DENOMINATOR = 20
_LONGEST_VERSION = 3  # numbers; four are an address on the internet
_OPERAND = r'[\w)²³]'
_SUM = re.compile(r'[=≈≠≤≥÷×√±]|\d\s*[+*^]\s*[\d(]|\d\s+[-−/]\s+\d')
_OPERATORS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf'(?<={_OPERAND})\s*\+\s*(?=[\w(√])'), ' plus '),
    (
        re.compile(rf'(?<={_OPERAND})\s*−\s*(?=[\w(√])|(?<=[\d)])\s*-\s*(?=[\d(])|(?<={_OPERAND})\s+[-–]\s+(?=[\w(])'),
        ' minus ',
    ),
    (re.compile(rf'(?<={_OPERAND})\s*[×*·⋅✕]\s*(?=[\w(√])|(?<=\d) x (?=\d)'), ' times '),
    (re.compile(rf'(?<={_OPERAND})\s*÷\s*(?=[\w(√])|(?<=[\d)])\s*/\s*(?=[\d(])|(?<=\w)\s+/\s+(?=\w)'), ' divided by '),
]
_STEPS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r'\s*(?:===?|=)\s*'), ' equals '),
    (re.compile(r'\s*≈\s*'), ' is about '),
    (re.compile(r'\s*(?:≠|!=)\s*'), ' is not equal to '),
    (re.compile(r'\s*(?:≤|<=)\s*'), ' is at most '),
    (re.compile(r'\s*(?:≥|>=)\s*'), ' is at least '),
    (re.compile(r'\s*(?:→|⇒|->|=>|⟶)\s*'), ' to '),
    (re.compile(r'\s*[←↑↓↔]\s*'), ', '),
    (re.compile(r'(?<=\d)x(?= [a-z])'), ' times'),
    (re.compile(r'(?<=\d)\+(?![\w+])'), ' plus'),
    (re.compile(r'(?<=\w)\s*<\s*(?=[\w-])'), ' is less than '),
    (re.compile(r'(?<!\S)<\s?(?=\w)'), 'less than '),
    (re.compile(r'(?<!\S)>\s?(?=\w)'), 'more than '),
    (re.compile(r'(?<=\w)\s*>\s*(?=[\w-])'), ' is greater than '),
    (re.compile(r'±\s*'), ' plus or minus '),
    (re.compile(r'√\s*'), ' the square root of '),
    (re.compile(r'∞'), ' infinity '),
    (re.compile(r'π'), ' pi '),
    (re.compile(r'(?<=\d)\s?[×x]\s?(?=\d)'), ' by '),
    (re.compile(r'(?<=[\w)])(?P<power>[⁻]?[²³¹⁰⁴-⁹]+|\^\(?[-−]?\w+\)?)'), _power),
    (
        re.compile(r'(?<![\w.,/])(?:(?P<whole>\d+) )?(?P<above>\d{1,3})[/⁄](?P<below>\d{1,3})(?![\w/]|[.,]\d)'),
        _fraction,
    ),
    (re.compile(r'(?:(?P<whole>\d+) ?)?(?P<sign>[¼-¾⅐-⅞↉])'), _fraction_sign),
    (
        re.compile(
            r'(?<![\w.])(?P<name>[Vv]ersion )?(?P<v>[vV])?'
            r'(?P<numbers>(?:(?<=[vV])\d+|\d+(?=\.\d+\.))(?:\.\d+)*)(?![\w.]\w)'
        ),
        _version,
    ),
    (re.compile(rf'(?<![\w.,-])(?P<first>{NUMBER})\s?[-–—]\s?(?=[-−]?\d[\d,.]*(?![\w-]))'), r'\g<first> to '),
    (re.compile(r'(?<=\d):(?=\d)'), ' to '),
    (re.compile(r'#\s?(?=\d)|№\s?'), ' number '),
    (re.compile(r'~\s?(?=\d)'), ' about '),
    (re.compile(r'(?<![\w.,])(?P<number>\d+(?:,\d{3})*)(?:st|nd|rd|th)\b'), _ordinal),
    (re.compile(rf'(?P<minus>(?<![\w)])[-−](?=\d)|−)?(?<![\w.,])(?P<number>{NUMBER})(?![\w]|[.,]\d)'), _cardinal),
    (re.compile(r'(?<![\w.])\.(\d+)\b'), lambda found: f'point {digits(found[1])}'),
    (re.compile(r'(?P<letter>[^\W\d_]?)(?P<number>\d+)'), _spaced),
    (re.compile(r'\s*&\s*'), ' and '),
    (re.compile(r'(?<=\w)\s*@\s*(?=\w)'), ' at '),
    (re.compile(r'(?<=\w)\s*\+\s*(?=\w)'), ' plus '),
    (
        re.compile(r'\b([Hh]e/she|[Ss]he/he|[Hh]is/her|[Yy]es/no|[Tt]rue/false|[Oo]n/off)\b'),
        lambda found: found[0].replace('/', ' or '),
    ),
    (re.compile(r'\s*[—–]\s*'), ', '),
    (
        re.compile(r'(?<=[a-z])/(?=(?:second|minute|hour|day|night|week|month|year|person|user|item|mile|liter)s?\b)'),
        ' per ',
    ),
    (re.compile(r'%'), ' percent '),
    (re.compile(r'°'), ' degrees '),
    (re.compile(r'[$€£¥₹₩₽^=<>|~+#/*_×·⋅÷@]'), ' '),
    (re.compile(r'\s+(?=[,.;:!?](?:\s|$))'), ''),
    (re.compile(r'^[\s,]+'), ''),
]
