"""Talk about what the user told before in this conversation: a name, a favourite colour, where they live."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .occasion import Occasion, vary


def recall(heard: str, occasion: Occasion) -> str | None:
    """Answer a question about what was told before; None if it is none."""
    for fact in _FACTS:
        if found := fact.question.search(_plain(heard)):
            told = [value for text in occasion.heard for about, value in _told(fact, text) if about == _about(found)]
            return fact.answer.format(about=_about(found), value=told[-1]) if told else fact.unknown
    return None


def remember(heard: str, occasion: Occasion) -> str | None:
    """Confirm what is told now; None if that is nothing to remember."""
    for fact in _FACTS:
        for _, value in _told(fact, heard):
            return fact.confirmation.format(value=value) if fact.confirmation else vary(_CONFIRMATIONS, occasion)
    return None


@dataclass(frozen=True)
class _Fact:
    """Something that a user may tell and ask for. Both patterns have a group `about` if there are several of a kind."""

    statement: re.Pattern[str]
    question: re.Pattern[str]
    answer: str
    confirmation: str = ''
    unknown: str = 'You have not told me that yet.'


def _told(fact: _Fact, text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text tells about this fact: what it is about, and the value."""
    for sentence in re.findall(r'[^.!?]+[.!?]*', _plain(text)):
        if _is_question(sentence):
            continue
        for found in fact.statement.finditer(sentence.strip()):
            value = found['value'].strip()
            if fact.confirmation and value.islower():  # a name
                value = value.title()
            yield _about(found), value


def _about(found: re.Match[str]) -> str:
    about = found.groupdict().get('about') or ''
    about = about.lower().removesuffix(' name').removesuffix("'s")
    return about.replace('colour', 'color').replace('favourite', 'favorite')


def _plain(text: str) -> str:
    """The text without the marks that recognisers set at will. Values keep their capitals."""
    return re.sub(r'\s+', ' ', text.replace('’', "'")).strip()


def _is_question(text: str) -> bool:
    return '?' in text or bool(_ASKS.match(text))


def _fact(statement: str, question: str, answer: str, **texts: str) -> _Fact:
    return _Fact(
        re.compile(statement, re.IGNORECASE), re.compile(rf'\b(?:{question})\b', re.IGNORECASE), answer, **texts
    )


_ASKS = re.compile(r'\s*(?:what|who|where|when|which|how|why|do|does|did|is|are|am|can|could|tell me)\b', re.IGNORECASE)
_VALUE = r'(?P<value>[^.,!?;]+?)(?=[.,!?;]|$| and (?:my|i)\b| but )'
_ABOUT = r"(?P<about>(?:favou?rite )?[\w']+(?: (?!is\b|are\b|was\b|called\b)[\w']+)?)"
_FACTS = [
    _fact(
        r"(?:\bmy name(?: is|'s)|\byou can call me|\bplease call me|^call me|\bi am called|\bi'm called) "
        r'(?!(?:not|an?|back|later|when|if|on|at|in)\b)(?P<value>[^\s.,!?]+)',
        "what(?: is|'s) my name|what my name is|who am i|(?:know|remember|forgot|forget|say) my name",
        'Your name is {value}.',
        confirmation='Nice to meet you, {value}. I will remember your name while we talk.',
        unknown='You have not told me your name yet.',
    ),
    _fact(
        rf'\bi live in {_VALUE}',
        'where (?:do )?i live',
        'You live in {value}.',
    ),
    _fact(rf"\bi(?: am|'m| come) from {_VALUE}", 'where (?:am i|i am|do i come|i come) from', 'You are from {value}.'),
    _fact(
        r"\bi(?: am|'m) (?P<value>\d{1,3}|[a-z]+(?:[- ][a-z]+)?(?= years old))(?: years old)?(?=[.,!?;]|$| and )",
        "how old (?:am i|i am)|what(?: is|'s) my age",
        'You are {value} years old.',
    ),
    _fact(
        rf'\b(?:please )?remember (?:that )?(?!me\b|my\b|you\b|it\b){_VALUE}',
        'what (?:did i|i) (?:tell|told|ask|asked|want|wanted) you to remember|what (?:do|should) you remember',
        'You asked me to remember this: {value}.',
    ),
    _fact(
        rf'\bmy {_ABOUT} (?:is|are) (?:called |named )?(?!not\b){_VALUE}',
        rf"(?:(?:what|who|which|where|when)(?: is|'s| are)?|know|remember|said|say|tell me)(?: what| who)? my {_ABOUT}"
        r'(?: called| is| are| was)?(?=[.!?]|$)',
        'You told me that your {about} is {value}.',
    ),
]
_CONFIRMATIONS = ('I will remember that while we talk.', 'Good to know. I will keep it in mind.', 'I have noted that.')
