"""Talking with the rehearsal partner, as a recogniser hears people: roughly."""

import itertools
import re
from datetime import datetime
from random import Random
from typing import Literal

import pytest

from components.engine.minds.mind import Prompt
from components.engine.minds.rehearsal_mind import RehearsalMind
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
        ('please come to ten', 'One, two, three, four, five, six, seven, eight, nine, ten.'),
        ('count from 8 to 11', 'Eight, nine, ten, eleven.'),
        ('count down from three', 'Three, two, one.'),
        ('countdown', 'Ten, nine, eight, seven, six, five, four, three, two, one.'),
        ('count to twenty two', 'twenty, twenty-one, twenty-two.'),
        ('count to a hundred', 'I count 30 numbers at most.'),
        ('how do you spell cat', 'Cat: C, A, T.'),
        ('spell the word kitchen', 'Kitchen: K, I, T, C, H, E, N.'),
        ('what is two plus three', '2 plus 3 is 5.'),
        ('what is to plus three', '2 plus 3 is 5.'),
        ('but is too plus three', '2 plus 3 is 5.'),
        ('12*12', '12 times 12 is 144.'),
        ('what is three minus ten', '3 minus 10 is minus 7.'),
        ('7/2', '7 divided by 2 is 3.5.'),
        ('what is ten divided by three', '10 divided by 3 is about 3.333.'),
        ('what is one divided by zero', 'Nobody can divide by zero'),
        ('tell me a job', 'scarecrow|bear|bicycle|paper'),
        ('something interesting about them in', 'The moon'),
        ('tell me a story', 'Once upon a time'),
        ('heads or tails', 'It is (heads|tails).'),
        ('roll the dice', 'You rolled a'),
        ('turn on the lights in the kitchen', 'I have no hands'),
        ('turn on the ledge in the kitchen', 'I have no hands'),
        ('what is the weather like today', 'I cannot look outside'),
        ('please stop talking', 'All right.|I am quiet.'),
        ('thank you very much', 'You are welcome.|With pleasure.'),
        ('goodbye', 'Goodbye!'),
        ('two hundred and five plus three', '205 plus 3 is 208.'),
        ('What is 2.5 * 4?', '2.5 times 4 is 10.'),
        ('1,000 / 8', '1000 divided by 8 is 125.'),
        ('minus three plus five', 'minus 3 plus 5 is 2.'),
        ('0.1 + 0.2', '0.1 plus 0.2 is 0.3.'),
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
    assert ['With a language model, or with an OpenAI key' in said for said in answers] == [True] + [False] * 5
    assert len(set(answers)) >= 5
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


async def test_it_invents_no_name() -> None:
    assert await text('my name is not important', 'do you know my name') == 'You have not told me your name yet.'


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


async def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert 'It is' in await text('what time is it ' + 'word ' * 1000)
    assert 'It is' not in await text('word ' * 1000 + 'what time is it')
