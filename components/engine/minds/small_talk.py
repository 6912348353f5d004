"""The small talk of the rehearsal partner: a table of phrases it may hear and the answers to them.

Words that no line understands are never repeated, since they may be misheard.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from .calendar_talk import tell_date, tell_days_until, tell_how_many, tell_time, tell_year_or_month
from .memory_talk import recall, remember
from .number_talk import count
from .occasion import Occasion, vary
from .sums import calculate

Answer: TypeAlias = Callable[[re.Match[str], Occasion], str | None]


def reply(heard: str, occasion: Occasion) -> str:
    """Return the answer to what was heard or typed: that of the first line of the table that fits."""
    if occasion.sees_picture:
        return _NO_EYES
    words = _plain(heard)
    if not words:
        return vary(_NOTHING_HEARD, occasion)
    for pattern, answer in _TALK.items():
        if found := re.search(rf'\b(?:{pattern})\b', words):
            said = vary(answer, occasion) if isinstance(answer, tuple) else answer(found, occasion)
            if said:
                return said
    if said := remember(heard, occasion):
        return said
    for pattern, answers in _COURTESY.items():
        if re.search(rf'\b(?:{pattern})\b', words):
            return vary(answers, occasion)
    if not any(_WHAT_HELPS in said for said in occasion.said):
        return f'I have no language model, so I can only answer simple questions. {_WHAT_HELPS}'
    return vary(_NOT_UNDERSTOOD, occasion)


def _plain(text: str) -> str:
    """The text in small letters without punctuation, with signs of arithmetic as words."""
    text = re.sub(r'(?<=\d),(?=\d{3}\b)', '', text.lower().replace('’', "'"))
    for sign, name in _SIGNS.items():
        text = re.sub(rf'(?<=[\d)])\s*{re.escape(sign)}\s*(?=[-\d(])', f' {name} ', text)
    text = re.sub(r'(?<![\w)])[-−](?=\d)', ' minus ', text)
    text = re.sub(r'(?<=\d)\s?%', ' percent', text.replace('²', ' squared').replace('√', ' square root of '))
    text = re.sub(r"\b(what|who|how|it|that)'?s\b", r'\1 is', text)
    return ' '.join(re.sub(r"(?<=\d)(\.)(?=\d)|[^\w' ]", lambda found: found[1] or ' ', text).split())


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


def _calculate(found: re.Match[str], occasion: Occasion) -> str | None:
    return calculate(found.string)


def _count(found: re.Match[str], occasion: Occasion) -> str:
    return count(found[0])


def _recall(found: re.Match[str], occasion: Occasion) -> str | None:
    return recall(found.string, occasion)


def _accept(found: re.Match[str], occasion: Occasion) -> str | None:
    return _STORY if occasion.said and occasion.said[-1].endswith(_OFFER) else None


def _coin(found: re.Match[str], occasion: Occasion) -> str:
    return f'It is {occasion.random.choice(("heads", "tails"))}.'


def _dice(found: re.Match[str], occasion: Occasion) -> str:
    return f'You rolled a {occasion.random.choice(("one", "two", "three", "four", "five", "six"))}.'


_SIGNS = {'+': 'plus', '-': 'minus', '−': 'minus', '*': 'times', '×': 'times', '/': 'divided by', '÷': 'divided by'}
_SIGNS['^'] = 'to the power of'
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
    'And its light takes a little more than a second to reach us.'
)
_STORY = (
    'Once upon a time there was a small lighthouse that was afraid of the dark. '
    'Every evening it lit its lamp a little earlier. '
    'The ships began to wonder why the coast was so bright. '
    'One night, in a great storm, a boat had lost its way. '
    'Its captain saw a light where no other was lit yet, and came home safely. '
    'From then on the lighthouse was still afraid of the dark, but it was proud of it.'
)

# Each line: words to look for (a regular expression, of whole words), and the answer: one of several, or what a
# function finds, if it does. The first line that fits counts.
_TALK: dict[str, tuple[str, ...] | Answer] = {
    f'{_PLEASE}(?:say|repeat)(?: that| it)?(?: once more| again)?(?: please)?$|what did you say|pardon': _say_again,
    f'{_PLEASE}(?:say|repeat)(?: after me| the words?)? (?!my |your )(?P<words>.+)': _say,
    'i|my': _recall,
    '(?:spell|spelled)(?: the)?(?: word| name)? (?P<word>[^ ]+)(?: please)?$': _spell,
    '.+': _calculate,
    'how many (?P<small>[a-z]+) (?:(?:are|is|do|does) )?(?:there )?(?:in |make |has |have )?'
    '(?:(?P<count>an?|the|[0-9]+|one|two|three|four|five|six|seven|eight|nine|ten) )?(?P<large>[a-z]+)': tell_how_many,
    f'count ?down.*|count (?:from|to|up|back).*|{_PLEASE}count(?! on).*': _count,
    f'{_PLEASE}(?:stop|(?:be )?quiet|(?:be )?silent|silence|hush|(?:that is )?enough|shut up)': (
        'All right.',
        'I am quiet.',
    ),
    'jokes?|funny|make me laugh|another one': _JOKES,
    'moon|something interesting': (_MOON,),
    '^(?:yes|yeah|ok|okay|sure|please|go on|why not)': _accept,
    'story|stories': (_STORY,),
    'alphabet': ('A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z.',),
    '(?:until|till|to) (?P<feast>christmas|new year|halloween|valentine)': tell_days_until,
    'coin|heads or tails': _coin,
    'dice|roll a': _dice,
    'weather|rain|raining|sunny|forecast': ('I cannot look outside, so I do not know anything about the weather.',),
    '(?:turn|switch) (?:on|off|the)|lights? (?:on|off)|heating': (
        'I heard you well, but I have no hands: nothing in your house is connected to me.',
    ),
    'what time|time is it|(?:what is|tell me|know) the time|o ?clock': tell_time,
    "(?:what|which) (?:day|date)|what is (?:the|today's|tomorrow's) (?:day|date)|(?:the|today's|tomorrow's) date"
    '|is (?:it|today) (?:mon|tues|wednes|thurs|fri|satur|sun)day': tell_date,
    '(?:what|which) (?:year|month)': tell_year_or_month,
    'what (?:else )?(?:can|could) (?:you|i) (?:do|say|ask)|what do you know|help': (
        'I can tell you the time and the date, a joke, a story or something about the moon. '
        'I can count, do sums, spell a word, toss a coin, roll dice, remember what you tell me, and repeat after you. '
        'And you may interrupt me whenever you like.',
    ),
    '(?:who|what) are you|your name|(?:who|what) (?:made|built) you|instructions|open ?ai|(?:chat ?)?gpt': _who,
    '(?:language|which|what) model|are you (?:a |an |really )*(?:real|human|person|robot|machine|ai)': _who,
    'how are you|how do you do|how is it going': ('I am well, thank you. And you?', 'Very well, thank you for asking.'),
    'your favou?rite|do you (?:like|love|feel|think)|how old are you|where do you live': (
        'I am only a few rules, so I have no taste and no feelings. Tell me about yours.',
        'Rules like mine have no life of their own. Ask me for a joke instead.',
    ),
    'pictures?|photos?|images?|(?:can|do) you see|what (?:can|do) you see|look at (?:this|that|me)': (_NO_EYES,),
    'hear me': ('Hello! Yes, I can hear you.', 'Yes, I hear you well.'),
}
_COURTESY: dict[str, tuple[str, ...]] = {
    'good ?bye|bye|see you|good night': ('Goodbye! It was nice to talk with you.', 'Goodbye! Come back soon.'),
    '^(?:oh |well |so )?(?:hello|hi|hey|good (?:morning|afternoon|evening|day))': (
        'Hello! I am your rehearsal partner. What shall we talk about?',
        'Hello! Ask me what I can do, if you like.',
    ),
    r"^(?:i(?:'m| am) )?(?:fine|good|great|well|not bad)(?: \w+){0,3}$": ('I am glad to hear that.', 'Good to hear.'),
    'thanks?': ('You are welcome.', 'With pleasure.'),
    r'^(?:yes|yeah|ok|okay|sure)(?: \w+){0,2}$': ('Good. What would you like to try?', 'I see. Go on, please.'),
    r'^(?:no|nope)(?: \w+){0,2}$': ('All right. What would you like instead?', 'That is fine. Ask me something else.'),
    '^(?:u[hm]+|h?mm+|er+m?|well|so)$': ('Take your time.', 'I am listening.'),
    'sorry': ('No harm done.', 'That is quite all right.'),
}
_OFFER = 'Shall I tell you a story?'
_NOTHING_HEARD = ('Sorry, I did not catch that.', 'I heard you, but no words. Please say it again.')
# Guests hear it, too. Only the host can press the button.
_WHAT_HELPS = (
    'With “Give it a mind” on the page, or with an OpenAI key, I could talk about anything. '
    'If this is not your computer, ask your host for it.'
)
_NOT_UNDERSTOOD = (
    'I have no answer to that. You could ask me for the time, a sum or a joke.',
    f'That is more than my rules can do. {_OFFER}',
    'That would take a language model, and I have none. Ask me what I can do, if you like.',
    'I did not understand that. I am good at counting and spelling, though.',
    'My few rules know nothing about that. Tell me your name, and I will remember it.',
)
