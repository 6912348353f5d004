"""The small talk of the rehearsal partner: a table of phrases it may hear and the answers to them.

Words that no line understands are never repeated, since they may be misheard.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from .number_talk import calculate, count, numbers


@dataclass(frozen=True)
class Occasion:
    """The facts that an answer may depend on besides the newest words: the time, luck, and the conversation so far.

    `heard` is what the user said before, `said` what the assistant said. `sees_picture` says that the newest message
    holds an image.
    """

    now: datetime
    random: Random
    heard: Sequence[str] = ()
    said: Sequence[str] = ()
    has_instructions: bool = False
    sees_picture: bool = False


def reply(heard: str, occasion: Occasion) -> str:
    """Return the answer to what was heard or typed: that of the first line of the table that fits."""
    if occasion.sees_picture:
        return _NO_EYES
    words = _plain(heard)
    if not words:
        return _in_turn(_NOTHING_HEARD, occasion)
    for pattern, answer in _TALK.items():
        if found := re.search(rf'\b(?:{pattern})\b', words):
            said = _in_turn(answer, occasion) if isinstance(answer, tuple) else answer(found, occasion)
            if said:
                return said
    if not any(_WHAT_HELPS in said for said in occasion.said):
        return f'I did not understand that: I only know a few simple rules. {_WHAT_HELPS}'
    return _in_turn(_NOT_UNDERSTOOD, occasion)


def _plain(text: str) -> str:
    """The text as a recogniser would write it: small letters, no punctuation, signs of arithmetic as words."""
    text = text.lower().replace('’', "'")
    text = re.sub(r'(?<=\d),(?=\d{3}\b)', '', text)
    for sign, name in _SIGNS.items():
        text = re.sub(rf'(?<=\d)\s*{re.escape(sign)}\s*(?=\d)', f' {name} ', text)
    text = re.sub(r"\b(what|who|how|it|that)'?s\b", r'\1 is', text)
    return ' '.join(re.sub(r"(?<=\d)(\.)(?=\d)|[^\w' ]", lambda found: found[1] or ' ', text).split())


def _in_turn(answers: tuple[str, ...], occasion: Occasion) -> str:
    return answers[len(occasion.heard) % len(answers)]


def _who(found: re.Match[str], occasion: Occasion) -> str:
    who = (
        'I am a small rehearsal partner that comes with this program. '
        'There is no language model behind me, only simple rules, so I understand very little.'
    )
    instructions = ' I was given instructions for this conversation, but I am too simple to follow them.'
    return who + (instructions if occasion.has_instructions else '')


def _say_again(found: re.Match[str], occasion: Occasion) -> str:
    return occasion.said[-1] if occasion.said else 'I have not said anything yet.'


def _say(found: re.Match[str], occasion: Occasion) -> str:
    words = found['words']
    return f'{words[0].upper()}{words[1:]}.'


def _spell(found: re.Match[str], occasion: Occasion) -> str:
    word = found['word']
    return f'{word.capitalize()}: {", ".join(letter.upper() for letter in word[:40] if letter.isalnum())}.'


def _time(found: re.Match[str], occasion: Occasion) -> str:
    elsewhere = re.search(r'\btime (?:is it )?in (?!here\b|the (?:morning|afternoon|evening)\b)', found.string)
    return f'I only know the time here: {occasion.now:%H:%M}.' if elsewhere else f'It is {occasion.now:%H:%M}.'


def _date(found: re.Match[str], occasion: Occasion) -> str:
    return f'Today is {occasion.now:%A}, {occasion.now.day} {occasion.now:%B %Y}.'


def _calculate(found: re.Match[str], occasion: Occasion) -> str | None:
    return calculate(found.string)


def _count(found: re.Match[str], occasion: Occasion) -> str | None:
    return count(found[0]) if 'count' in found[0] or numbers(found[0].split()) else None


def _hear_name(found: re.Match[str], occasion: Occasion) -> str:
    return f'Nice to meet you, {found["name"].title()}. I will remember your name while we talk.'


def _tell_name(found: re.Match[str], occasion: Occasion) -> str:
    names = [found[1] for heard in occasion.heard for found in re.finditer(rf'\b{_NAME}', _plain(heard))]
    return f'Your name is {names[-1].title()}.' if names else 'You have not told me your name yet.'


def _coin(found: re.Match[str], occasion: Occasion) -> str:
    return f'It is {occasion.random.choice(("heads", "tails"))}.'


def _dice(found: re.Match[str], occasion: Occasion) -> str:
    return f'You rolled a {occasion.random.choice(("one", "two", "three", "four", "five", "six"))}.'


_SIGNS = {'+': 'plus', '-': 'minus', '−': 'minus', '*': 'times', '×': 'times', '/': 'divided by'}
_NAME = '(?:my name is|you can call me|please call me|^call me|i am called) (?!not )(?P<name>[^ ]+)'
_PLEASE = '^(?:please |now |and |can you |could you |would you |will you )*'
_NO_EYES = 'I cannot see pictures, as I only know a few simple rules. Tell me in words, please.'
_JOKES = (
    'Why did the scarecrow win a prize? Because he was outstanding in his field.',
    'What do you call a bear without teeth? A gummy bear.',
    'Why did the bicycle fall over? It was two tired.',
    'I would tell you a joke about paper, but it is tearable.',
)
_MOON = (
    'The moon moves away from the earth by almost four centimetres every year. '
    'It always shows us the same face, because it turns exactly once on each orbit. '
    'There is no wind up there, so the footprints of the astronauts will stay for millions of years. '
    'The sky is black there, even at noon. '
    'You would weigh six times less than at home. '
    'And its light takes a little more than a second to reach us.',
)
_STORY = (
    'Once upon a time there was a small lighthouse that was afraid of the dark. '
    'Every evening it lit its lamp a little earlier. '
    'The ships began to wonder why the coast was so bright. '
    'One night, in a great storm, a boat had lost its way. '
    'Its captain saw a light where no other was lit yet, and came home safely. '
    'From then on the lighthouse was still afraid of the dark, but it was proud of it.',
)

# Each line: words to look for (a regular expression, of whole words), and the answer: one of several in turn, or what a
# function finds, if it does. Beside the right words stands what recognisers often hear instead. The first line that
# fits counts.
_TALK: dict[str, tuple[str, ...] | Callable[[re.Match[str], Occasion], str | None]] = {
    f'{_PLEASE}(?:say|repeat)(?: that| it)?(?: once more| again)?(?: please)?$|what did you say|pardon': _say_again,
    f'{_PLEASE}(?:say|repeat)(?: after me| the words?)? (?P<words>.+)': _say,
    'what is my name|who am i|(?:know|remember|forgot) my name': _tell_name,
    _NAME: _hear_name,
    'spell(?:ed)?(?: the)?(?: word| name)? (?P<word>[^ ]+)(?: please)?$': _spell,
    'plus|post|minus|times|(?:multiplied|divided) by': _calculate,
    'count ?down.*|count(?! on).*|(?:come|down) to .+': _count,
    'stop|quiet|silent|silence|hush|enough|shut up': ('All right.', 'I am quiet.'),
    'jokes?|funny|make me laugh|another one|tell me (?:a|another) (?:job|choke)': _JOKES,
    'moon|something interesting|about (?:a|the) month|about them in': _MOON,
    'story|stories': _STORY,
    'coin|heads or tails': _coin,
    'dice|roll a': _dice,
    'weather|rain|raining|sunny|forecast': ('I cannot look outside, so I do not know anything about the weather.',),
    '(?:turn|switch) (?:on|off|the)|lights?|lamp|heating|in the kitchen': (
        'I heard you well, but I have no hands: nothing in your house is connected to me.',
    ),
    'what time|time is it|(?:what is|tell me|know) the time|o ?clock': _time,
    "(?:what|which) (?:day|date)|what is (?:the|today's) (?:day|date)|(?:the|today's) date": _date,
    'what (?:else )?(?:can|could) (?:you|i) (?:do|say|ask)|what do you know|help': (
        'I can tell you the time and the date, a joke, a story or something about the moon. '
        'I can count, do sums, spell a word, toss a coin, roll dice, remember your name, and repeat after you. '
        'And you may interrupt me whenever you like.',
    ),
    '(?:who|what) are you|your name|(?:who|what) (?:made|built) you|instructions|open ?ai|(?:chat ?)?gpt': _who,
    '(?:language|which|what) model|are you (?:a |an |really )*(?:real|human|person|robot|machine|ai)': _who,
    'how are you|how do you do|how is it going': ('I am well, thank you. And you?', 'Very well, thank you for asking.'),
    'pictures?|photos?|images?|(?:can|do) you see|what (?:can|do) you see|look at (?:this|that|me)': (_NO_EYES,),
    'hear me': ('Hello! Yes, I can hear you.', 'Yes, I hear you well.'),
    'thanks?|shank you': ('You are welcome.', 'With pleasure.'),
    'good ?bye|bye|see you|good night': ('Goodbye! It was nice to talk with you.',),
    'hello|hi|hey|good (?:morning|afternoon|evening|day)': (
        'Hello! I am your rehearsal partner. What shall we talk about?',
        'Hello! Ask me what I can do, if you like.',
    ),
    '^(?:yes|yeah|ok|okay|no|fine|good|great)': ('Good. What else would you like to try?', 'I see. Go on, please.'),
}
_NOTHING_HEARD = ('Sorry, I did not catch that.', 'I heard you, but no words. Please say it again.')
_WHAT_HELPS = 'With a language model, or with an OpenAI key, I could talk about anything.'
_NOT_UNDERSTOOD = (
    'I have no answer to that. You could ask me for the time, a sum or a joke.',
    'That is more than my rules can do. Shall I tell you a story, or something about the moon?',
    'Sorry, I cannot follow you there. Ask me what I can do, if you like.',
    'I did not understand that. I am good at counting and spelling, though.',
)
