"""Tells the language of a text, by its script and its most common words."""

import re
import unicodedata
from collections import Counter


def language_of(text: str, expected: str | None = None) -> str:
    """Return the language of a text, such as 'en' or 'ja', to find a voice for it.

    Its script decides, and then its frequent words. The `expected` language (such as 'en' or 'pt-BR') is the answer if
    they allow it; without one, English is.
    """
    base = (expected or 'en').partition('-')[0].lower()
    scripts = Counter(unicodedata.name(char, '').split(' ')[0] for char in text if char.isalpha())
    if scripts['HIRAGANA'] + scripts['KATAKANA']:
        scripts['HIRAGANA'] += scripts['CJK'] + scripts['KATAKANA']
    script = max(scripts, key=lambda name: scripts[name], default='')
    if languages := _SCRIPTS.get(script):
        return base if base in languages else languages[0]
    if any(base in languages for languages in _SCRIPTS.values()):
        base = 'en'  # Latin letters in a conversation in Japanese, for example
    words = [word.lower() for word in re.findall(r"[^\W\d_]{2,}|\bI(?=['’ ])", text)]
    hits = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] >= _FEWEST_WORDS and hits[best] > hits.get(base, 0) else base


def is_english(text: str) -> bool | None:
    """Tell whether one sentence is English, or None if it may be any language.

    A single common word is enough, as most sentences of an answer are short.
    """
    text = _NO_WORDS.sub(' ', text[:_LONGEST])
    letters = [char for char in text if char.isalpha()]
    if sum(not _is_latin(char) for char in letters) * 2 > len(letters):
        return False
    words = re.findall(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?|I'm", text.replace('’', "'"))
    words = [word.lower() for word in words if not word.isupper()]  # AU is a unit, 'au' is French
    english = sum(word in _WORDS['en'] or word.endswith(_ENGLISH_ENDINGS) for word in words)
    foreign = sum(word in _FOREIGN or not word.isascii() for word in words)
    return None if english == foreign else english > foreign


def _is_latin(char: str) -> bool:
    """Whether a letter is Latin, or Greek as in formulas."""
    return char < '\u0250' or unicodedata.name(char, '').startswith(('LATIN', 'GREEK'))


# Languages of espeak-ng by script as Unicode names it; the first one is the most spoken.
_SCRIPTS = {
    'CYRILLIC': ('ru', 'be', 'bg', 'kk', 'ky', 'mk', 'sr', 'tt', 'uk'),
    'GREEK': ('el',),
    'ARABIC': ('ar', 'fa', 'sd', 'ug', 'ur'),
    'HEBREW': ('he',),
    'DEVANAGARI': ('hi', 'kok', 'mr', 'ne'),
    'BENGALI': ('bn', 'as', 'bpy'),
    'GUJARATI': ('gu',),
    'GURMUKHI': ('pa',),
    'TAMIL': ('ta',),
    'TELUGU': ('te',),
    'KANNADA': ('kn',),
    'MALAYALAM': ('ml',),
    'SINHALA': ('si',),
    'THAI': ('th',),
    'GEORGIAN': ('ka',),
    'ARMENIAN': ('hy',),
    'ETHIOPIC': ('am',),
    'MYANMAR': ('my',),
    'HANGUL': ('ko',),
    'HIRAGANA': ('ja',),
    'KATAKANA': ('ja',),
    'CJK': ('zh', 'ja', 'ko', 'yue'),
}
# Frequent words that are rare in most of the other languages.
_FREQUENT_WORDS = {
    'en': """the is are was were and of to for with that this these those it you it's i'm you're don't doesn't isn't
        that's there's let's can't have has not from or be been can could will would should there here what which when
        how why my your our they she about its their than then because into some any more please hello yes equals today
        by at costs cost means see chapter call answer total i""",
    'de': """der die das und ist ein eine einen einem nicht mit für ich sie wir auf zu den dem des von es im vom zum zur
        bei nach kostet uhr auch sind hat sich oder aber wie wenn bin haben""",
    'fr': """le la les un une est et que qui pas pour dans avec je vous nous il elle sur du au aux ce cette sont ou où
        mais des c'est j'ai l'heure d'un d'une n'est qu'il""",
    'es': """el la los las es por con para no su se lo como del al está son un una uno que pero muy más hay usted en
        cómo qué yo""",
    'it': """il lo gli le la una un che per con non di sono come anche della alla nel questo questa ciao mi ho
        più""",
    'pt': """os as um uma você não que para com em na da do mas são ao está por como muito eu isso pela pelo""",
    'nl': """de het een en van is niet ik je wij zijn dat met voor op hoe te deze ook naar hebben""",
    'sv': 'och är det att som på inte jag ett en den för har vi',
    'da': 'og er det ikke jeg af til en et på med har vi',
    'pl': 'nie jest się że to na do jak co czy mam',
    'tr': 'bir ve bu için ne mi da de çok var',
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT_WORDS.items()}
_FEWEST_WORDS = 2  # that show another language than the expected one
_LONGEST = 500  # characters of a sentence that are looked at
_NO_WORDS = re.compile(r'`[^`]*`|\$[^$]*\$|\S*(?:://|@|\\|_)\S*|<[^<>]*>')
_ENGLISH_ENDINGS = ("'s", "n't", "'re", "'ve", "'ll")
# English has these words, too, if not as often.
_ENGLISH_TOO = frozenset({'do', 'no', 'as', 'me', 'so', 'on', 'come', 'bin', 'mi', 'co'})
_FOREIGN = frozenset[str]().union(*_WORDS.values()) - _WORDS['en'] - _ENGLISH_TOO
