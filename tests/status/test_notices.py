"""The user learns of each answer that ends without words, and of errors that a call survives."""

from dataclasses import replace
from typing import Any

import pytest

from components.call.reports import EventRecord, event_record
from components.call.server_events import ServiceError
from components.settings.settings import Settings
from components.status.notices import Notices
from components.words.language import ENGLISH, LANGUAGES


@pytest.fixture
def notices() -> Notices:
    return Notices(ENGLISH.text)


def record(type: str, direction: str = 'received', **fields: Any) -> EventRecord:
    read = event_record({'kind': 'event', 'at': 0.0, 'direction': direction, 'event': {'type': type, **fields}})
    assert read
    return read


def codes(notices: Notices, *records: EventRecord, settings: Settings | None = None) -> list[str]:
    return [notice.code for notice in notices.hear(records, settings or Settings())]


def response(status: str, details: Any = None, *, id: str = 'resp_1', output: Any = ()) -> EventRecord:
    return record('response.done', response={'id': id, 'status': status, 'status_details': details, 'output': output})


CREATED = record('response.created', response={'id': 'resp_1', 'conversation_id': 'conv_1'})
ASIDE = record('response.created', response={'id': 'resp_1', 'conversation_id': None})
ITEM = {'id': 'item_1', 'type': 'message', 'role': 'assistant', 'content': []}
ADDED = record('response.output_item.added', response_id='resp_1', item=ITEM)
STOP = record('response.cancel', 'sent')
SPEECH = record('input_audio_buffer.speech_started', item_id='item_2', audio_start_ms=0)
COMMITTED = record('input_audio_buffer.committed', item_id='item_2')


@pytest.mark.parametrize(
    ('status', 'details', 'code'),
    [
        ('incomplete', {'reason': 'content_filter'}, 'content_filter'),
        ('incomplete', {'reason': 'max_output_tokens'}, 'max_output_tokens'),
        ('incomplete', {'reason': 'moon_phase'}, 'answer_stopped'),
        ('incomplete', None, 'answer_stopped'),
        ('failed', None, 'answer_failed'),
        ('failed', {'error': None}, 'answer_failed'),
        ('failed', {'error': 'You exceeded your current quota'}, 'insufficient_quota'),
        ('failed', {'error': 'It broke.'}, 'answer_failed'),
        ('cancelled', {'reason': 'moon_phase'}, 'answer_stopped'),
        ('cancelled', None, 'answer_stopped'),
        ('completed', None, 'answer_empty'),
    ],
)
def test_every_answer_that_ends_without_an_item_gets_a_sentence(
    notices: Notices, status: str, details: Any, code: str
) -> None:
    assert codes(notices, CREATED, response(status, details)) == [code]


def test_an_answer_that_the_user_stopped_needs_none(notices: Notices) -> None:
    assert codes(notices, CREATED, STOP, response('cancelled')) == []
    assert codes(notices, CREATED, SPEECH, response('cancelled')) == []
    assert codes(notices, CREATED, response('cancelled', {'reason': 'turn_detected'})) == []


def test_an_answer_with_words_needs_none(notices: Notices) -> None:
    assert codes(notices, CREATED, ADDED, response('completed')) == []
    assert codes(notices, CREATED, response('completed', output=[ITEM])) == []
    assert codes(notices, CREATED, ADDED, response('cancelled')) == []
    assert codes(notices, CREATED, response('completed')) == ['answer_empty'], 'each answer counts for itself'


def test_a_response_outside_of_the_conversation_needs_none(notices: Notices) -> None:
    assert codes(notices, ASIDE, response('failed')) == []


def test_odd_details_hide_no_end(notices: Notices) -> None:
    odd = record(
        'response.done',
        response={'id': 'r', 'status': 'failed', 'status_details': 'no', 'output': 5, 'usage': {'output_tokens': -1}},
    )
    assert codes(notices, odd) == ['answer_failed']


