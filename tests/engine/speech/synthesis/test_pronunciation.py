"""Words and phonemes: packed, they are the same as those of hibari."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hibari.g2p import G2P
from hypothesis import given
from hypothesis import strategies as st

from components.engine.speech.synthesis.packed_map import PackedMap, kept_map, pack
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
    packed = PackedMap(pack(values.items()))
    assert {key: packed.get(key) for key in values} == values
    assert packed.get(other) == values.get(other)


def test_a_kept_map_is_packed_once(tmp_path: Path) -> None:
    reads: list[str] = []

    def items() -> Iterator[tuple[str, bytes]]:
        reads.append('read')
        yield 'word', b'sound'

    maps = [kept_map(tmp_path / 'cache' / 'words.map', items) for _ in range(3)]
    assert [each.get('word') for each in maps] == [b'sound'] * 3
    assert reads == ['read']
    assert [file.name for file in (tmp_path / 'cache').iterdir()] == ['words.map']


@pytest.mark.parametrize('damage', [b'', b'map1', pack([('word', b'sound')])[:-1], b'x' * 100])
def test_a_damaged_map_is_packed_again(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / 'words.map'
    file.write_bytes(damage)
    assert kept_map(file, lambda: [('word', b'sound')]).get('word') == b'sound'
    assert file.read_bytes() == pack([('word', b'sound')])


def test_a_map_that_cannot_be_kept_is_in_memory(tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    assert kept_map(tmp_path / 'file' / 'words.map', lambda: [('word', b'sound')]).get('word') == b'sound'


@pytest.mark.parametrize('british', [False, True])
def test_sentences_are_pronounced_as_by_hibari(british: bool) -> None:
    original, packed = G2P(british=british), Pronunciation(british=british)
    assert [packed(sentence) for sentence in SENTENCES] == [original(sentence) for sentence in SENTENCES]
