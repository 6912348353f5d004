"""English: how to tell it from other languages, and its numbers and signs in words."""

import re
import unicodedata

from .abbreviations import expand_abbreviations
from .dates import dates_in_words
from .quantities import quantities_in_words
from .signs import signs_in_words


def is_english(text: str) -> bool | None:
    """Tell whether a sentence is English, by its script and its most common words. None if it may be any language."""
    text = _NO_WORDS.sub(' ', text[:_LONGEST])
    letters = [char for char in text if char.isalpha()]
    if sum(not _is_latin(char) for char in letters) * 2 > len(letters):
        return False
    words = re.findall(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?|I'm", text.replace('’', "'"))
    words = [word.lower() for word in words if not word.isupper()]  # AU is a unit, 'au' is French
    english = sum(word in _ENGLISH or word.endswith(_ENGLISH_ENDINGS) for word in words)
    foreign = sum(word in _FOREIGN or not word.isascii() for word in words)
    return None if english == foreign else english > foreign


def in_english(text: str) -> str:
    """Return a sentence of plain English text with numbers, dates, prices, units and signs in words."""
    words = expand_abbreviations(text)
    for step in (dates_in_words, quantities_in_words, signs_in_words):
        words = step(words)
    end = text.rstrip(')"”’')[-1:]
    words = ' '.join(words.split())
    return f'{words}{end}' if end in '.!?' and words and words[-1].isalnum() else words


def _is_latin(char: str) -> bool:
    return char < '\u0250' or unicodedata.name(char, '').startswith(
        ('LATIN', 'GREEK')
    )  # Greek letters stand in formulas


_LONGEST = 500  # characters that are looked at
_NO_WORDS = re.compile(r'`[^`]*`|\$[^$]*\$|\S*(?:://|@|\\|_)\S*|<[^<>]*>')
_ENGLISH_WORDS = """
the is are was were and of to for with that this these those it you it's i'm you're don't doesn't isn't that's there's
let's can't have has not from or be been can could will would should there here what which when how why my your our they
she about its their than then because into some any more please hello yes equals today by at costs cost means see
chapter call answer total
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ENGLISH_ENDINGS = ("'s", "n't", "'re", "'ve", "'ll")
_FOREIGN_WORDS = """
der die das und ist ein eine einen einem nicht mit für ich sie wir auf zu den dem des von es im vom zum zur bei nach
kostet uhr auch sind hat sich oder aber wie wenn
le la les un une est et que qui pas pour dans avec je vous nous il elle sur du au aux ce cette sont ou où mais
c'est j'ai l'heure d'un d'une n'est qu'il
el los las por con para su se lo como del al está son una uno pero muy más hay
os um uma não com da em na mas são ao pela pelo
gli di che per non sono della alla nel ho anche
het een van en dat niet ik zijn met op te deze ook naar
och är det att som på inte jag ett og er ikke jeg af til ja
nie jest się że ve bir bu için
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split()) - _ENGLISH
