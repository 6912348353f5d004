"""Reports of the browser become typed, and malformed ones are dropped."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.call.reports import (
    CallState,
    EventRecord,
    FailureReport,
    Rung,
    RungReport,
    RungState,
    StateReport,
    Undelivered,
    event_record,
    rung_report,
    state_report,
    undelivered,
)
from components.call.server_events import ItemDeleted


def test_a_state() -> None:
    assert state_report({'kind': 'state', 'state': 'live'}) == StateReport(CallState.LIVE)


def test_an_end_with_its_reason() -> None:
    report = state_report({'state': 'ended', 'failure': {'code': 'microphone_refused', 'detail': 'NotAllowedError'}})
    assert report == StateReport(CallState.ENDED, FailureReport('microphone_refused', 'NotAllowedError'))


def test_a_state_with_its_time() -> None:
    assert state_report({'state': 'recovering', 'at': 5}) == StateReport(CallState.RECOVERING, at_ms=5.0)


def test_events_that_a_page_had_not_delivered() -> None:
    deleted = {'type': 'conversation.item.deleted', 'item_id': 'item_1'}
    reports = [{'at': 500, 'direction': way, 'event': event} for way, event in [('received', deleted), ('sent', {})]]
    late = undelivered({'conversation': 'c1', 'origin': 1000, 'seeded': ['item_2'], 'reports': [*reports, 'broken']})
    assert late == Undelivered('c1', [(1.5, ItemDeleted('item_1'))], frozenset({'item_2'}))
    assert undelivered({'conversation': 'c1'}) is None
    assert undelivered(None) is None


def test_a_rung_with_its_time() -> None:
    assert rung_report({'rung': 'key', 'state': 'done', 'at': 5, 'ms': 12}) == RungReport(
        Rung.KEY, RungState.DONE, 5.0, 12.0
    )


def test_an_event() -> None:
    record = event_record({'at': 3.5, 'direction': 'sent', 'event': {'type': 'response.create'}})
    assert record == EventRecord(3.5, 'sent', {'type': 'response.create'})


def test_an_event_of_the_service_is_read() -> None:
    json = {'type': 'conversation.item.deleted', 'event_id': 'event_1', 'item_id': 'item_1'}
    record = event_record({'at': 3.5, 'direction': 'received', 'event': json})
    assert record == EventRecord(3.5, 'received', json, ItemDeleted('item_1', id='event_1'))


def test_a_sent_event_is_never_mistaken_for_a_server_event() -> None:
    json = {'type': 'conversation.item.deleted', 'item_id': 'item_1'}
    record = event_record({'at': 3.5, 'direction': 'sent', 'event': json})
    assert record
    assert record.event is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(['state', 'rung', 'failure', 'ms', 'at']), inner),
    max_leaves=8,
)


@given(anything)
def test_malformed_reports_are_dropped(data: object) -> None:
    assert state_report(data) is None
    assert rung_report(data) is None
    assert event_record(data) is None


def test_an_event_from_a_browser_can_go_to_a_page_again() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    record = event_record(
        {'at': 1, 'direction': 'received', 'event': {'type': 'x', 'text': 'a\ud83db 😀', 'deep': deep}}
    )
    assert record
    assert record.json['text'] == 'a\ufffdb 😀'
    orjson.dumps(record.json)


@pytest.mark.parametrize(
    ('id', 'read'), [('rtc_u2-x', 'rtc_u2-x'), ('../../x', ''), (5, ''), ('x' * 300, ''), (None, '')]
)
def test_the_id_of_a_call_is_safe_in_a_url(id: object, read: str) -> None:
    report = state_report({'state': 'live', 'call': id})
    assert report
    assert report.call_id == read
