"""Talking with the rehearsal partner, with what a recogniser hears or people type."""

import itertools
import re
from datetime import datetime
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.mind import Prompt
from components.engine.minds.occasion import Occasion
from components.engine.minds.rehearsal_mind import RehearsalMind
from components.engine.minds.small_talk import reply
from components.engine.protocol.items import Item, Message, Part


async def answer(*heard: str, instructions: str = '', seed: int = 1) -> list[str]:
    """The pieces of the answer to the last of these, after the others were answered."""
    mind = RehearsalMind(now=lambda: datetime(2026, 11, 23, 7, 5), random=Random(seed))
    conversation: list[Item] = []
    pieces: list[str] = []
    for text in heard:
        conversation.append(said('user', text))
        pieces = [str(piece) async for piece in mind.answer(Prompt(tuple(conversation), instructions))]
        conversation.append(said('assistant', ''.join(pieces)))
    return pieces


def said(role: Literal['user', 'assistant', 'system'], text: str) -> Message:
    return Message(role, [Part('output_text' if role == 'assistant' else 'input_text', text)])


async def text(*heard: str, instructions: str = '') -> str:
    return ''.join(await answer(*heard, instructions=instructions))


@pytest.mark.parametrize(
    ('heard', 'said'),
    [
        ('hello can you hear me', 'I can hear you'),
        ('Good morning!', 'Hello!'),
        ('how are you', 'thank you'),
        ('what time is it', 'It is 07:05.'),
        ('what time is it in Tokyo', 'I only know the time here: 07:05.'),
        ("What's the date today?", 'Today is Monday, 23 November 2026.'),
        ('what day is it', 'Monday'),
        ('what can you do', 'I can tell you the time'),
        ('repeat after me the sky is blue', 'The sky is blue.'),
        ('Please say: nice to meet you', 'Nice to meet you.'),
        ('count to five', 'One, two, three, four, five.'),
        ('count from 8 to 11', 'Eight, nine, ten, eleven.'),
        ('count down from three', 'Three, two, one.'),
        ('countdown', 'Ten, nine, eight, seven, six, five, four, three, two, one.'),
        ('count to twenty two', 'twenty, twenty-one, twenty-two.'),
        ('count to a hundred', 'I count 30 numbers at most.'),
        ('how do you spell cat', 'Cat: C, A, T.'),
        ('spell the word kitchen', 'Kitchen: K, I, T, C, H, E, N.'),
        ('what is two plus three', '2 plus 3 is 5.'),
        ('12*12', '12 times 12 is 144.'),
        ('what is three minus ten', '3 minus 10 is minus 7.'),
        ('7/2', '7 divided by 2 is 3.5.'),
        ('what is ten divided by three', '10 divided by 3 is about 3.333.'),
        ('what is one divided by zero', 'Nobody can divide by zero'),
        ('tell me a joke', 'scarecrow|bear|bicycle|paper'),
        ('Tell me something interesting.', 'The moon'),
        ('tell me a story', 'Once upon a time'),
        ('heads or tails', 'It is (heads|tails).'),
        ('roll the dice', 'You rolled a'),
        ('turn on the lights in the kitchen', 'I have no hands'),
        ('what is the weather like today', 'I cannot look outside'),
        ('please stop talking', 'All right.|I am quiet.'),
        ('thank you very much', 'You are welcome.|With pleasure.'),
        ('goodbye', 'Goodbye!'),
        ('two hundred and five plus three', '205 plus 3 is 208.'),
        ('What is 2.5 * 4?', '2.5 times 4 is 10.'),
        ('1,000 / 8', '1000 divided by 8 is 125.'),
        ('minus three plus five', 'Minus 3 plus 5 is 2.'),
        ('0.1 + 0.2', '0.1 plus 0.2 is 0.3.'),
        ('What is 15% of 80?', '15 percent of 80 is 12.'),
        ('half of 30', 'Half of 30 is 15.'),
        ("What's a quarter of 10?", 'A quarter of 10 is 2.5.'),
        ('two thirds of twelve', '2 thirds of 12 is 8.'),
        ('What is 2 plus 3 times 4?', '2 plus 3 times 4 is 14.'),
        ('What is the square root of 16?', 'The square root of 16 is 4.'),
        ('five squared', '5 squared is 25.'),
        ('2^10', '2 to the power of 10 is 1024.'),
        ('9 to the power of 999', 'more than I can count to'),
        ('What is 2 to the 10th power?', '2 to the power of 10 is 1024.'),
        ('Is 7 bigger than 5?', 'Yes, 7 is bigger than 5.'),
        ('Is 7 less than 5?', 'No, 7 is not less than 5.'),
        ('How many days until Christmas?', 'It is 32 days until Christmas.'),
        ("how long till valentine's day", "It is 83 days until Valentine's Day."),
        ('Um.', 'Take your time.'),
        ("I'm fine, thanks.", 'glad to hear'),
        ('Translate hello into French.', 'no language model'),
        ('Double 21.', '2 times 21 is 42.'),
        ('Add 5 and 6.', '5 plus 6 is 11.'),
        ('Subtract 5 from 20.', '20 minus 5 is 15.'),
        ('Divide 20 by 8.', '20 divided by 8 is 2.5.'),
        ('What is 12 times 3?', '12 times 3 is 36.'),
        ('5 - 7', '5 minus 7 is minus 2.'),
        ('If I have 3 apples and buy 2 more, how many apples do I have?', 'That makes 5.'),
        ('I had ten dollars and spent four. How much is left?', 'That makes 6.'),
        ('There are 3 boxes with 4 eggs each. How many eggs are there?', 'That makes 12.'),
        ('I split 12 cookies among 4 friends. How many does each get?', 'That makes 3.'),
        ('How many days are in a week?', 'A week has 7 days.'),
        ('how many days does february have', 'February has 28 days'),
        ('How many days are there in November?', 'November has 30 days.'),
        ('how many days in a month', '30 or 31 days'),
        ('How many minutes are in an hour?', 'An hour has 60 minutes.'),
        ('how many seconds are in a day', 'A day has 86,400 seconds.'),
        ('How many days are in 3 weeks?', '3 weeks have 21 days.'),
        ('how many inches in a foot', 'A foot has 12 inches.'),
        ('how many months are in a year', 'A year has 12 months.'),
        ('What day is it tomorrow?', 'Tomorrow is Tuesday, 24 November 2026.'),
        ('what day was it yesterday', 'Yesterday was Sunday'),
        ('Is it Monday?', 'Today is Monday'),
        ('What year is it?', 'It is 2026.'),
        ('which month is it', 'It is November.'),
        ('What time will it be in 2 hours?', 'It will be 09:05.'),
        ('Tell me the alphabet.', 'A, B, C'),
        ('spell necessary please', 'Necessary: N, E, C, E, S, S, A, R, Y.'),
        ('can you see me', 'I cannot see pictures'),
        ('', 'Sorry, I did not catch that.|no words'),
        (' ?!', 'Sorry, I did not catch that.|no words'),
    ],
)
async def test_it_answers_simple_questions(heard: str, said: str) -> None:
    assert re.search(said, await text(heard)), await text(heard)


