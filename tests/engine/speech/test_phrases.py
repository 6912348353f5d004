"""Cutting text into what a synthesiser takes at one go."""

from hypothesis import given
from hypothesis import strategies as st

from components.engine.speech.phrases import LONGEST_PHRASE, phrases


def test_a_short_text_stays_whole() -> None:
    assert list(phrases('Hello. How are you?')) == ['Hello. How are you?']


def test_a_long_text_is_cut_behind_sentences() -> None:
    sentence = 'The moon moves away from the earth. '
    cut = list(phrases(sentence * 20))
    assert len(cut) == 3
    assert all(phrase.endswith('earth.') for phrase in cut)


def test_without_sentences_it_is_cut_between_words() -> None:
    assert all(set(phrase.split()) == {'word'} for phrase in phrases('word ' * 200))


def test_control_characters_are_no_commands() -> None:
    assert list(phrases('be\x01 90P loud\x00,\ud800 now\n')) == ['be 90P loud , now']


@given(st.text(max_size=2000))
def test_no_phrase_is_too_long_and_no_word_is_lost(text: str) -> None:
    cut = list(phrases(text))
    assert all(0 < len(phrase) <= LONGEST_PHRASE for phrase in cut)
    spoken = ''.join(char for char in text if char.isprintable() and not char.isspace())
    assert ''.join(''.join(cut).split()) == spoken
