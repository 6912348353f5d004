"""Distinguishes the sounds of a listener, such as 'mm-hm', from an interruption."""

import re


def is_back_channel(words: str) -> bool:
    """Whether a short utterance is nothing but 'yeah', 'mm-hm' and the like, or no speech at all.

    Recognisers write no words, or an annotation, for a cough, and sometimes words such as 'her' for a hum.
    """
    said = ' '.join(_WORD.findall(words.lower().replace('’', "'")))
    return words.lstrip().startswith(_ANNOTATIONS) or _BACK_CHANNEL.fullmatch(said) is not None


_WORD = re.compile(r"[\w']+")
_BACK_CHANNEL = re.compile(
    r'((i see|i know|got it|all right|of course|go on|yeah|yes|yep|yup|okay|ok|right|alright|sure|uh|huh|um|oh|ah|aha|'
    r'er|eh|hm|hmm|m|mm|mmm|mhm|mmhm|hum|hem|mama|mamma|her|'
    r'wow|cool|great|nice|good|fine|exactly|true|really|interesting)( |$))*'
)
_ANNOTATIONS = ('[', '(', '*', '♪', '©')  # '[coughs]', '© transcript ...'
