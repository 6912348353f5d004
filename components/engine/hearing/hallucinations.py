"""Drops the words that recognisers write where nobody speaks."""

import re


def without_hallucinations(transcript: str, voiced_ms: int) -> str:
    """Return a transcript, or '' if it holds no words or nobody can have said them.

    Recognisers of the Whisper family write annotations ("[BLANK_AUDIO]", "(silence)") and phrases from the subtitles
    they learnt from ("Thanks for watching!") for silence and noise. A person may well say such a phrase, so it is
    dropped only if the voice was too short for it: `voiced_ms` is how long the voice detector heard one.
    """
    letters = _letters(_ANNOTATION.sub(' ', transcript))
    if not letters:
        return ''
    shortest_ms = sum(_SYLLABLE_MS if letter >= _FIRST_SYLLABLE else _LETTER_MS for letter in letters)
    return '' if letters in _PHRASES and voiced_ms < max(_SHORTEST_WORD_MS, shortest_ms) else transcript


def _letters(text: str) -> str:
    return ''.join(filter(str.isalnum, text.lower()))


_ANNOTATION = re.compile(r'\[[^\]\d]*\]|\([^)\d]*\)|\*[^*\d]*\*|♪[^♪]*♪?|<\|[^|]*\|>')
# Reported again and again by users of whisper.cpp and faster-whisper.
_PHRASES = {
    *map(_letters, ('you', 'Thank you.', 'Thanks.', 'Thank you very much.', 'Thank you so much.', 'Bye.', 'Bye-bye.')),
    *map(_letters, ('Okay.', 'So', 'Oh', 'The', 'The end.', 'Thanks for listening.', 'Please subscribe.', 'Silence.')),
    *map(_letters, ('Thanks for watching!', 'Thank you for watching!', 'Subtitles by the Amara.org community')),
    *map(_letters, ('ご視聴ありがとうございました', '谢谢观看', '请订阅', '字幕由Amara.org社区提供')),
    *map(_letters, ('Vielen Dank.', 'Untertitel der Amara.org-Community', 'Продолжение следует...')),
    *map(_letters, ("Sous-titres réalisés par la communauté d'Amara.org", 'Спасибо за просмотр!')),
    *map(_letters, ('Subtítulos realizados por la comunidad de Amara.org',)),
}
_LETTER_MS = 40  # fast speech has 25 letters per second
_SYLLABLE_MS = 100  # of Chinese, Japanese and Korean
_FIRST_SYLLABLE = '\u2e80'
_SHORTEST_WORD_MS = 200
