"""Codes, close codes and reasons of services lead to texts, in every language, and no text advises what cannot help."""

import re

import pytest

from components.call.failure import CODES as FAILURES
from components.call.failure import failure, failures_of_guests
from components.providers.error import SERVICE_CODES
from components.status.notices import NOTICES
from components.words import endings
from components.words.endings import cleaned, known_code, of_close
from components.words.language import LANGUAGES

CALL_AGAIN = re.compile(r'[Cc]all again|重新通话|再通话|かけ直|もう一度かけ')


def test_every_known_code_has_a_text_for_a_call_that_ends() -> None:
    codes = {*endings.CODES.values(), *(code for _, code in endings.PHRASES), *endings.CLOSES.values(), *SERVICE_CODES}
    assert codes | {'ended_by_service'} <= FAILURES


def test_every_known_code_has_a_text_for_a_call_that_goes_on() -> None:
    codes = {*endings.CODES.values(), *(code for _, code in endings.PHRASES), *endings.REASONS.values(), *SERVICE_CODES}
    assert codes - {'', 'session_expired'} <= NOTICES


@pytest.mark.parametrize('code', LANGUAGES)
def test_a_running_call_is_never_told_to_call_again(code: str) -> None:
    texts = LANGUAGES[code].section('notices')
    told = {name: text for name, text in texts.items() if CALL_AGAIN.search(str(text))}
    assert told == {}
    assert CALL_AGAIN.search(str(LANGUAGES[code].section('failures'))), 'the pattern knows the language'


@pytest.mark.parametrize('code', LANGUAGES)
def test_guests_get_no_advice_that_only_their_host_can_follow(code: str) -> None:
    texts = failures_of_guests(LANGUAGES[code])
    assert not {name for name, told in texts.items() if '.env' in told['next_step']}
    assert texts['insufficient_quota']['next_step'] == LANGUAGES[code].text('guests.ask_host')
    assert texts.keys() == FAILURES, 'all others stay as they are'
    assert texts['microphone_missing'] == LANGUAGES[code].section('failures')['microphone_missing']
    words = LANGUAGES[code].text
    for name, told in texts.items():
        assert failure(name, '', words, for_guest=True).next_step == told['next_step'], 'the ladder says the same'


@pytest.mark.parametrize('code', LANGUAGES)
def test_words_of_a_service_are_quoted(code: str) -> None:
    for section in ('failures', 'notices'):
        for name, texts in LANGUAGES[code].section(section).items():
            if isinstance(texts, dict) and 'said' in texts:
                assert '{detail}' in texts['said'], name


@pytest.mark.parametrize(
    ('labels', 'message', 'code'),
    [
        (('insufficient_quota',), '', 'insufficient_quota'),
        ((None, 'insufficient_quota'), '', 'insufficient_quota'),
        (('server_error',), 'You exceeded your current quota, please check your plan.', 'insufficient_quota'),
        (('DeploymentNotFound',), '', 'model_not_found'),
        (('no_db_connection',), 'No connected db.', 'invalid_api_key'),
        (('400',), 'Invalid model name passed in model=gpt-none. Call `/v1/models`', 'model_not_found'),
        ((), 'The model `x` does not exist or you do not have access to it.', 'model_not_found'),
        ((), 'Authentication Error, No api key passed in.', 'invalid_api_key'),
        ((), 'Rate limit reached for gpt-realtime', 'rate_limit_exceeded'),
        (('odd_code',), 'Something odd.', ''),
        (('',), '', ''),
    ],
)
def test_codes_and_words_of_services_are_known(labels: tuple[str, ...], message: str, code: str) -> None:
    assert known_code(*labels, message=message) == code


@pytest.mark.parametrize('code', [999, *range(1000, 1016), 3000, 4999])
def test_every_close_code_is_an_ending_with_a_text(code: int) -> None:
    assert of_close(code, 'Why').code in FAILURES
    assert of_close(code, 'Why').detail == 'Why'


@pytest.mark.parametrize(
    ('text', 'clean'),
    [
        ('  two\n lines\t', 'two lines'),
        ('\x1b[31mred\x07', '[31mred'),
        ('turned \u202e around', 'turned around'),
        ('half \ud83d', 'half'),
        ('x' * 300, 'x' * 199 + '…'),
        ('音声サービス', '音声サービス'),
        ('', ''),
    ],
)
def test_words_from_outside_are_cleaned(text: str, clean: str) -> None:
    assert cleaned(text) == clean
