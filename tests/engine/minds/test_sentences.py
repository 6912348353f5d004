"""Cutting a stream of text into sentences that can be spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.sentences import SentenceCutter


def cut(*pieces: str) -> list[str]:
    """All sentences of a text that comes in these pieces; the last one is the unfinished rest."""
    cutter = SentenceCutter()
    return [*(sentence for piece in pieces for sentence in cutter.feed(piece)), cutter.flush()]


@pytest.mark.parametrize(
    'sentences',
    [
        ['It is noon.', ' Time to eat!', ' Really?', ' Yes'],
        ['It costs 3.50 euros.', ' That is 1.5 times as much.'],
        ['Dr. Smith met Mr. J. R. Brown, e.g. at St. James.', ' So did I.', ' Then he left.'],
        ['“Is it?”', ' “It is.”', ' (Good.)', ' He went…', ' and came back.'],
        ['Two things:', '\n1. Bread.', '\n2. Butter', '\n\nThat is all.'],
        ['今天天气很好。', '我们去吧！', '「いいね。」', 'はい'],
        ['No.', ' Well...', ' maybe?!', ' See https://example.com/a.b for more.'],
    ],
)
def test_sentences_end_where_a_reader_would_pause(sentences: list[str]) -> None:
    text = ''.join(sentences)
    assert cut(text) == sentences
    assert cut(*text) == sentences, 'letter by letter'


def test_a_sentence_is_returned_as_soon_as_it_is_complete() -> None:
    cutter = SentenceCutter()
    assert cutter.feed('It is noon.') == [], 'it may go on: noon.example'
    assert cutter.feed(' ') == ['It is noon.']
    assert cutter.flush() == ' '


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    *cuts, _ = cut('word ' * 200)
    assert len(cuts) == 3
    assert all(len(each) <= 301 and not each.endswith('wor') for each in cuts)
    assert len(cut('好' * 700)) == 3


@given(st.lists(st.text(st.sampled_from('aB1 .!?。\n…”’)Mr'), max_size=30)))
def test_any_split_into_pieces_keeps_the_whole_text(pieces: list[str]) -> None:
    assert ''.join(cut(*pieces)) == ''.join(pieces)
