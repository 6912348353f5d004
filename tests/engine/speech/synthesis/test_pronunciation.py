"""Words and phonemes: packed, they are the same as those of hibari."""

import pytest
from hibari.g2p import G2P
from hypothesis import given
from hypothesis import strategies as st

from components.engine.speech.synthesis.packed_map import PackedMap
from components.engine.speech.synthesis.pronunciation import Pronunciation

SENTENCES = (
    'Once upon a time, a clever red fox found a shiny button in the snow, and he carried it home to his mother.',
    'I live where live music is read by those who have read it before.',
    'The record shows that they record the present, and used to present it on March 3rd at 9:30.',
    'Zyxwv the Parleyish NASA café costs $23.50, Dr. Smith!',
    '',
)


@given(st.dictionaries(st.text(max_size=5), st.binary(max_size=5)), st.text(max_size=5))
def test_a_packed_map_finds_what_a_dict_finds(values: dict[str, bytes], other: str) -> None:
    packed = PackedMap(values.items())
    assert {key: packed.get(key) for key in values} == values
    assert packed.get(other) == values.get(other)


@pytest.mark.parametrize('british', [False, True])
def test_sentences_are_pronounced_as_by_hibari(british: bool) -> None:
    original, packed = G2P(british=british), Pronunciation(british=british)
    assert [packed(sentence) for sentence in SENTENCES] == [original(sentence) for sentence in SENTENCES]
