"""Which words sound like the end of a sentence."""

import pytest

from components.engine.hearing.ending import Ending, ending


@pytest.mark.parametrize(
    'words',
    [
        'what time is it',
        'where am i',
        'can you hear me',
        'do you like tea',
        'turn on the lights in the kitchen',
        'tell me a joke',
        'hello',
        'please stop',
        'thank you very much',
        'What time is it?',
        'Hello.',
        'Where’s the light?',
        'Hello. What time is it?',
        'You like it?',
        'I would like some tea, please.',
        'I am fine.',
    ],
)
def test_finished(words: str) -> None:
    assert ending(words) is Ending.COMPLETE


@pytest.mark.parametrize(
    'words',
    [
        'i would like to',
        'i would like',
        'i want',
        'tell me about the',
        'what is the',
        'turn on the lights and',
        'it is late because',
        'give me your',
        'so i',
        'what time is',
        'well um',
        'i am looking for',
        'I would like to.',
        'Well, um...',
        'Can you tell me?',
        'Let me think.',
        'I think that.',
        'I saw a dog...',
        'It is late. I would like to.',
    ],
)
def test_unfinished(words: str) -> None:
    assert ending(words) is Ending.OPEN


@pytest.mark.parametrize(
    'words',
    [
        'If it rains tomorrow.',
        'When I was a child.',
        'I need milk, eggs.',
        'It costs twenty.',
        'My number is 555.',
        'The meeting is on.',
        'It was the age of wisdom,',
    ],
)
def test_probably_unfinished(words: str) -> None:
    assert ending(words) is Ending.HANGING


@pytest.mark.parametrize(
    'words',
    [
        '',
        'If it rains tomorrow, we will stay at home.',
        'I need milk, eggs, and butter.',
        'A table for four.',
        'It was raining.',
        'Yes, of course, Anna.',
        'where are you from',
        'turn it on',
        'yes i do',
        'do you know what time it is',
        'i had a sandwich',
        'what time',
        'I had a sandwich.',
        '...',
    ],
)
def test_either(words: str) -> None:
    assert ending(words) is Ending.UNCLEAR
