"""Tickets that Parley redeems itself: once, soon, and only for the browser that they were issued to."""

from typing import Any

import pytest
from starlette.requests import HTTPConnection

from components.desk.one_time_tickets import MOST_TICKETS, TICKET_SECONDS, OneTimeTickets, Order
from components.providers.error import ProviderError
from components.settings.settings import Settings


class Counter:
    """Tickets at an address, and a clock that stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.tickets = OneTimeTickets(lambda: self.now, lambda connection: connection.query_params.get('as'))

    def issue(self, browser: str = 'ana') -> str:
        return self.tickets.issue('/calls', Order(Settings(), browser)).token

    def redeem(self, token: str, browser: str = 'ana') -> str:
        """Return the code of the refusal, or '' for a ticket that is accepted."""
        scope: dict[str, Any] = {'type': 'websocket', 'query_string': f'as={browser}'.encode(), 'headers': []}
        try:
            order = self.tickets.redeem(token, HTTPConnection(scope))
        except ProviderError as error:
            return error.code
        assert order.browser == browser
        return ''


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_a_ticket_names_its_address_and_its_end(counter: Counter) -> None:
    ticket = counter.tickets.issue('/calls', Order(Settings(), 'ana'))
    assert (ticket.url, ticket.expires_at) == ('/calls', 1000.0 + TICKET_SECONDS)
    assert ticket.token not in repr(ticket)


def test_a_ticket_is_redeemed_once(counter: Counter) -> None:
    token = counter.issue()
    assert [counter.redeem(token) for _ in range(2)] == ['', 'ticket_used']


def test_an_unknown_token_is_invalid(counter: Counter) -> None:
    counter.issue()
    assert [counter.redeem(token) for token in ('', 'parley_guess')] == ['ticket_invalid', 'ticket_invalid']


@pytest.mark.parametrize(
    ('later', 'refusal'), [(29.9, ''), (30.0, 'ticket_used'), (59.0, 'ticket_used'), (60.1, 'ticket_invalid')]
)
def test_a_ticket_expires_and_is_forgotten_later(counter: Counter, later: float, refusal: str) -> None:
    token = counter.issue()
    counter.now += later
    counter.issue()
    assert counter.redeem(token) == refusal


def test_another_browser_can_neither_use_a_ticket_nor_spoil_it(counter: Counter) -> None:
    token = counter.issue('ana')
    assert [counter.redeem(token, browser) for browser in ('ben', '', 'ana')] == ['ticket_invalid'] * 2 + ['']


def test_the_oldest_of_too_many_tickets_is_dropped(counter: Counter) -> None:
    oldest, second, *_ = [counter.issue() for _ in range(MOST_TICKETS + 1)]
    assert counter.redeem(oldest) == 'ticket_invalid'
    assert counter.redeem(second) == ''