@pytest.mark.parametrize(
    'question', ['who are you', 'What are you?', 'are you chat gpt', 'Are you OpenAI?', 'which model are you']
)
async def test_it_introduces_itself_honestly(question: str) -> None:
    said = await text(question)
    assert 'rehearsal partner' in said
    assert 'no language model' in said
    assert 'instructions' not in said


async def test_it_does_not_pretend_to_follow_instructions() -> None:
    persona = 'You are a pirate called ChatGPT.'
    assert 'too simple to follow them' in await text('who are you', instructions=persona)
    assert await text('hello', instructions=persona) == await text('hello')


async def test_it_greets_before_anything_is_said() -> None:
    mind = RehearsalMind(random=Random(1))
    assert 'Hello' in ''.join([str(piece) async for piece in mind.answer(Prompt((said('system', 'x'),)))])


async def test_answers_come_sentence_by_sentence() -> None:
    pieces = await answer('tell me about the moon')
    assert len(pieces) > 4
    assert all(piece.rstrip().endswith('.') for piece in pieces)
    assert await answer('7/2') == ['7 divided by 2 is 3.5.']


async def test_the_same_question_gets_another_answer() -> None:
    assert await text('tell me a joke') != await text('tell me a joke', 'another joke')
    assert await text('blue elephants') != await text('blue elephants', 'blue elephants')
    assert await text('') != await text('', '')


MISHEARD = (
    'purple walrus orbits',
    'coming into wardrobe',
    'an umbrella of doubt',
    'seven walrus',
    'walrus',
    'doubtful',
)


async def test_words_that_it_does_not_understand_are_never_repeated() -> None:
    for count in range(1, len(MISHEARD) + 1):
        said = await text(*MISHEARD[:count])
        assert not re.search('walrus|orbit|purple|wardrobe|umbrella|doubt|seven', said), said


async def test_it_says_once_what_would_help_and_something_else_each_time() -> None:
    answers = [await text(*MISHEARD[:count]) for count in range(1, len(MISHEARD) + 1)]
    assert ['Give it a mind' in said for said in answers] == [True] + [False] * 5
    assert 'ask your host' in answers[0], 'guests cannot press the button'
    assert 'no language model' in answers[0]
    assert len(set(answers)) >= 6
    assert all(one != other for one, other in itertools.pairwise(answers))
    later = await text('hello', 'what time is it', MISHEARD[0])
    assert 'language model' in later, 'only what was not understood needs help'


