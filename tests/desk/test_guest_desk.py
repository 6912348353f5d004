"""The guest's desk: every ticket is asked of the limits, and every call is counted."""

import asyncio
import math

import pytest

from components.desk.guest_desk import GuestDesk
from components.desk.one_time_tickets import HangUp, Order
from components.providers.error import ProviderError
from components.providers.ticket import Ticket
from components.settings.settings import Settings


class Limits:
    """Counts calls, and refuses when a test says so."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.refusal: ProviderError | None = None
        self.begun: list[HangUp] = []

    def ask(self) -> None:
        self.log.append('ask')
        if self.refusal:
            raise self.refusal

    def begin(self, hang_up: HangUp) -> None:
        self.begun.append(hang_up)

    def over(self) -> None:
        self.log.append('over')


class Source:
    """Issues tickets for one transport, and remembers what for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.orders: list[Order] = []

    def ticket(self, order: Order) -> Ticket:
        self.orders.append(order)
        return Ticket(self.url, 'parley_1', 1030.0)


class Visit:
    """A guest's desk with everything around it."""

    def __init__(self) -> None:
        self.limits, self.exchange, self.relay = Limits(), Source('/calls'), Source('/relay')
        self.desk = GuestDesk('guest-1', self.limits, self.exchange, self.relay)


@pytest.fixture
def visit() -> Visit:
    return Visit()


async def test_either_transport_has_its_tickets(visit: Visit) -> None:
    assert (await visit.desk.take(Settings(), 'webrtc')).url == '/calls'
    assert (await visit.desk.take(Settings(), 'relay')).url == '/relay'
    assert [order.browser for order in (*visit.exchange.orders, *visit.relay.orders)] == ['guest-1', 'guest-1']
    assert visit.limits.log == ['ask', 'ask']


@pytest.mark.parametrize('transport', ['webrtc', 'relay'])
async def test_at_a_limit_there_is_no_ticket(visit: Visit, transport: str) -> None:
    visit.limits.refusal = ProviderError('too_many_calls')
    with pytest.raises(ProviderError, match='too_many_calls'):
        await visit.desk.take(Settings(), 'relay' if transport == 'relay' else 'webrtc')
    assert visit.exchange.orders == visit.relay.orders == []


async def test_a_call_that_begins_is_counted_and_can_be_hung_up(visit: Visit) -> None:
    await visit.desk.take(Settings(), 'webrtc')
    hung_up = asyncio.Event()

    async def hang_up() -> None:
        hung_up.set()

    visit.exchange.orders[0].on_begun(hang_up)
    await visit.limits.begun[0]()
    assert hung_up.is_set()


async def test_a_call_without_a_way_to_hang_up_is_refused(visit: Visit) -> None:
    await visit.desk.take(Settings(), 'webrtc')
    with pytest.raises(ProviderError, match='provider_answer_unusable'):
        visit.exchange.orders[0].on_begun(None)
    assert visit.limits.begun == []


async def test_python_knows_when_a_guest_last_spoke_in_a_call_that_it_placed(visit: Visit) -> None:
    assert visit.desk.life_at('') == -math.inf
    await visit.desk.take(Settings(), 'webrtc')
    visit.exchange.orders[0].last_sign.follow(lambda: 900.0)
    assert visit.desk.life_at('') == 900.0
    await visit.desk.take(Settings(), 'relay')
    visit.relay.orders[0].last_sign.note()
    assert visit.desk.life_at('') > 900.0


def test_a_page_that_goes_away_ends_its_call(visit: Visit) -> None:
    visit.desk.call_over()
    visit.desk.close()
    assert visit.limits.log == ['over', 'over']


async def test_a_call_that_can_only_be_cut_at_the_relay_gets_no_other_ticket() -> None:
    limits, exchange, relay = Limits(), Source('/calls'), Source('/relay')
    desk = GuestDesk('guest-1', limits, exchange, relay, lambda settings: True)
    with pytest.raises(ProviderError, match='relay_only'):
        await desk.take(Settings(), 'webrtc')
    assert limits.log == []
    assert (await desk.take(Settings(), 'relay')).url == '/relay'
