"""Reasoning that a model writes into its answer is not spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.reasoning import ReasoningFilter


def said(*pieces: str) -> str:
    reasoning = ReasoningFilter()
    return ''.join([*map(reasoning.feed, pieces), reasoning.flush()])


@pytest.mark.parametrize(
    ('text', 'heard'),
    [
        ('<think>They greet me.</think>\n\nHello!', 'Hello!'),
        ('Wait. <think>Hm < 5 </thin</think>Yes.', 'Wait. Yes.'),
        ('<think>never ends', ''),
        ('1 < 2 and <thin> is no tag <', '1 < 2 and <thin> is no tag <'),
        ('<think></think>', ''),
        (' Hello ', 'Hello '),
    ],
)
def test_reasoning_is_left_out(text: str, heard: str) -> None:
    assert said(text) == heard
    assert said(*text) == heard, 'letter by letter'


@given(st.lists(st.sampled_from(['<think>', '</think>', '<', 'think', '>', ' ', 'a', '</'])))
def test_the_same_is_said_however_the_pieces_come(pieces: list[str]) -> None:
    assert said(*pieces) == said(''.join(pieces))
