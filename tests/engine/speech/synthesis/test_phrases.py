"""Cutting a text into phrases."""

from hypothesis import given
from hypothesis import strategies as st

from components.engine.speech.synthesis.phrases import LONGEST_PHRASE, phrases

STORY = 'Once upon a time, a fox found a button in the snow, and he carried it home to his mother.'


def test_a_short_text_stays_whole() -> None:
    assert list(phrases('Hello, Ann. How are you?', early=True)) == ['Hello, Ann. How are you?']


def test_the_first_clause_of_a_long_text_comes_early() -> None:
    assert list(phrases(STORY)) == [STORY]
    assert list(phrases(STORY, early=True)) == ['Once upon a time,', STORY.removeprefix('Once upon a time, ')]


def test_clauses_of_a_word_or_two_are_not_cut_off() -> None:
    text = 'Well, you know, a fox found a button in the snow and carried it home, yes.'
    assert list(phrases(text, early=True)) == ['Well, you know,', text.removeprefix('Well, you know, ')]
    text = 'The fox carried the shiny button all the way home to his mother, yes.'
    assert list(phrases(text, early=True)) == [text]


def test_numbers_and_times_stay_together() -> None:
    text = 'At 10:30 there were 1,250,000 people in the middle of the street'
    assert list(phrases(text, early=True)) == [text]


def test_a_long_text_is_cut_behind_sentences() -> None:
    sentence = 'The moon moves away from the earth. '
    cut = list(phrases(sentence * 20))
    assert len(cut) == 5
    assert all(phrase.endswith('earth.') for phrase in cut)


def test_a_long_sentence_is_cut_behind_clauses_and_not_behind_abbreviations() -> None:
    sentence = 'The button, which Dr. Fox had found in the snow near the town of St. Ives at about noon on Monday'
    cut = list(phrases(f'{sentence}, was carried home to his mother, who put it into a box with many others.'))
    assert cut[0] == f'{sentence}, was carried home to his mother,'


def test_without_sentences_it_is_cut_between_words() -> None:
    assert all(set(phrase.split()) == {'word'} for phrase in phrases('word ' * 200))


def test_chinese_and_japanese_are_cut_without_spaces() -> None:
    assert next(phrases('雪が降っていました。' * 20)).endswith('。')
    text = 'むかしむかしあるところに、' + '狐がいました' * 10
    assert next(phrases(text, early=True)) == 'むかしむかしあるところに、'


def test_control_characters_are_no_commands() -> None:
    assert list(phrases('be\x01 90P loud\x00,\ud800 now\n')) == ['be 90P loud , now']


@given(st.text(max_size=2000), st.booleans())
def test_no_phrase_is_too_long_and_no_word_is_lost(text: str, early: bool) -> None:
    cut = list(phrases(text, early=early))
    assert all(0 < len(phrase) <= LONGEST_PHRASE for phrase in cut)
    spoken = ''.join(char for char in text if char.isprintable() and not char.isspace())
    assert ''.join(''.join(cut).split()) == spoken
