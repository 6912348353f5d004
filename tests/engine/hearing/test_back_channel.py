"""Which words only show that somebody listens."""

import pytest

from components.engine.hearing.back_channel import is_back_channel


@pytest.mark.parametrize(
    'words',
    [
        'Mm-hmm.',
        'Mama.',
        'Yeah.',
        'Okay',
        'Uh-huh.',
        'Right.',
        'I see.',
        'Oh, okay.',
        'Yeah, yeah.',
        '',
        '♪♪',
        '[coughs]',
        '...',
    ],
)
def test_listening(words: str) -> None:
    assert is_back_channel(words)


@pytest.mark.parametrize(
    'words', ['Stop.', 'No.', 'Wait.', 'Okay, stop.', 'Right now.', 'Yesterday.', 'Good evening.', 'What?', 'Oh no.']
)
def test_interrupting(words: str) -> None:
    assert not is_back_channel(words)