@pytest.mark.parametrize(
    'introduction', ['my name is anna', 'My name is Anna.', 'call me anna', 'you can call me anna']
)
async def test_it_remembers_a_name(introduction: str) -> None:
    assert await text(introduction) == 'Nice to meet you, Anna. I will remember your name while we talk.'
    assert await text(introduction, 'hello', 'what is my name') == 'Your name is Anna.'
    assert await text(introduction, 'my name is bob', "What's my name?") == 'Your name is Bob.'


@pytest.mark.parametrize(
    ('told', 'asked', 'answer'),
    [
        ('My favorite color is blue.', 'What is my favourite colour?', 'You told me that your favorite color is blue.'),
        ("my dog's name is Rex", "what's my dog called", 'You told me that your dog is Rex.'),
        ('My sister is called Mia, by the way.', 'Do you remember my sister?', 'You told me that your sister is Mia.'),
        ('I live in New York and my cat is old.', 'Where do I live?', 'You live in New York.'),
        ("I'm from Italy.", 'where am I from', 'You are from Italy.'),
        ('I am 30 years old.', 'How old am I?', 'You are 30 years old.'),
        ('Remember that the key is under the mat.', 'What did I ask you to remember?', 'the key is under the mat.'),
        ('Hi, my name is Anna. What time is it?', 'Who am I?', 'Your name is Anna.'),
    ],
)
async def test_it_remembers_what_it_was_told(told: str, asked: str, answer: str) -> None:
    assert answer in await text(told, 'hello', asked)
    assert await text('hello', asked) in ('You have not told me that yet.', 'You have not told me your name yet.')


async def test_it_confirms_what_it_remembers_without_repeating_it() -> None:
    confirmations = [await text('My walrus is purple.'), await text('My walrus is purple.', 'My cat is old.')]
    assert confirmations == ['I will remember that while we talk.', 'Good to know. I will keep it in mind.']


async def test_it_invents_no_name() -> None:
    assert await text('my name is not important', 'do you know my name') == 'You have not told me your name yet.'


async def test_it_keeps_its_offer_of_a_story() -> None:
    heard = [*MISHEARD[:3], 'Yes, please.']
    assert 'Shall I tell you a story?' in await text(*MISHEARD[:3])
    assert 'lighthouse' in await text(*heard)
    assert 'lighthouse' not in await text('hello', 'Yes, please.')


async def test_it_says_that_it_cannot_see_pictures() -> None:
    picture = Message(
        'user', [Part('input_text', 'what time is it'), Part('input_image', 'data:image/png;base64,AA==')]
    )
    mind = RehearsalMind()
    assert 'cannot see pictures' in ''.join([str(piece) async for piece in mind.answer(Prompt((picture,)))])
    later = Prompt((picture, said('assistant', 'I cannot see pictures.'), said('user', 'hello')))
    assert 'Hello' in ''.join([str(piece) async for piece in mind.answer(later)])


async def test_it_can_say_the_last_thing_again() -> None:
    assert await text('what time is it', 'say that again please') == 'It is 07:05.'
    assert await text('pardon') == 'I have not said anything yet.'


async def test_a_coin_falls_on_either_side() -> None:
    tosses = {''.join(await answer('toss a coin', seed=seed)) for seed in range(20)}
    assert tosses == {'It is heads.', 'It is tails.'}


@pytest.mark.parametrize(
    'odd', ['count on me', 'all the time', 'it was {words} {0} %s', 'x' * 5000, 'spell ' + 'a' * 99]
)
async def test_it_is_not_confused(odd: str) -> None:
    said = await text(odd)
    assert 0 < len(said) < 400
    assert 'One, two' not in said
    assert '07:05' not in said


WORDS = 'what is my how many days in a week 5 0 two plus minus of half % percent squared -3 name live remember count'
WORDS += " spell time hours ? . 's € 猫 1.5 each share 10,000"
PHRASES = [*WORDS.split(), 'divided by', 'to the power of', 'square root of', 'i am']


@given(st.lists(st.sampled_from(PHRASES), max_size=10), st.lists(st.sampled_from(PHRASES), max_size=10))
def test_there_is_an_answer_to_everything(before: list[str], heard: list[str]) -> None:
    occasion = Occasion(datetime(2026, 11, 23, 7, 5), Random(1), [' '.join(before)], ['Hello!'])
    assert reply(' '.join(heard), occasion).strip()


async def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert 'It is' in await text('what time is it ' + 'word ' * 1000)
    assert 'It is' not in await text('word ' * 1000 + 'what time is it')
