"""English prices, percentages, units and telephone numbers in words."""

import re
from collections.abc import Callable

from .numbers import NUMBER, cardinal, digits


def quantities_in_words(text: str) -> str:
    """Return the text with its prices, percentages, units and telephone numbers in words."""
    for pattern, words in _STEPS:
        text = pattern.sub(words, text)
    return text


def _phone(found: re.Match[str]) -> str:
    groups = [digits(group) for group in re.findall(r'\d+', found[0])]
    return ('plus ' if found[0].startswith('+') else '') + ', '.join(groups)


def _price(found: re.Match[str]) -> str:
    sign = (found['sign'] or found['behind']).upper()
    if found['to']:
        return f'{_amount(found["number"])} to {_money(found["to"], found["scale"], sign)}'
    return _money(found['number'], found['scale'], sign)


def _money(number: str, scale: str | None, sign: str) -> str:
    one, many, cent, cents = _CURRENCIES[sign]
    if scale:
        return f'{_amount(number)} {_SCALES.get(scale.lower(), scale.lower())} {many}'
    whole, _, hundredths = number.replace(',', '').partition('.')
    if not cent or len(hundredths) != len('00'):
        return f'{_amount(number)} {one if number == "1" else many}'
    parts = [f'{_amount(whole)} {one if whole == "1" else many}'] if int(whole) or not int(hundredths) else []
    if int(hundredths):
        parts.append(f'{_amount(str(int(hundredths)))} {cent if int(hundredths) == 1 else cents}')
    return ' and '.join(parts)


def _measure(found: re.Match[str]) -> str:
    one, many = _UNITS[found['unit']]
    singular = found['number'] == '1' or bool(found['a'])
    per = f' per {_PER[found["per"]]}' if found['per'] else ''
    return f'{found["a"] or ""}{_signed(found["minus"])}{_amount(found["number"])} {one if singular else many}{per}'


def _measured_fraction(found: re.Match[str]) -> str:
    one, many = _UNITS[found['unit']]
    return f'{found["fraction"]} {many if found["whole"] else one}'


def _percent(found: re.Match[str]) -> str:
    return f'{_signed(found["minus"])}{_amount(found["number"])} {"percent" if found["sign"] == "%" else "per mille"}'


def _inches(found: re.Match[str]) -> str:
    return f'{found["number"]} {"inch" if found["thing"] or found["number"] == "1" else "inches"}'


def _signed(minus: str | None) -> str:
    return 'minus ' if minus else ''


def _amount(number: str) -> str:
    return cardinal(number)


