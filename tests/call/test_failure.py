"""Every failure has one plain sentence and one next step."""

import pytest

from components.call.failure import CODES, Failure
from components.call.failure import failure as failure_in
from components.words.language import ENGLISH


def failure(code: str, detail: str = '') -> Failure:
    return failure_in(code, detail, ENGLISH.text)


@pytest.mark.parametrize('code', sorted(CODES))
def test_every_code_says_what_happened_and_what_to_do(code: str) -> None:
    found = failure(code)
    for words in (found.sentence, found.next_step):
        assert words.endswith('.')
        assert words[0].isupper()
        assert '!' not in words
    assert len(found.sentence) <= 110


@pytest.mark.parametrize(
    ('code', 'like'),
    [('http_418', 'http_4xx'), ('http_503', 'http_5xx'), ('http_302', 'unknown'), ('no_such_code', 'unknown')],
)
def test_a_code_without_a_text_gets_that_of_its_class(code: str, like: str) -> None:
    assert failure(code).sentence == failure(like).sentence
    assert failure(code).next_step == failure(like).next_step
    assert failure(code).code == code


def test_a_status_with_a_text_of_its_own_keeps_it() -> None:
    assert failure('http_429').sentence != failure('http_4xx').sentence


def test_the_original_message_is_kept() -> None:
    assert failure('http_500', 'upstream connect error').detail == 'upstream connect error'


def test_an_unknown_code_shows_the_words_of_the_service() -> None:
    assert failure('odd_code', 'Come\nback later.').sentence == 'The voice service says: “Come back later.”'
    assert failure('odd_code').sentence == failure('unknown').sentence
    assert failure('unknown', 'TypeError: x is undefined').sentence == failure('unknown').sentence


def test_a_call_that_the_service_ended_shows_its_reason() -> None:
    assert failure('channel_closed', 'Closed for lunch.').sentence.endswith('“Closed for lunch.”')
    assert failure('insufficient_quota', 'You exceeded…').sentence == failure('insufficient_quota').sentence
