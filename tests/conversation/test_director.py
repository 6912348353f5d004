"""The director's reactions to changes of a call's state, its events and its settings."""

from dataclasses import replace

import pytest

from components.call.reports import CallState, FailureReport, Rung, RungReport, RungState, event_record
from components.call.server_events import ServiceError
from components.conversation.director import Director
from components.conversation.effects import (
    CallEnded,
    CallStarted,
    CallStateChanged,
    ErrorReported,
    EventsReported,
    Greet,
    NewCallOffered,
    PaceChanged,
    PrepareTicket,
    RungChanged,
    TurnsChanged,
    TurnsRevised,
)
from components.conversation.transcript.call_mark import Begun
from components.settings.personas.personas import BUILT_IN
from components.settings.session import greeting, session
from components.settings.settings import Settings

from .director_page import QUIET, Page, connected
from .transcript import events as e

FAILURE = FailureReport('connection_lost')


@pytest.fixture
def page() -> Page:
    return Page()


def test_a_call_starts_connects_and_ends(page: Page) -> None:
    assert page.enters(CallState.PREPARING) == [CallStateChanged(CallState.PREPARING), CallStarted()]
    assert page.enters(CallState.CONNECTING) == [CallStateChanged(CallState.CONNECTING)]
    assert page.enters(CallState.LIVE) == [
        CallStateChanged(CallState.LIVE),
        connected(1, Begun.STARTED, 1000.0, 'webrtc'),
    ]
    assert page.enters(CallState.ENDED) == [
        CallStateChanged(CallState.ENDED),
        CallEnded(None, 1, 1000.0),
        NewCallOffered(()),
        TurnsChanged(set()),
        PrepareTicket(QUIET),
    ]


def test_a_call_that_recovers_is_the_same_call_with_a_divider(page: Page) -> None:
    page.calls()
    page.receives({'type': 'input_audio_buffer.speech_started', 'item_id': 'item_1'})
    page.now = 1005.0
    assert page.enters(CallState.RECOVERING, failure=FAILURE) == [
        CallStateChanged(CallState.RECOVERING),
        TurnsChanged({'item_1'}),
    ]
    assert page.enters(CallState.LIVE)[1] == connected(2, Begun.RECONNECTED, 1005.0, 'webrtc')
    page.enters(CallState.RECOVERING, failure=FailureReport('session_expired'))
    assert page.enters(CallState.LIVE)[1] == connected(3, Begun.RENEWED, 1005.0, 'webrtc')


def test_a_failed_provider_is_not_asked_again_until_the_user_wants_to_call(page: Page) -> None:
    page.enters(CallState.PREPARING)
    effects = page.enters(CallState.ENDED, failure=FAILURE)
    assert CallEnded(FAILURE, 1, 1000.0) in effects
    assert PrepareTicket(QUIET) not in effects
    page.director.prepare()
    assert page.effects[-1] == PrepareTicket(QUIET)


@pytest.mark.parametrize(
    ('state', 'running', 'live'),
    [
        (CallState.IDLE, False, False),
        (CallState.PREPARING, True, False),
        (CallState.CONNECTING, True, False),
        (CallState.LIVE, True, True),
        (CallState.RECOVERING, True, False),
        (CallState.ENDED, False, False),
    ],
)
def test_a_call_runs_from_the_click_until_its_end(state: CallState, running: bool, live: bool) -> None:
    effect = CallStateChanged(state)
    assert (effect.is_running, effect.is_live) == (running, live)


def test_the_ai_speaks_first_if_the_settings_say_so() -> None:
    settings = Settings(greets=True)
    assert Greet(greeting(settings)) in Page(settings).calls()


def test_a_new_call_is_told_the_conversation_and_does_not_greet() -> None:
    page = Page(Settings(greets=True))
    page.calls()
    assert page.director.seeds() == []
    page.receives(e.done(e.message('u1', 'user', {'type': 'input_text', 'text': 'Hello'})))
    page.enters(CallState.ENDED)
    effects = page.calls()
    assert connected(2, Begun.CONTINUED, 1000.0, 'webrtc') in effects
    assert not any(isinstance(effect, Greet) for effect in effects)
    assert [event['item']['content'][0]['text'] for event in page.director.seeds()] == ['Hello']


def test_times_of_turns_are_those_of_the_wall_clock_however_late_events_arrive() -> None:
    now = 1000.0
    director = Director(QUIET, session, now=lambda: now)

    def receive(item_id: str, at_ms: float) -> None:
        event = e.done(e.message(item_id, 'user', {'type': 'input_text', 'text': 'Hello'}))
        record = event_record({'at': at_ms, 'direction': 'received', 'event': event})
        assert record
        director.report_events([record])

    receive('u1', 5_000)
    now = 1060.0  # the page had lost its connection to Python for half a minute
    receive('u2', 35_000)
    assert [turn.started_at for turn in director.transcript.turns] == [1000.0, 1030.0]


