"""The limits of guests: no sequence of actions overdraws an account."""

from argparse import ArgumentParser
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.sharing.calls.ledger import RESERVED, Ledger
from components.sharing.calls.limits import Limits, add_limits
from components.sharing.errors import SharingError

NOON = datetime(2026, 5, 1, 12).timestamp()
MIDNIGHT = datetime(2026, 5, 2).timestamp()

GUESTS = ('ana', 'ben', 'cem', 'dua')


def test_a_guest_has_minutes_of_their_own() -> None:
    ledger = Ledger(Limits(minutes=10))
    talk(ledger, 'ana', 9)
    assert ledger.used(NOON, 'ana') == 9 * 60
    assert ledger.ask('ana', NOON) is None
    assert ledger.begin('ana', NOON) is None
    assert ledger.left('ana', NOON) == 60
    assert ledger.talking('ana', NOON + 60) == 60
    assert ledger.left('ana', NOON + 60) == 0
    assert ledger.reason('ana', NOON + 60) == 'minutes_used_up'
    ledger.end('ana', NOON + 60)
    assert ledger.ask('ana', NOON + 60) == 'minutes_used_up'
    assert ledger.ask('ben', NOON + 60) is None


def test_all_guests_share_the_minutes_of_the_day() -> None:
    ledger = Ledger(Limits(minutes=100, day=10))
    talk(ledger, 'ana', 4)
    for guest in ('ana', 'ben'):
        assert ledger.ask(guest, NOON) is None
        assert ledger.begin(guest, NOON) is None
    assert ledger.left('ana', NOON) == 3 * 60  # two talk, so six minutes last three
    ledger.end('ben', NOON + 60)
    assert ledger.left('ana', NOON + 60) == 4 * 60
    ledger.end('ana', NOON + 5 * 60)
    assert ledger.ask('cem', NOON + 5 * 60) == 'day_used_up'


def test_a_new_day_begins_at_midnight_also_within_a_call() -> None:
    ledger = Ledger(Limits(minutes=10))
    assert ledger.ask('ana', MIDNIGHT - 60) is None
    assert ledger.begin('ana', MIDNIGHT - 60) is None
    assert ledger.used(MIDNIGHT - 1, 'ana') == 59
    assert ledger.used(MIDNIGHT + 30, 'ana') == 30
    ledger.end('ana', MIDNIGHT + 30)
    assert ledger.left('ana', MIDNIGHT + 30) == 9.5 * 60


def test_a_ticket_keeps_a_place_as_long_as_connecting_may_take() -> None:
    ledger = Ledger(Limits(calls=1))
    assert ledger.ask('ana', NOON) is None
    assert ledger.ask('ben', NOON) == 'too_many_calls'
    assert ledger.ask('ana', NOON) is None  # the place is hers
    ledger.give_back('ana')
    assert ledger.ask('ben', NOON) is None
    assert ledger.ask('ana', NOON + RESERVED) is None
    assert ledger.begin('ben', NOON + RESERVED) == 'too_many_calls'  # too late


def test_another_call_of_the_same_guest_takes_the_place_of_the_first() -> None:
    ledger = Ledger(Limits(calls=1))
    for second in (0, 30):
        assert ledger.ask('ana', NOON + second) is None
        assert ledger.begin('ana', NOON + second) is None
    assert ledger.talking('ana', NOON + 40) == 10
    assert ledger.used(NOON + 40, 'ana') == 40


def test_tickets_come_slowly() -> None:
    ledger = Ledger(Limits(tickets=2))
    assert [ledger.ask('ana', NOON + second) for second in (0, 30, 59, 60)] == [None, None, 'too_many_tickets', None]
    assert ledger.ask('ben', NOON) is None


steps = st.lists(
    st.tuples(
        st.sampled_from(['ask', 'begin', 'end', 'give_back', 'check']), st.sampled_from(GUESTS), st.floats(0, 90)
    ),
    max_size=80,
)


@given(steps, st.integers(0, 3), st.floats(0, 5), st.floats(0, 8), st.sampled_from([NOON, MIDNIGHT - 600]))
def test_no_limit_is_ever_exceeded(
    steps: list[tuple[str, str, float]], calls: int, minutes: float, day: float, begin: float
) -> None:
    """Calls are ended as `left` says: then no guest, and not all together, spend more than they may in a day."""
    ledger = Ledger(Limits(calls, minutes, day, tickets=1000))
    now = begin
    for step, guest, seconds in steps:
        now = pass_time(ledger, now, now + seconds)
        if step == 'ask':
            ledger.ask(guest, now)
        elif step == 'begin':
            ledger.begin(guest, now)
        elif step == 'end':
            ledger.end(guest, now)
        elif step == 'give_back':
            ledger.give_back(guest)
        assert sum(ledger.talking(each, now) is not None for each in GUESTS) <= calls
        assert all(ledger.used(now, each) <= minutes * 60 + 1e-3 for each in GUESTS)
        assert ledger.used(now) <= day * 60 + 1e-3
        assert ledger.used(now) == pytest.approx(sum(ledger.used(now, each) for each in GUESTS))


def pass_time(ledger: Ledger, now: float, until: float) -> float:
    """Let time pass, and end each call when nothing is left for it."""
    while talking := [guest for guest in GUESTS if ledger.talking(guest, now) is not None]:
        left = min(ledger.left(guest, now) for guest in talking)
        if now + left > until:
            break
        now += max(left, 0)
        for guest in talking:
            if ledger.left(guest, now) <= 1e-6:
                ledger.end(guest, now)
    return until


def test_limits_are_read_from_the_command_line_and_the_environment() -> None:
    assert read() == Limits()
    assert read('--guest-calls', '7', '--guest-minutes', '0.5') == Limits(calls=7, minutes=0.5)
    assert read(PARLEY_GUEST_DAY='60', PARLEY_GUEST_TICKETS='3') == Limits(day=60, tickets=3)
    assert read('--guest-day', '30', PARLEY_GUEST_DAY='60') == Limits(day=30)


@pytest.mark.parametrize('text', ['many', '-1', 'nan', 'inf'])
def test_an_invalid_limit_is_reported_in_one_sentence(text: str) -> None:
    with pytest.raises(SharingError, match=r'(PARLEY_GUEST_DAY|--guest-day) must be'):
        read(PARLEY_GUEST_DAY=text)


def read(*arguments: str, **environ: str) -> Limits:
    parser = ArgumentParser()
    add_limits(parser.add_argument_group('sharing'))
    return Limits.read(parser.parse_args(arguments), environ)


def talk(ledger: Ledger, guest: str, minutes: float) -> None:
    """Have talked for some minutes until noon."""
    began = NOON - minutes * 60
    assert ledger.ask(guest, began) is None
    assert ledger.begin(guest, began) is None
    ledger.end(guest, NOON)


def test_guests_of_one_account_share_its_minutes_and_tickets() -> None:
    ledger = Ledger(Limits(minutes=10, tickets=2), {'ana': 'ana', 'ana again': 'ana', 'ben': 'ben'}.__getitem__)
    assert ledger.begin('ana', NOON) is None
    ledger.end('ana', NOON + 400)
    assert ledger.left('ana again', NOON + 400) == 200
    assert ledger.begin('ana again', NOON + 400) is None
    assert ledger.left('ana again', NOON + 500) == 100
    assert ledger.left('ben', NOON + 500) == 600
    ledger.end('ana again', NOON + 600)
    assert ledger.ask('ana again', NOON + 600) == 'minutes_used_up'
    assert ledger.used(NOON + 600, 'ana') == ledger.used(NOON + 600) == 600
