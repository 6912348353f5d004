"""Roman numerals in words: 'Henry the eighth', 'Chapter four', 'World War two'."""

import re

from .numbers import cardinal, ordinal


def roman_numerals_in_words(text: str) -> str:
    """Return the text with Roman numerals in words, where the word before shows that they are some.

    Monarchs and popes get an ordinal, everything else a cardinal. A single letter is a numeral only behind a known name
    or a word such as 'Chapter', and `I` only where it cannot be the pronoun.
    """
    for pattern, words in _STEPS:
        text = pattern.sub(words, text)
    return text


def _reign(found: re.Match[str]) -> str:
    return f'{found["before"]} the {ordinal(_value(found["numeral"]))}'


def _part(found: re.Match[str]) -> str:
    return f'{found["before"]} {cardinal(str(_value(found["numeral"])))}'


def _value(numeral: str) -> int:
    values = [_LETTERS[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


_LETTERS = {'I': 1, 'V': 5, 'X': 10, 'L': 50}
_RULERS = (
    'Henry|Charles|George|Edward|Elizabeth|James|William|Richard|Louis|Napoleon|Philip|Felipe|Carlos|Ferdinand|Frederick'
    '|Wilhelm|Friedrich|Otto|Franz Joseph|Leopold|Peter|Catherine|Nicholas|Alexander|Ivan|John Paul|Benedict|Pius|Leo'
    '|Gregory|Urban|Innocent|Clement|Boniface|Gustav|Christian|Harald|Haakon|Margrethe|Ramses|Ramesses|Thutmose|Ptolemy'
    '|Cleopatra|Darius|Xerxes|Mehmed|Selim|Murad'
)
_TITLES = 'King|Queen|Pope|Emperor|Empress|Tsar|Kaiser|Sultan|Pharaoh'
_PARTS = (
    'Chapter|Part|Volume|Vol\\.|Book|Act|Scene|Section|Article|Appendix|Phase|Stage|Type|Class|Level|Figure|Table|Season'
    '|Episode|Psalm|Apollo|Saturn|World War|Super Bowl|Title|Grade|Schedule|Annex|Canto|Round|Step|Symphony No\\.'
)
_NUMERAL = r'(?P<numeral>(?!I\b)(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?!\w|-\w)'
# behind any other word in capitals; IV is also an infusion, XX and XXX are also something else
_CLEAR = r'(?P<numeral>III?|VII?I?|IX|XI{1,3}|XIV|XVI{0,3}|XIX)(?!\w|-\w)'
_ALONE = r'(?P<numeral>I)(?=[.,;:!?)]|\s*$|[\'’]s\b|\s(?:of|and|ruled|reigned|died|became)\b)'
_FIRST_PART = r'(?P<numeral>I)(?=[.,;:!?)]|\s*$|\s(?:of|and)\b)'
_REIGNS = rf'(?P<before>\b(?:{_RULERS}|(?:{_TITLES}) [A-Z]\w+))\s'
_NOT_BEFORE = '(?!The |An? |This |That |His |Her |My |Your |Our |Their |In |Of |No |And |But |Or )'
_STEPS = [
    (re.compile(_REIGNS + _NUMERAL), _reign),
    (re.compile(_REIGNS + _ALONE), _reign),
    (re.compile(rf'(?P<before>\b(?:{_PARTS}))\s{_NUMERAL}'), _part),
    (re.compile(rf'(?P<before>\b(?:{_PARTS}))\s{_FIRST_PART}'), _part),
    (re.compile(rf'(?P<before>\b{_NOT_BEFORE}[A-Z]\w*[a-z])\s{_CLEAR}'), _part),
]
