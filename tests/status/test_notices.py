"""What the user is told about an event of a live call."""

from components.status.notices import notice
from components.words.language import ENGLISH


def failed(code: str, message: str) -> dict[str, object]:
    return {'type': 'response.done', 'response': {'status_details': {'error': {'code': code, 'message': message}}}}


def test_a_stage_of_the_engine_says_itself_what_to_do() -> None:
    sentence = 'The voice at localhost:8880 cannot be reached: start that server, or correct ENGINE_VOICE_URL.'
    told = notice(failed('speech_failed', sentence), ENGLISH.text)
    assert told
    assert (told.code, told.sentence, told.next_step) == ('speech_failed', sentence, '')


def test_others_are_told_in_words_of_parleys_own() -> None:
    told = notice(failed('no_such_code', 'Segmentation fault'), ENGLISH.text)
    assert told
    assert 'Segmentation' not in told.sentence
    assert told.detail == 'Segmentation fault'
    assert told.next_step


def test_what_came_too_late_to_matter_is_not_told() -> None:
    error = {'code': 'response_cancel_not_active', 'message': 'Cancellation failed'}
    assert notice({'type': 'error', 'error': error}, ENGLISH.text) is None
    assert notice({'type': 'response.done', 'response': {'status_details': None}}, ENGLISH.text) is None
