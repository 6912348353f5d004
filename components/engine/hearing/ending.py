"""Whether somebody who pauses has finished what they say, judged by the words so far."""

import re
from enum import Enum


class Ending(Enum):
    """How a sentence stands. Most statements are `UNCLEAR`: any of them might go on."""

    OPEN = 'open'
    UNCLEAR = 'unclear'
    COMPLETE = 'complete'


def ending(words: str) -> Ending:
    """Judge English words as a recogniser writes them. Full stops tell nothing: it puts one behind every pause."""
    said = [word for word in re.sub(r"[^\w' ]+", ' ', words.lower().replace('’', "'")).split() if word]
    if not said:
        return Ending.UNCLEAR
    if said[-1] in _FILLERS or (len(said) > 1 and said[-2:] == ['would', 'like']):
        return Ending.OPEN
    if ' '.join(said) in _WHOLE:
        return Ending.COMPLETE
    asks = said[0] in _QUESTIONS or said[0] in _AUXILIARIES
    if said[-1] in _LEADING:
        return Ending.OPEN
    if said[-1] in _PREPOSITIONS:
        return Ending.UNCLEAR if asks else Ending.OPEN  # 'where are you from'
    if said[-1] in _SUBJECTS:
        return Ending.COMPLETE if len(said) > 1 and said[-2] in _AUXILIARIES else Ending.OPEN  # 'where am i'
    if said[-1] in _AUXILIARIES:
        after_pronoun = len(said) > 1 and said[-2] in _SUBJECTS | _OTHER_PRONOUNS  # 'yes i do', 'what time it is'
        return Ending.UNCLEAR if after_pronoun else Ending.OPEN
    if said[-1] in _PARTICLES:
        return Ending.UNCLEAR  # 'turn it on', but also 'there is milk in'
    is_whole = len(said) > 2 if asks else len(said) > 1 and said[0] in _COMMANDS
    return Ending.COMPLETE if is_whole else Ending.UNCLEAR


def _any_of(phrases: str) -> frozenset[str]:
    return frozenset(phrases.split(', '))


_FILLERS = _any_of('um, uh, er, erm, hmm, mm, well, like')
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
_QUESTIONS = _any_of("what, who, whose, which, where, when, why, how, what's, who's, where's, how's")
_COMMANDS = _any_of(
    'tell, turn, switch, play, stop, say, show, give, open, close, set, start, count, help, repeat, explain, spell, '
    'read, write, call, send, remind, add, remove, delete, find, search, look, let, go, come, put, make, take, please, '
    'flip, roll, throw'
)
_WHOLE = _any_of(
    'yes, yeah, yep, no, nope, okay, sure, stop, please stop, hello, hi, hey, good morning, good evening, good night, '
    'goodbye, good bye, bye, bye bye, thanks, thank you, thank you very much, yes please, no thanks, no thank you, '
    "never mind, go on, that is all, that's all"
)
