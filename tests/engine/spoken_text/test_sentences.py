"""Cutting a stream of text into sentences that can be spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.spoken_text.sentences import Cut, SentenceCutter


def cut(*pieces: str) -> list[Cut]:
    cutter = SentenceCutter()
    return [*(sentence for piece in pieces for sentence in cutter.feed(piece)), *cutter.flush()]


def texts(*pieces: str) -> list[str]:
    return [each.text for each in cut(*pieces)]


@pytest.mark.parametrize(
    'sentences',
    [
        ['It is noon.', ' Time to eat!', ' Really?', ' Yes'],
        ['It costs 3.50 euros.', ' That is 1.5 times as much as $23.50.', ' Get v1.2 today.'],
        ['Dr. Smith met Mr. J. R. Brown, e.g. at St. James at 3 p.m. today.', ' So did I.', ' Then he left.'],
        ['“Is it?”', ' “It is.”', ' (Good.)', ' He went…', ' and came back.'],
        ['**It is.**', ' *Yes!*', ' No.'],
        ['Two things:', '\n1. Bread.', '\n2. Butter', '\n\nThat is all.'],
        ['今天天气很好。', '我们去吧！', '「いいね。」', 'はい'],
        ['No.', ' Well...', ' maybe?!', ' See https://example.com/a.b for more.'],
    ],
)
def test_sentences_end_where_a_reader_would_pause(sentences: list[str]) -> None:
    text = ''.join(sentences)
    assert texts(text) == sentences
    assert texts(*text) == sentences, 'letter by letter'


@pytest.mark.parametrize(
    'sentence',
    [
        'See [the guide. Part two](https://example.com/a) for more.',
        'Type `cd ..; ls. -a` there.',
        'So $$a = b. \n c$$ it is.',
        'So \\[a = b. \n c\\] it is.',
    ],
)
def test_markdown_is_not_cut(sentence: str) -> None:
    assert texts(*f'{sentence} Next.') == [sentence, ' Next.']


@pytest.mark.parametrize('fence', ['```', '~~~~'])
def test_lines_of_code_are_told_from_sentences(fence: str) -> None:
    text = f'Look. Here:\n\n{fence}py\nx = 1. y\n\n  ``\n{fence}\nGood. Bye'
    for cuts in (cut(text), cut(*text)):
        assert ''.join(each.text for each in cuts) == text
        assert [each.text.strip() for each in cuts if each.kind == 'prose'] == ['Look.', 'Here:', 'Good.', 'Bye']
        assert [each.text.strip() for each in cuts if each.kind == 'code'] == [f'{fence}py', 'x = 1. y', '``', fence]


def test_code_may_begin_within_a_line_a_list_or_a_quote() -> None:
    for beginning in ('Here: ', 'So\n- ', 'So\n1. ', 'So\n> ', 'So\n    '):
        assert [each.kind for each in cut(*f'{beginning}```\nx\n```')] == ['prose', 'code', 'code', 'code']
    assert [each.kind for each in cut(*'```x``` is inline. Yes')] == ['prose', 'prose']


def test_a_sentence_is_returned_as_soon_as_it_is_complete() -> None:
    cutter = SentenceCutter()
    assert cutter.feed('It is noon.') == [], 'it may go on: noon.example'
    assert cutter.feed(' ') == [Cut('It is noon.')]
    assert cutter.flush() == [Cut(' ')]
    assert cutter.flush() == []


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    *cuts, _ = texts('word ' * 200)
    assert len(cuts) == 3
    assert all(len(each) <= 301 and not each.endswith('wor') for each in cuts)
    assert len(texts('好' * 700)) == 3
    assert len(texts('$$' + 'x + ' * 300)) == 2, 'a formula without an end ends, too'


@given(st.lists(st.text(st.sampled_from('aB1 .!?。\n…”’)Mr`~$[](>-*\\'), max_size=30)))
def test_the_cuts_do_not_depend_on_the_pieces(pieces: list[str]) -> None:
    text = ''.join(pieces)
    assert ''.join(texts(*pieces)) == text
    assert cut(*pieces) == cut(text) == cut(*text)


@given(st.text(st.sampled_from('aa .`'), min_size=295, max_size=310))
def test_the_cuts_of_long_sentences_do_not_depend_on_the_pieces(text: str) -> None:
    assert cut(text) == cut(*text)