def test_the_longest_length_is_told_once_in_a_call(notices: Notices) -> None:
    cut = response('incomplete', {'reason': 'max_output_tokens'}, output=[ITEM])
    assert codes(notices, CREATED, cut, CREATED, cut) == ['max_output_tokens']
    notices.begin_call()
    assert codes(notices, CREATED, cut) == ['max_output_tokens']


FAILED = record(
    'conversation.item.input_audio_transcription.failed',
    item_id='item_2',
    error={'code': 'DeploymentNotFound', 'message': 'No such deployment.'},
)


def test_missing_words_are_explained_once_with_a_cure_that_the_provider_has(notices: Notices) -> None:
    [notice] = notices.hear([FAILED, FAILED], Settings())
    assert 'No such deployment.' in notice.sentence
    assert notice.next_step == 'Choose another transcription model in the settings.'
    notices.begin_call()
    [notice] = notices.hear([FAILED, FAILED], replace(Settings(), provider='azure'))
    assert 'AZURE_OPENAI_TRANSCRIPTION_DEPLOYMENT' in notice.next_step


def test_a_turn_without_words_is_no_failure_of_the_service(notices: Notices) -> None:
    error = {'code': 'audio_unintelligible', 'message': 'The audio could not be transcribed.'}
    failed = record('conversation.item.input_audio_transcription.failed', item_id='item_2', error=error)
    assert codes(notices, failed) == []


def test_ears_that_fail_are_explained_by_the_engine(notices: Notices) -> None:
    error = {'code': 'transcription_failed', 'message': 'The server at localhost cannot be reached: start it.'}
    failed = record('conversation.item.input_audio_transcription.failed', item_id='item_2', error=error)
    [notice] = notices.hear([failed, failed], Settings())
    assert notice.sentence == error['message']


def test_a_session_that_transcribes_nothing_is_explained(notices: Notices) -> None:
    """As with LiteLLM, unless .env names a transcription model."""
    created = record('session.created', session={'audio': {'input': {'transcription': None}}})
    settings = replace(Settings(), provider='other')
    assert codes(notices, created, COMMITTED, COMMITTED, settings=replace(settings, transcription=False)) == []
    [notice] = notices.hear([created, COMMITTED, COMMITTED], settings)
    assert 'PROVIDER_TRANSCRIPTION_MODEL' in notice.next_step


def test_errors_of_engine_stages_are_shown_in_their_own_words(notices: Notices) -> None:
    sentence = 'The voice at localhost:8880 cannot be reached: start that server, or correct ENGINE_VOICE_URL.'
    notice = notices.error(ServiceError('speech_failed', sentence))
    assert notice
    assert (notice.code, notice.sentence, notice.next_step) == ('speech_failed', sentence, '')


@pytest.mark.parametrize('language', LANGUAGES.values(), ids=LANGUAGES)
def test_unknown_errors_are_shown_in_the_words_of_the_service(language: Any) -> None:
    notice = Notices(language.text).error(ServiceError('no_such_code', 'Segmentation\n\x1b[31m fault'))
    assert notice
    assert notice.code == 'no_such_code'
    assert 'Segmentation [31m fault' in notice.sentence
    assert notice.next_step


def test_an_error_without_words_is_shown_in_parleys(notices: Notices) -> None:
    notice = notices.error(ServiceError('no_such_code', ''))
    assert notice
    assert notice.sentence == 'The voice service reported an error; the call goes on.'


@pytest.mark.parametrize(
    ('code', 'message', 'known'),
    [
        ('rate_limit_exceeded', '', 'rate_limit_exceeded'),
        ('server_error', 'You exceeded your current quota', 'insufficient_quota'),
    ],
)
def test_known_errors_keep_their_cause(notices: Notices, code: str, message: str, known: str) -> None:
    notice = notices.error(ServiceError(code, message))
    assert notice
    assert notice.code == known


@pytest.mark.parametrize(
    'code', ['response_cancel_not_active', 'session_expired', 'item_not_found', 'item_truncate_invalid_item_id']
)
def test_harmless_errors_are_not_shown(notices: Notices, code: str) -> None:
    assert notices.error(ServiceError(code, 'Cancellation failed')) is None
