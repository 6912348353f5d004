"""The inbox passes on every report once and in order, even if the WebSocket drops or repeats messages."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.call.inbox import CONFIRM_EVERY, Inbox


def reports(first: int, *names: str) -> dict[str, Any]:
    return {'first': first, 'reports': [{'name': name} for name in names]}


def names(*received: Any) -> list[str]:
    return [report['name'] for one in received for report in one.reports]


def test_messages_in_order_are_passed_on() -> None:
    inbox = Inbox()
    assert names(inbox.receive(reports(0, 'a', 'b')), inbox.receive(reports(2, 'c'))) == ['a', 'b', 'c']
    assert inbox.count == 3


def test_repeated_reports_are_passed_on_once() -> None:
    inbox = Inbox()
    inbox.receive(reports(0, 'a', 'b'))
    assert names(inbox.receive(reports(0, 'a', 'b'))) == []
    assert names(inbox.receive(reports(1, 'b', 'c'))) == ['c']


def test_a_gap_is_noticed_and_later_reports_are_not_accepted() -> None:
    inbox = Inbox()
    inbox.receive(reports(0, 'a'))
    late = inbox.receive(reports(2, 'c'))
    assert late.missing
    assert not late.reports
    assert names(inbox.receive(reports(1, 'b', 'c'))) == ['b', 'c']


def test_reports_are_confirmed_periodically() -> None:
    inbox = Inbox()
    confirmed = [inbox.receive(reports(number, 'x')).confirm for number in range(2 * CONFIRM_EVERY)]
    assert confirmed.count(True) == 2


@given(st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.text(), st.integers())))
def test_other_messages_are_ignored(message: object) -> None:
    received = Inbox().receive(message)
    assert (received.reports, received.missing) == ([], False)


@given(st.integers(0, 40), st.randoms(use_true_random=True))
def test_an_outbox_that_resumes_delivers_everything_once(count: int, chance: Random) -> None:
    """The browser sends in batches, some are lost, and after each reconnection it sends the rest again."""
    sent = [str(number) for number in range(count)]
    inbox, got, cursor = Inbox(), [], 0
    while cursor < len(sent):
        batch = sent[cursor : cursor + chance.randint(1, 10)]
        arrives, reconnects = chance.random() < 0.5, chance.random() < 0.5
        if arrives:
            got += names(inbox.receive(reports(cursor, *batch)))
        cursor += len(batch)
        if reconnects or cursor >= len(sent):
            cursor = inbox.count
    assert got == sent
