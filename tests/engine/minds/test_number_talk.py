"""Numbers as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.number_talk import numbers

WORDS = ['a', 'one', 'two', 'twenty', 'hundred', 'thousand', 'and', 'point', 'minus', 'zero', '7', '2.5', 'cat']


@pytest.mark.parametrize(
    ('heard', 'values'),
    [
        ('set a timer for five minutes', [5]),
        ('two hundred and five', [205]),
        ('a hundred and twenty one', [121]),
        ('two thousand five hundred and six', [2506]),
        ('minus three point one four', [-3.14]),
        ('-7 and 2.5 and 0', [-7, 2.5, 0]),
        ('three five and four', [3, 5, 4]),
        ('nineteen eighty four', [19, 84]),
        ('five hundred and', [500]),
        ('a point to and for minus', []),
    ],
)
def test_numbers_in_a_sentence(heard: str, values: list[float]) -> None:
    assert [number.value for number in numbers(heard.split())] == values


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_numbers_stand_in_order_and_apart(words: list[str]) -> None:
    end = 0
    for number in numbers(words):
        assert end <= number.start < number.end <= len(words)
        end = number.end
