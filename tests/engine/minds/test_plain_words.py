"""Reading out the output of functions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.plain_words import in_plain_words

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ('output', 'said'),
    [
        ('It is foggy and 12 degrees in London.', 'It is foggy and 12 degrees in London.'),
        ('sunny', 'Sunny.'),
        ('"sunny"', 'Sunny.'),
        ('', 'That is done.'),
        ('null', 'That is done.'),
        ('1', '1.'),
        ('true', 'Yes.'),
        ('{"temperature": 12, "windSpeed": 3.5}', 'The temperature is 12 and the wind speed is 3.5.'),
        ('{"rain": false}', 'The rain is no.'),
        ('["bread", "butter", "jam"]', 'Bread, butter and jam.'),
        ('[]', 'Nothing.'),
        ('{"success": true}', 'That is done.'),
        ('{"ok": false}', 'That did not work.'),
        ('{"error": {"message": "no such city"}}', 'That did not work: the message is no such city.'),
        ('{"error": "no such city"}', 'That did not work: no such city.'),
        ('{"half": ', '{"half":.'),
    ],
)
def test_outputs_are_read_as_sentences(output: str, said: str) -> None:
    assert in_plain_words(output) == said


@given(st.text() | JSON.map(json.dumps))
def test_any_output_becomes_a_sentence_of_limited_length(output: str) -> None:
    assert 0 < len(in_plain_words(output)) <= 501
