"""Some errors of a live call are shown to the user."""

import pytest

from components.call.server_events import ServiceError
from components.status.notices import notice
from components.words.language import ENGLISH


def test_errors_of_engine_stages_are_shown_in_their_own_words() -> None:
    sentence = 'The voice at localhost:8880 cannot be reached: start that server, or correct ENGINE_VOICE_URL.'
    trouble = notice(ServiceError('speech_failed', sentence), ENGLISH.text)
    assert trouble
    assert (trouble.code, trouble.sentence, trouble.next_step) == ('speech_failed', sentence, '')


def test_other_errors_are_shown_in_parleys_words() -> None:
    trouble = notice(ServiceError('no_such_code', 'Segmentation fault'), ENGLISH.text)
    assert trouble
    assert 'Segmentation' not in trouble.sentence
    assert trouble.detail == 'Segmentation fault'
    assert trouble.next_step


@pytest.mark.parametrize('code', ['response_cancel_not_active', 'session_expired'])
def test_harmless_errors_are_not_shown(code: str) -> None:
    assert notice(ServiceError(code, 'Cancellation failed'), ENGLISH.text) is None
