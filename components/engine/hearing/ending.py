"""Whether somebody who pauses has finished what they say, judged by the words so far."""

import re
from enum import Enum


class Ending(Enum):
    """How a sentence stands.

    `OPEN` ones must go on ('I would like to'), `HANGING` ones probably do ('If it rains tomorrow'). Most statements are
    `UNCLEAR`: any of them might go on.
    """

    OPEN = 'open'
    HANGING = 'hanging'
    UNCLEAR = 'unclear'
    COMPLETE = 'complete'


def ending(words: str) -> Ending:
    """Judge English words as a recogniser writes them.

    A full stop tells nothing, as the recogniser puts one behind almost every pause. A comma does: the voice has not
    come down.
    """
    text = words.lower().replace('’', "'").strip()
    sentences = [said for sentence in _SENTENCE_END.split(text) if (said := _WORD.findall(sentence))]
    if not sentences:
        return Ending.UNCLEAR
    said = sentences[-1]
    if _must_go_on(said) or text.endswith(('...', '…')):
        return Ending.OPEN
    if ' '.join(said) in _WHOLE:
        return Ending.COMPLETE
    if text.endswith((',', ';', ':', '-', '–', '—')) or _probably_goes_on(said, text):
        return Ending.HANGING
    if said[-1] in _PREPOSITIONS | _AUXILIARIES | _PARTICLES:
        return Ending.UNCLEAR  # 'where are you from', 'yes i do', 'turn it on'; but also 'there is milk in'
    return Ending.COMPLETE if _is_whole(said, text) else Ending.UNCLEAR


def _must_go_on(said: list[str]) -> bool:
    last, before = said[-1], said[-2] if len(said) > 1 else ''
    if last in _FILLERS or ' '.join(said[-2:]) in _OPEN_PHRASES or ' '.join(said) in _HOLDS:
        return True
    if ' '.join(said) in _WHOLE:
        return False
    if last in _PREPOSITIONS:
        return not _asks(said)  # 'where are you from'
    if last in _SUBJECTS:
        return before not in _AUXILIARIES  # 'where am i'
    if last in _AUXILIARIES:
        return before not in _SUBJECTS | _OTHER_PRONOUNS  # 'yes i do', 'what time it is'
    return last in _LEADING or (last == 'that' and before in _THINKING)


def _probably_goes_on(said: list[str], text: str) -> bool:
    if _asks(said) or said[0] in _COMMANDS:
        return said[-1] in _TENS and not text.endswith('?')
    begins_another = said[0] in _SUBORDINATE or (said[0] in _QUESTIONS and said[1:2] and said[1] in _SUBJECTS)
    if begins_another and ',' not in text and len(said) < _LONG_CLAUSE:
        return True  # 'if it rains tomorrow', 'when i was a child'
    if (said[-1] in _NUMBERS or said[-1].isdecimal()) and said[-2:-1] and said[-2] not in _PREPOSITIONS | {'past'}:
        return True  # 'it costs twenty', 'my number is 555'; but 'a table for four'
    if said[-1] in _THINKING or (said[-1] in _PLACES and len(said) > 1 and said[-2] in _AUXILIARIES):
        return True  # 'the meeting is on'
    return _lists(_SENTENCE_END.split(text.rstrip('.!?'))[-1])


def _lists(sentence: str) -> bool:
    """Whether it is a list that has not come to its last part: 'i need milk, eggs'."""
    *before, last = [_WORD.findall(part) for part in sentence.split(',')]
    if not before or not 0 < len(last) <= _LONGEST_LISTED or not len(before[0]) >= _ENOUGH_LISTED:
        return False
    return not {*last, *before[-1]} & {'and', 'or'} and last[-1] not in _CLOSING


def _is_whole(said: list[str], text: str) -> bool:
    if _asks(said) or text.endswith('?'):
        return len(said) > 2
    return len(said) > 1 and (said[0] in _COMMANDS or said[-1] in _CLOSING)


def _asks(said: list[str]) -> bool:
    if said[0] in _QUESTIONS:
        return said[1:2] == [] or said[1] not in _SUBJECTS  # but 'when i was a child'
    return said[0] in _AUXILIARIES


def _any_of(phrases: str) -> frozenset[str]:
    return frozenset(phrases.split(', '))


_SENTENCE_END = re.compile(r'(?<=[.!?])\s+')
_WORD = re.compile(r"[\w']+")
_FILLERS = _any_of('um, uhm, uh, ah, er, erm, hm, hmm, mm, well, like')
_OPEN_PHRASES = _any_of('would like, tell me, show me, you know, going to, have to, kind of, sort of')
# The speaker asks for time.
_HOLDS = _any_of(
    "let me think, let me see, let's see, hold on, hang on, one moment, one second, just a moment, just a second, "
    'give me a second, give me a moment'
)
# Articles, possessives, conjunctions and a few others: more must follow.
_LEADING = _any_of(
    'a, an, the, my, your, our, their, its, and, or, but, because, if, unless, although, while, whether, than, as, so, '
    'very, every, want, wants, need, needs'
)
_PREPOSITIONS = _any_of('to, of, for, with, from, at, about, into, between, during, without, under, against, toward')
_PARTICLES = _any_of(
    'on, in, off, up, out, down, over, by, after, before, that, which, what, who, when, where, why, how'
)
_SUBJECTS = _any_of("i, we, they, he, she, i'm, we're, they're, he's, she's, you're, i'll, we'll")
_OTHER_PRONOUNS = _any_of('it, you, that, this, there')
_AUXILIARIES = _any_of(
    'is, are, was, were, am, be, do, does, did, can, could, will, would, shall, should, may, might, must, have, has, '
    "had, isn't, aren't, don't, doesn't, didn't, can't, couldn't, won't, wouldn't, shouldn't"
)
_THINKING = _any_of('think, thought, believe, guess, hope, know, say, says, said, mean, wonder')
_SUBORDINATE = _any_of('if, unless, although, because, while, once, until, since, first')
_PLACES = _any_of('on, in, at, by')
_TENS = _any_of('twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred, thousand, point')
_NUMBERS = _TENS | _any_of(
    'zero, oh, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, '
    'sixteen, seventeen, eighteen, nineteen'
)
_CLOSING = _any_of('please, thanks, too, anymore, instead, though, already, anyway, either')
_QUESTIONS = _any_of("what, who, whose, which, where, when, why, how, what's, who's, where's, how's")
_COMMANDS = _any_of(
    'tell, turn, switch, play, stop, say, show, give, open, close, set, start, count, help, repeat, explain, spell, '
    'read, write, call, send, remind, add, remove, delete, find, search, look, let, go, come, put, make, take, please, '
    'flip, roll, throw'
)
_WHOLE = _any_of(
    'yes, yeah, yep, no, nope, okay, sure, stop, please stop, hello, hi, hey, good morning, good evening, good night, '
    'goodbye, good bye, bye, bye bye, thanks, thank you, thank you very much, yes please, no thanks, no thank you, '
    "never mind, go on, that is all, that's all, that's it, of course, me too, not really, no problem, i am fine, i'm "
    "fine, i'm good, i'm done, i don't know, i do not know, sounds good, nice to meet you, you're welcome"
)
_LONG_CLAUSE = 9  # words; a longer one may well hold the main clause
_LONGEST_LISTED = 2  # words
_ENOUGH_LISTED = 2  # words before the first comma: 'yes, of course' is no list
