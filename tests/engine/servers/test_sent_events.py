"""Reading server-sent events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.servers.sent_events import SentEvents

STREAM = ': hello\n\ndata: one\n\nevent: x\r\nid: 3\r\ndata:två\r\ndata: lines\r\n\r\ndata: half'.encode()


@given(st.integers(0, len(STREAM)), st.integers(0, len(STREAM)))
def test_events_are_complete_however_the_bytes_come(first: int, second: int) -> None:
    first, second = sorted((first, second))
    events = SentEvents()
    pieces = STREAM[:first], STREAM[first:second], STREAM[second:]
    assert [event for piece in pieces for event in events.feed(piece)] == ['one', 'två\nlines']


def test_an_event_without_end_is_refused() -> None:
    events = SentEvents()
    events.feed(b'data: ' + b'x' * 1_000_000)
    with pytest.raises(ValueError, match='longer than'):
        events.feed(b'x' * 100_000)
