"""The director's reactions to changed settings, before, in and after calls."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.call.reports import CallState
from components.conversation.effects import (
    CallStateChanged,
    ErrorReported,
    Greet,
    NewCallOffered,
    PlaceCall,
    PrepareTicket,
    SendEvent,
    SettingsChanged,
    SettingsRefused,
)
from components.conversation.transcript.call_mark import Begun
from components.settings.settings import Settings

from .director_page import FASTER, OTHER_VOICE, QUIET, Page, connected, sent


@pytest.fixture
def page() -> Page:
    return Page()


def test_a_call_for_new_settings_is_placed_at_once_and_says_why_it_began(page: Page) -> None:
    page.calls()
    page.director.continue_in_new_call()
    assert page.effects[-1] == PlaceCall()
    page.enters(CallState.ENDED)
    assert connected(2, Begun.NEW_SETTINGS, 1000.0, 'webrtc') in page.calls()
    page.enters(CallState.ENDED)
    assert connected(3, Begun.CONTINUED, 1000.0, 'webrtc') in page.calls()


def test_settings_changed_between_calls_are_kept_and_a_ticket_is_made_for_them(page: Page) -> None:
    assert page.changes(FASTER) == [SettingsChanged(FASTER), PrepareTicket(FASTER)]
    assert page.director.begin('relay') == FASTER


def test_settings_changed_while_live_are_sent_at_once(page: Page) -> None:
    page.calls()
    effects = page.changes(FASTER)
    assert effects[0] == SettingsChanged(FASTER)
    assert [event['session'] for event in sent(effects)] == [{'type': 'realtime', 'audio': {'output': {'speed': 1.5}}}]
    assert effects[-1] == NewCallOffered(set())


def test_settings_changed_while_connecting_are_sent_once_the_call_is_live(page: Page) -> None:
    page.enters(CallState.PREPARING, CallState.CONNECTING)
    assert sent(page.changes(FASTER)) == []
    assert [event['type'] for event in sent(page.enters(CallState.LIVE))] == ['session.update']


def test_a_change_that_needs_a_new_call_offers_one_until_the_call_ends(page: Page) -> None:
    page.calls()
    effects = page.changes(OTHER_VOICE)
    assert sent(effects) == []
    assert effects[-1] == NewCallOffered({'voice'})
    assert NewCallOffered(()) in page.enters(CallState.ENDED)


def test_a_refused_change_is_undone_and_reported(page: Page) -> None:
    page.calls()
    (update,) = sent(page.changes(FASTER))
    error = {'code': 'invalid_value', 'message': 'Too fast.', 'event_id': update['event_id']}
    effects = page.receives({'type': 'error', 'error': error})
    assert SettingsChanged(QUIET) in effects
    assert SettingsRefused(QUIET, 'Too fast.') in effects
    assert not any(isinstance(effect, ErrorReported) for effect in effects)
    assert page.director.settings == QUIET


def test_a_change_too_long_to_be_sent_is_undone(page: Page) -> None:
    page.calls()
    (update,) = sent(page.changes(FASTER))
    error = {'code': 'message_too_long', 'message': 'It was not sent.', 'event_id': update['event_id']}
    assert SettingsRefused(QUIET, 'It was not sent.', too_long=True) in page.receives({'type': 'error', 'error': error})


def test_the_rest_of_a_refused_update_is_sent_again(page: Page) -> None:
    page.calls()
    (update,) = sent(page.changes(replace(FASTER, output='text')))
    error = {'message': 'Too fast.', 'param': 'session.audio.output.speed', 'event_id': update['event_id']}
    effects = page.receives({'type': 'error', 'error': error})
    assert [event['session'] for event in sent(effects)] == [{'type': 'realtime', 'output_modalities': ['text']}]
    assert page.director.settings == replace(QUIET, output='text')


def test_each_call_has_an_agreement_of_its_own(page: Page) -> None:
    page.calls()
    page.changes(OTHER_VOICE)
    page.enters(CallState.ENDED)
    page.calls()
    assert page.changes(OTHER_VOICE)[-1] == NewCallOffered(set())


SETTINGS = st.sampled_from([QUIET, FASTER, OTHER_VOICE, Settings(greets=True), Settings(provider='engine').fitted()])
STEPS = st.lists(st.sampled_from(CallState) | SETTINGS | st.just('continue'), max_size=20)


@given(STEPS)
def test_events_are_sent_only_while_the_call_is_live(steps: list[CallState | Settings | str]) -> None:
    page = Page()
    for step in steps:
        if isinstance(step, CallState):
            effects = page.enters(step)
        elif isinstance(step, Settings):
            effects = page.changes(step)
            assert page.director.settings == step
        else:
            page.director.continue_in_new_call()
            continue
        if page.director.state is not CallState.LIVE:
            assert not any(isinstance(effect, SendEvent | Greet) for effect in effects)


@given(STEPS)
def test_a_ticket_is_never_prepared_while_a_call_runs(steps: list[CallState | Settings | str]) -> None:
    page = Page()
    for step in steps:
        if isinstance(step, str):
            continue
        effects = page.enters(step) if isinstance(step, CallState) else page.changes(step)
        if CallStateChanged(page.director.state).is_running:
            assert not any(isinstance(effect, PrepareTicket) for effect in effects)