_CURRENCIES = {
    '$': ('dollar', 'dollars', 'cent', 'cents'),
    '€': ('euro', 'euros', 'cent', 'cents'),
    '£': ('pound', 'pounds', 'penny', 'pence'),
    '¥': ('yen', 'yen', '', ''),
    '₹': ('rupee', 'rupees', 'paisa', 'paise'),
    '₩': ('won', 'won', '', ''),
    '₽': ('rouble', 'roubles', 'kopeck', 'kopecks'),
    'CHF': ('Swiss franc', 'Swiss francs', 'centime', 'centimes'),
}
_CURRENCIES |= {'USD': _CURRENCIES['$'], 'US$': _CURRENCIES['$'], 'EUR': _CURRENCIES['€'], 'GBP': _CURRENCIES['£']}
_CURRENCIES |= {'JPY': _CURRENCIES['¥']}
_SCALES = {'k': 'thousand', 'm': 'million', 'mn': 'million', 'b': 'billion', 'bn': 'billion', 'tn': 'trillion'}
_UNITS = {
    **{short: (long, f'{long}s') for short, long in {
        'km': 'kilometer', 'm': 'meter', 'cm': 'centimeter', 'mm': 'millimeter', 'mi': 'mile', 'yd': 'yard',
        'kg': 'kilogram', 'g': 'gram', 'mg': 'milligram', 'lb': 'pound', 'lbs': 'pound', 'oz': 'ounce', 't': 'ton',
        'tsp': 'teaspoon', 'tbsp': 'tablespoon',
        'l': 'liter', 'L': 'liter', 'ml': 'milliliter', 'mL': 'milliliter', 'cl': 'centiliter',
        'B': 'byte', 'kB': 'kilobyte', 'KB': 'kilobyte', 'MB': 'megabyte', 'GB': 'gigabyte', 'TB': 'terabyte',
        'KiB': 'kibibyte', 'MiB': 'mebibyte', 'GiB': 'gibibyte', 'kbit': 'kilobit', 'Mbit': 'megabit',
        'W': 'watt', 'kW': 'kilowatt', 'MW': 'megawatt', 'GW': 'gigawatt', 'V': 'volt', 'kV': 'kilovolt',
        'kWh': 'kilowatt hour', 'Wh': 'watt hour', 'mAh': 'milliampere hour', 'mA': 'milliampere', 'J': 'joule',
        'kJ': 'kilojoule', 'kcal': 'kilocalorie', 'cal': 'calorie', 'N': 'newton', 'Pa': 'pascal', 'hPa': 'hectopascal',
        'h': 'hour', 'hr': 'hour', 'hrs': 'hour', 'min': 'minute', 'mins': 'minute', 's': 'second', 'sec': 'second',
        'secs': 'second', 'ms': 'millisecond', 'px': 'pixel', 'ha': 'hectare', 'dB': 'decibel',
        'm²': 'square meter', 'm2': 'square meter', 'km²': 'square kilometer', 'km2': 'square kilometer',
        'cm²': 'square centimeter', 'm³': 'cubic meter', 'm3': 'cubic meter', 'cm³': 'cubic centimeter',
    }.items()},
    **{short: (f'degree {scale}', f'degrees {scale}') for short, scale in {
        '°C': 'Celsius', '℃': 'Celsius', '°F': 'Fahrenheit', '℉': 'Fahrenheit',
    }.items()},
    **{short: (long, long) for short, long in {
        'Hz': 'hertz', 'kHz': 'kilohertz', 'MHz': 'megahertz', 'GHz': 'gigahertz', 'mph': 'miles per hour',
        'kph': 'kilometers per hour', 'fps': 'frames per second', 'Mbps': 'megabits per second',
        'Gbps': 'gigabits per second', 'kbps': 'kilobits per second', 'rpm': 'revolutions per minute',
    }.items()},
    'ft': ('foot', 'feet'),
    '°': ('degree', 'degrees'),
}  # fmt: skip
_PER = {
    'h': 'hour',
    's': 'second',
    'min': 'minute',
    'd': 'day',
    'l': 'liter',
    'L': 'liter',
    'kg': 'kilogram',
    'm²': 'square meter',
}
_SIZED = (
    'screens?|monitors?|displays?|TVs?|tvs?|televisions?|laptops?|tablets?|phones?|pipes?|nails?|pizzas?|wheels?|tires?'
    '|tyres?|rims?|disks?|discs?|drives?|records?|pans?|cakes?|boards?|trays?|tiles?|bikes?|subs?|model|version'
)
_SEPARATE = 'm|g|t|l|L|B|W|V|J|N|s|h|ms'  # that could be something else right behind a number, such as 5G or 5s
_ANY_UNIT = '|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NOT_WITHIN = r'(?<![\w.,])'
_MINUS = r'(?P<minus>(?<!\d\s)(?<![\w)])[-−])?'
_STEPS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (
        re.compile(
            r'(?<![\w.,])(?:\+\d{1,3}(?:[\s./-]?\(?\d{1,5}\)?){2,6}'
            r'|\(\d{3}\)\s?\d{3}[-.\s]\d{4}|(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}|\d{4}(?: \d{4}){2,}'
            r'|(?:(?<=all )|(?<=dial )|(?<=number )|(?<=number is )|(?<=hone: ))\d{3}[- ]\d{4}'
            r'|0\d{2,4}[\s/-]\d{3,}(?:[\s-]\d+)*)(?!\w|[.,]\d)'
        ),
        _phone,
    ),
    (
        re.compile(
            rf'(?<![\w.,])(?:(?P<sign>US\$|[$€£¥₹₩₽]|(?:USD|EUR|GBP|JPY|CHF)(?=\s))\s?)(?P<number>{NUMBER})'
            rf'(?:\s?[-–]\s?(?:\1)?(?P<to>{NUMBER}))?'
            r'(?:\s?(?P<scale>(?:thousand|million|billion|trillion|[kKmMbB]n?|tn)\b))?(?P<behind>)(?![\w])'
        ),
        _price,
    ),
    (
        re.compile(
            rf'{_NOT_WITHIN}(?P<number>{NUMBER})(?:\s?[-–]\s?(?P<to>{NUMBER}))?'
            r'(?:\s?(?P<scale>thousand|million|billion|trillion|[kKmM]|bn))?'
            r'\s?(?P<behind>[€£¥₹₩₽]|\$(?!\d)|(?:USD|EUR|GBP|JPY|CHF)\b)(?P<sign>)'
        ),
        _price,
    ),
    (
        re.compile(rf'(?<![\w.,-])(?P<first>{NUMBER})(?:\s?–\s?|-)(?={NUMBER}\s?[%‰°A-Za-z])'),
        lambda found: f'{found["first"]} to ',
    ),
    (re.compile(r'(?<![\w.,])(?P<feet>\d)[\'′](?P<inches>\d\d?)["″]'), r'\g<feet> foot \g<inches>'),
    (
        # a straight mark may also close a quotation
        re.compile(
            rf'(?<![\w.,°′\'])(?P<number>{NUMBER})(?:″|"(?=(?: |-)(?:{_SIZED}|tall|long|wide|high|deep|thick)\b'
            rf'|\s?[×x]\s?\d|\sby\s\d)|"(?:(?<=[×x]\s\d")|(?<=[×x]\s\d\d")|(?<=by\s\d")|(?<=by\s\d\d")))'
            rf'(?!\w)(?=(?P<thing>[ -](?:{_SIZED})\b)?)'
        ),
        _inches,
    ),
    (re.compile(r'(?<=inches)\s?[×x]\s?(?=\d)'), ' by '),
    (re.compile(r"(?<![\w.,°])(?P<number>\d+)['′](?=\s(?:tall|high|long|wide|deep)\b)"), r'\g<number> feet'),
    (re.compile(rf'(?<![\w.,]){_MINUS}(?P<number>{NUMBER})\s?(?P<sign>[%‰])'), _percent),
    (
        re.compile(
            r'(?<![\w.,/])(?P<fraction>(?:(?P<whole>\d+) ?)?(?:(?<!\d)\d{1,2}/\d{1,2}|[¼-¾⅐-⅞]))\s?'
            rf'(?P<unit>{_ANY_UNIT})(?![\w°²³/])'
        ),
        _measured_fraction,
    ),
    (
        re.compile(
            rf'(?P<a>\b[Aa]n? )?(?<![\w.,/]){_MINUS}(?P<number>{NUMBER})'
            rf'(?:\s|(?!(?:{_SEPARATE})(?!\w)))'
            rf'(?P<unit>{_ANY_UNIT})'
            rf'(?:/(?P<per>{"|".join(_PER)}))?(?![\w°²³/])'
        ),
        _measure,
    ),
]
