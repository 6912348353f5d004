"""Talk about the time, the date, and how much of one unit is in another."""

import calendar
import re
from datetime import datetime, timedelta
from fractions import Fraction

from .number_talk import numbers
from .occasion import Occasion


def tell_time(found: re.Match[str], occasion: Occasion) -> str:
    """Tell the time here, now or in some minutes or hours."""
    text = found.string
    later = re.search(r'\bin (.+?) (minute|hour)s?\b', text)
    if later and (values := numbers(['one' if word in ('a', 'an') else word for word in later[1].split()])):
        moment = occasion.now + timedelta(**{f'{later[2]}s': min(abs(values[0].value), _FARTHEST)})
        return f'It will be {moment:%H:%M}.'
    elsewhere = re.search(r'\btime (?:is it )?in (?!here\b|the (?:morning|afternoon|evening)\b)', text)
    return f'I only know the time here: {occasion.now:%H:%M}.' if elsewhere else f'It is {occasion.now:%H:%M}.'


def tell_date(found: re.Match[str], occasion: Occasion) -> str:
    """Tell the date of today or a day near it."""
    name = next((name for name in _DAYS if re.search(rf'\b{name}\b', found.string)), 'today')
    days, verb = _DAYS[name]
    day = occasion.now + timedelta(days=days)
    return f'{name[0].upper()}{name[1:]} {verb} {day:%A}, {day.day} {day:%B %Y}.'


def tell_year_or_month(found: re.Match[str], occasion: Occasion) -> str:
    """Tell the current year or month."""
    return f'It is {occasion.now:%Y}.' if 'year' in found[0] else f'It is {occasion.now:%B}.'


def tell_days_until(found: re.Match[str], occasion: Occasion) -> str:
    """Tell how many days are left until a feast."""
    name, month, day = _FEASTS[found['feast']]
    today = occasion.now.date()
    date = today.replace(month=month, day=day)
    days = ((date if date >= today else date.replace(year=today.year + 1)) - today).days
    return f'{name} is today!' if not days else f'It is {days} day{"" if days == 1 else "s"} until {name}.'


def tell_how_many(found: re.Match[str], occasion: Occasion) -> str | None:
    """Tell how many small units are in a large one, such as days in a week; None if they do not fit."""
    small, large = (_SINGULAR.get(found[name]) or found[name].removesuffix('s') for name in ('small', 'large'))
    count = next((number.value for number in numbers([found['count'] or ''])), 1)
    if small == 'day' and count == 1 and (special := _days_of(large, occasion.now)):
        return special
    for scale in _SCALES:
        if small in scale and large in scale:
            ratio = Fraction(scale[large]) / Fraction(scale[small]) * Fraction(count)
            about = '' if ratio.denominator == 1 else 'about '
            article = 'An' if large[0] in 'aeio' or large == 'hour' else 'A'
            subject = f'{article} {large} has' if count == 1 else f'{count} {_plural(large)} have'
            return f'{subject} {about}{round(ratio):,} {small if ratio == 1 else _plural(small)}.'
    return None


def _days_of(large: str, now: datetime) -> str | None:
    if large == 'month':
        return 'A month has 30 or 31 days, and February has 28 or 29.'
    if large == 'year':
        return 'A year has 365 days, and a leap year has 366.'
    months = [name.lower() for name in calendar.month_name]
    if large not in months[1:]:
        return None
    if large == 'february':
        return 'February has 28 days, and 29 in a leap year.'
    return f'{large.capitalize()} has {calendar.monthrange(now.year, months.index(large))[1]} days.'


def _plural(unit: str) -> str:
    return _PLURALS.get(unit, f'{unit}s')


_FARTHEST = 10_000
_DAYS = {
    'the day after tomorrow': (2, 'is'),
    'the day before yesterday': (-2, 'was'),
    'tomorrow': (1, 'is'),
    'yesterday': (-1, 'was'),
    'today': (0, 'is'),
}
_FEASTS = {
    'christmas': ('Christmas', 12, 25),
    'new year': ('New Year', 1, 1),
    'halloween': ('Halloween', 10, 31),
    'valentine': ("Valentine's Day", 2, 14),
}
_PLURALS = {'foot': 'feet', 'inch': 'inches', 'century': 'centuries'}
_SINGULAR = {plural: unit for unit, plural in _PLURALS.items()}
_SCALES: tuple[dict[str, float | Fraction], ...] = (
    {'second': 1, 'minute': 60, 'hour': 3600, 'day': 86_400, 'week': 604_800, 'fortnight': 1_209_600},
    {'month': 1, 'year': 12, 'decade': 120, 'century': 1200, 'millennium': 12_000},
    {'week': 1, 'year': 52},
    {'millimeter': 1, 'centimeter': 10, 'meter': 1000, 'kilometer': 1_000_000},
    {'inch': 1, 'foot': 12, 'yard': 36, 'mile': 63_360},
    {'milligram': 1, 'gram': 1000, 'kilogram': 1_000_000, 'ton': 1_000_000_000},
    {'ounce': 1, 'pound': 16},
    {'milliliter': 1, 'liter': 1000},
    {'cent': 1, 'dollar': 100, 'euro': 100},
    {'egg': 1, 'dozen': 12},
    {'letter': 1, 'alphabet': 26},
)
