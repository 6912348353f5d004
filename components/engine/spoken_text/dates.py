"""English dates, years and times of day in words."""

import re
from collections.abc import Callable

from .numbers import cardinal, ordinal, year


def dates_in_words(text: str) -> str:
    """Return the text with its dates, years and times of day in words."""
    for pattern, words in _STEPS:
        text = pattern.sub(words, text)
    return text


def _iso_date(found: re.Match[str]) -> str:
    date = _date(int(found['day']), int(found['month']), found['year'])
    return f'{date} at ' if date and found['time'] else date or found[0]


def _numeric_date(found: re.Match[str]) -> str:
    """Read a date such as 28/11/2026. Where day and month cannot be told apart, the numbers are read in their order."""
    first, second = int(found['first']), int(found['second'])
    if found['sign'] == '.' or first > _MONTHS_A_YEAR or first == second:
        date = _date(first, second, found['year'])
    elif second > _MONTHS_A_YEAR:
        date = _date(second, first, found['year'])
    else:
        date = f'{cardinal(str(first))} slash {cardinal(str(second))} slash {year(found["year"])}'
    return date or found[0]


def _date(day: int, month: int, of_year: str) -> str:
    if not (1 <= month <= _MONTHS_A_YEAR and 1 <= day <= _LONGEST_MONTH):
        return ''
    return f'{_MONTHS[month - 1]} {ordinal(day)}, {year(of_year)}'


def _day_first(found: re.Match[str]) -> str:
    if not 1 <= int(found['day']) <= _LONGEST_MONTH:
        return found[0]
    date = f'the {ordinal(found["day"])} of {_full(found["month"])}'
    return f'{date}, {year(found["year"])}' if found['year'] else date


def _month_first(found: re.Match[str]) -> str:
    if not 1 <= int(found['day']) <= _LONGEST_MONTH:
        return found[0]
    date = f'{_full(found["month"])} {ordinal(found["day"])}'
    return f'{date}, {year(found["year"])}' if found['year'] else date


def _full(month: str) -> str:
    return next(name for name in _MONTHS if name.startswith(month[:3]))


def _time(found: re.Match[str]) -> str:
    hour, minute, second, half = int(found['hour']), found['minute'], found['second'], found['half']
    words = cardinal(str(hour))
    if minute != '00':
        words += f' oh {cardinal(minute[1])}' if minute[0] == '0' else f' {cardinal(minute)}'
    elif not half and not second:
        words = 'midnight' if hour == 0 else f"{words} o'clock" if hour <= _NOON else f'{words} hundred'
    if second and second != '00':
        words += f' and {cardinal(str(int(second)))} second' + ('' if int(second) == 1 else 's')
    return words + (f' {half[0].upper()}M' if half else '')


def _hour(found: re.Match[str]) -> str:
    return f'{cardinal(found["hour"])} {found["half"][0].upper()}M'


def _decade(found: re.Match[str]) -> str:
    tens = {2: 'twenties', 3: 'thirties', 4: 'forties', 5: 'fifties', 6: 'sixties', 7: 'seventies', 8: 'eighties'}
    name = tens.get(int(found['ten']), 'nineties')
    return f'{cardinal(found["century"])} {name}' if found['century'] else name


def _years(found: re.Match[str]) -> str:
    first, second = found['first'], found['second']
    later = year(second) if len(second) == 4 else cardinal(second)
    return f'{year(first)} to {later}'


def _year(found: re.Match[str]) -> str:
    return year(found[0])


_MONTHS_A_YEAR = 12
_LONGEST_MONTH = 31
_NOON = 12
_MONTHS = (
    *('January', 'February', 'March', 'April', 'May', 'June'),
    *('July', 'August', 'September', 'October', 'November', 'December'),
)
_MONTH = rf'(?P<month>{"|".join(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)'
_YEAR = r'(?P<year>1\d{3}|20\d\d)'
_HALF = r'(?P<half>[AaPp](?:\.[Mm]\.|[Mm]\b))'
_START = r'(?<![\w.,:/$€£¥+×*=<>-])'
_STEPS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (
        re.compile(r'(?:(?<=:\d\d)|(?<=[AaPp][Mm])|(?<=[ap]\.m\.)) ?[-–—] ?(?=\d?\d:\d\d|\d\d? ?[AaPp]\.?[Mm])'),
        lambda _: ' to ',
    ),
    (
        re.compile(
            rf'{_START}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:(?P<time>[T ])(?=\d\d:\d\d)|(?![\w-]))'
        ),
        _iso_date,
    ),
    (
        re.compile(
            rf'{_START}(?P<first>\d\d?)(?P<sign>[./-])(?P<second>\d\d?)(?P=sign)(?P<year>[12]\d{{3}})(?![\w./-]\d)'
        ),
        _numeric_date,
    ),
    (
        re.compile(rf'{_START}(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?\.?(?: of)? {_MONTH}(?:,? {_YEAR}\b)?(?!\w)'),
        _day_first,
    ),
    (re.compile(rf'\b{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? {_YEAR}\b)?(?![\w:%°]|[.,-]\d)'), _month_first),
    (
        re.compile(
            rf'{_START}(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?Z?(?:\s?{_HALF})?(?![\w:])'
        ),
        _time,
    ),
    (re.compile(rf'{_START}(?P<hour>1[0-2]|[1-9])\s?{_HALF}'), _hour),
    (re.compile(r"(?<![\w$€£¥.,])['’]?(?P<century>1\d|20)?(?P<ten>[2-9])0['’]?s\b"), _decade),
    (
        re.compile(
            rf'{_START}(?P<first>1[1-9]\d\d|20\d\d)\s?[-–—]\s?(?P<second>1[1-9]\d\d|20\d\d|\d\d)(?![\w-]|[.,]\d|\s?[%°=])'
        ),
        _years,
    ),
    (
        re.compile(
            r'(?:(?<=in )|(?<=since )|(?<=by )|(?<=until )|(?<=before )|(?<=after )|(?<=from )|(?<=year )|(?<=around )'
            r'|(?<=early )|(?<=late )|(?<=\())1[1-9]\d\d(?![\w-]|[.,]\d|\s?[%°=+×*/<>])'
        ),
        _year,
    ),
    (re.compile(rf'{_START}(?:19|20)\d\d(?![\w-]|[.,]\d|\s?[%°=+×*/<>])'), _year),
]