def test_a_call_knows_its_transport(page: Page) -> None:
    page.enters(CallState.PREPARING, CallState.CONNECTING)
    page.director.begin('relay')  # WebRTC was blocked
    assert connected(1, Begun.STARTED, 1000.0, 'relay') in page.enters(CallState.LIVE)


def test_received_events_become_turns_and_sent_ones_are_only_logged(page: Page) -> None:
    item = e.added(e.message('u1', 'user', {'type': 'input_text', 'text': 'Hello'}), None)
    effects = page.receives(item, direction='sent')
    assert isinstance(effects[0], EventsReported)
    assert effects[-1] == TurnsChanged(set())
    assert page.receives(item)[-1] == TurnsChanged({'u1'})


def test_the_end_of_a_call_ends_its_turns(page: Page) -> None:
    page.calls()
    page.receives(e.created('r1'), e.output_added('r1', e.message('a1', 'assistant', status='in_progress')))
    assert TurnsChanged({'a1'}) in page.enters(CallState.ENDED)


def test_an_answer_carries_the_persona_that_gave_it(page: Page) -> None:
    page.calls()
    page.receives(e.created('r1'), e.output_added('r1', e.message('a1', 'assistant', status='in_progress')))
    page.changes(replace(QUIET, persona=BUILT_IN['coach']))
    page.receives(e.delta('r1', 'a1', 'Hello.'), e.added(e.written('u1', 'user', 'Hi'), 'a1'))
    page.receives(e.created('r2'), e.output_added('r2', e.message('a2', 'assistant', status='in_progress')))
    named = [(turn.item_id, turn.persona) for turn in page.director.transcript.turns]
    assert named == [('a1', 'Assistant'), ('u1', ''), ('a2', 'Calm coach')]


def test_errors_of_the_service_are_reported(page: Page) -> None:
    error = {'type': 'error', 'error': {'code': 'server_error', 'message': 'Oops'}}
    assert ErrorReported(ServiceError('server_error', 'Oops')) in page.receives(error)
    failed = e.failed('r1', error='Too many requests.')
    assert any(isinstance(effect, ErrorReported) for effect in page.receives(failed))


def test_the_pace_is_reported_when_it_was_measured(page: Page) -> None:
    words = 'The quick brown fox jumps over the lazy dog, again and again.'
    answer = e.message('a1', 'assistant', {'type': 'output_audio', 'transcript': words})
    page.receives(e.created('r1'), e.sound_started('r1'))
    page.receives(e.output_done('r1', answer), e.finished('r1', answer))
    effects = page.receives(e.sound_stopped('r1'), at_ms=4000)
    assert [type(effect) for effect in effects].count(PaceChanged) == 1
    assert not any(isinstance(effect, PaceChanged) for effect in page.receives({'type': 'rate_limits.updated'}))


def test_the_progress_of_a_rung_is_reported(page: Page) -> None:
    report = RungReport(Rung.KEY, RungState.DONE, 5.0, 12.0)
    page.director.report_rung(report)
    assert page.effects == [RungChanged(report)]


def test_handlers_get_only_effects_of_their_type_in_the_order_in_which_they_were_added(page: Page) -> None:
    seen: list[str] = []
    page.director.on(CallStarted, lambda _: seen.append('first'))
    page.director.on(CallEnded, lambda _: seen.append('never'))
    page.director.on(CallStarted, lambda _: seen.append('second'))
    page.enters(CallState.PREPARING)
    assert seen == ['first', 'second']


def test_what_was_written_is_said_anew_with_its_pictures_and_the_later_turns_are_deleted(page: Page) -> None:
    page.calls()
    picture = 'data:image/png;base64,AAAA'
    page.receives(
        e.added(e.shown('u1', 'Wat is it?', picture), None), e.added(e.written('a1', 'assistant', 'It'), 'u1')
    )
    page.effects.clear()
    page.director.revise('u1', 'What is it?')
    changed, revised = page.effects
    assert changed == TurnsChanged(['u1', 'a1'])
    assert revised == TurnsRevised(['u1', 'a1'], {'text': 'What is it?', 'images': (picture,)})
    assert page.director.transcript.turns == []


def test_another_answer_is_asked_for(page: Page) -> None:
    page.calls()
    page.receives(e.added(e.written('u1', 'user', 'Hi.'), None), e.added(e.written('a1', 'assistant', 'It'), 'u1'))
    page.effects.clear()
    page.director.revise('a1', None)
    assert page.effects == [TurnsChanged(['a1']), TurnsRevised(['a1'], None)]
    page.effects.clear()
    page.director.revise('a1', None)  # again, before the page has heard of it
    assert page.effects == []


def test_an_item_that_was_not_there_to_be_deleted_is_no_trouble(page: Page) -> None:
    page.calls()
    error = {'type': 'invalid_request_error', 'code': 'item_delete_invalid_item_id', 'message': 'No such item.'}
    effects = page.receives({'type': 'error', 'event_id': 'e1', 'error': error})
    assert not [effect for effect in effects if isinstance(effect, ErrorReported)]
