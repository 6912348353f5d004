"""Tells the language of a text, to find a voice for it."""

import re
import unicodedata
from collections import Counter

# Languages of espeak-ng by script as Unicode names it; the first one is the most spoken.
_LANGUAGES = {
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
# Frequent words that are rare in the other languages.
_FREQUENT_WORDS = {
    'en': 'the and of to is are you it that this with for have my your i what how can not be will would was at',
    'de': 'der die das und ist nicht ich sie wir ein eine mit auf für den dem zu wie auch sich bin sind haben',
    'fr': 'le la les et est vous je nous une des pour que qui dans avec pas sur ce il elle mais du sont',
    'es': 'el la los las y es usted una que por para con no en está se lo del pero cómo qué muy yo',
    'it': 'il lo gli e è una che per con non di sono come anche della questo ciao mi ho più',
    'pt': 'o os as e é você uma que para com não em está por mas como muito eu do da isso',
    'nl': 'de het een en is niet ik je wij van dat met voor op zijn hoe ook naar hebben',
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT_WORDS.items()}
_FEWEST_WORDS = 2  # that show another language than the expected one


def language_of(text: str, expected: str | None = None) -> str:
    """Return the language of a text, such as 'en' or 'ja'.

    Its script decides, and then its frequent words. The `expected` language (such as 'en' or 'pt-BR') is the answer if
    they allow it; without one, English is.
    """
    base = (expected or 'en').partition('-')[0].lower()
    scripts = Counter(unicodedata.name(char, '').split(' ')[0] for char in text if char.isalpha())
    if scripts['HIRAGANA'] + scripts['KATAKANA']:
        scripts['HIRAGANA'] += scripts['CJK'] + scripts['KATAKANA']
    script = max(scripts, key=lambda name: scripts[name], default='')
    if languages := _LANGUAGES.get(script):
        return base if base in languages else languages[0]
    if any(base in languages for languages in _LANGUAGES.values()):
        base = 'en'  # Latin letters in a conversation in Japanese, for example
    words = re.findall(r'[^\W\d_]+', text.lower())
    hits = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] >= _FEWEST_WORDS and hits[best] > hits.get(base, 0) else base
