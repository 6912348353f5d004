"""Which errors of a live call the user is told about."""

import pytest

from components.call.server_events import ServiceError
from components.status.notices import notice
from components.words.language import ENGLISH


def test_a_stage_of_the_engine_says_itself_what_to_do() -> None:
    sentence = 'The voice at localhost:8880 cannot be reached: start that server, or correct ENGINE_VOICE_URL.'
    trouble = notice(ServiceError('speech_failed', sentence), ENGLISH.text)
    assert trouble
    assert (trouble.code, trouble.sentence, trouble.next_step) == ('speech_failed', sentence, '')


def test_other_errors_are_told_in_parleys_own_words() -> None:
    trouble = notice(ServiceError('no_such_code', 'Segmentation fault'), ENGLISH.text)
    assert trouble
    assert 'Segmentation' not in trouble.sentence
    assert trouble.detail == 'Segmentation fault'
    assert trouble.next_step


@pytest.mark.parametrize('code', ['response_cancel_not_active', 'session_expired'])
def test_errors_that_are_of_no_use_to_the_user_are_not_told(code: str) -> None:
    assert notice(ServiceError(code, 'Cancellation failed'), ENGLISH.text) is None
