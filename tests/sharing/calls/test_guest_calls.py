"""Guests' calls are ended by Python, at the provider, whatever their browsers say."""

import asyncio
from uuid import uuid4

import pytest

from components.providers.error import ProviderError
from components.sharing.calls.guest_calls import ABSENCE, TRIES, Ending, GuestCalls
from components.sharing.calls.ledger import Ledger
from components.sharing.calls.limits import Limits
from components.sharing.visitor import Guest

ANA = Guest('a', 'Ana', 'other', '192.168.1.9', 0)
BEN = Guest('b', 'Ben', 'other', '192.168.1.10', 0)


class Page:
    """A guest's page that records its notices, and the hanging up of its calls."""

    def __init__(self) -> None:
        self.id = uuid4().hex
        self.is_here = True
        self.notices: list[float | str] = []
        self.hung_up = asyncio.Event()

    def warn(self, seconds: float) -> None:
        self.notices.append(seconds)

    def explain(self, ending: Ending) -> None:
        self.notices.append(ending)

    async def hang_up(self) -> None:
        self.notices.append('hung up')
        self.hung_up.set()


class House:
    """The calls of a house whose time stands still unless a test moves it."""

    def __init__(self, **limits: float) -> None:
        self.now = 1_000_000.0
        self.welcome = {'a', 'b'}
        ledger = Ledger(Limits(**limits))  # type: ignore[arg-type]
        self.calls = GuestCalls(ledger, lambda: self.now, lambda guest: guest in self.welcome, grace=0, pause=0)

    def call(self, guest: Guest, page: Page | None = None) -> Page:
        page = page or Page()
        self.calls.ask(guest)
        self.calls.begin(guest, page, page.hang_up)
        return page


async def test_at_the_limit_there_is_first_a_word_and_then_the_end() -> None:
    house = House(minutes=5)
    page = house.call(ANA)
    house.now += 3 * 60
    house.calls.check()
    assert page.notices == []
    house.now += 61
    house.calls.check()
    house.calls.check()
    assert page.notices == [59]
    house.now += 59
    house.calls.check()
    assert page.notices == [59, 'minutes_used_up']
    await house.calls.stop()
    assert page.notices == [59, 'minutes_used_up', 'hung up']
    with pytest.raises(ProviderError, match='minutes_used_up'):
        house.calls.ask(ANA)


async def test_limits_are_enforced_without_requests() -> None:
    house = House(minutes=0.01)
    page = house.call(ANA)
    house.now += 60
    await page.hung_up.wait()
    assert page.notices == ['minutes_used_up', 'hung up']


async def test_a_page_that_reports_its_call_over_is_hung_up() -> None:
    house = House()
    page = house.call(ANA)
    house.calls.over(ANA, page.id)
    assert house.calls.talking('a') is None
    await house.calls.stop()
    assert page.notices == ['hung up']


async def test_a_call_outlives_a_gap_in_the_network_but_not_a_page_that_stays_away() -> None:
    house = House()
    page = house.call(ANA)
    for here, seconds in ((False, ABSENCE), (True, 1), (False, ABSENCE)):
        page.is_here = here
        house.now += seconds
        house.calls.check()
    assert page.notices == []
    house.now += 1
    house.calls.check()
    assert house.calls.talking('a') is None
    await house.calls.stop()
    assert page.notices == ['page_away', 'hung up']


async def test_another_page_of_the_same_guest_ends_the_first_call_and_not_the_other_way_round() -> None:
    house = House(calls=1)
    first = house.call(ANA)
    second = house.call(ANA)
    house.calls.over(ANA, first.id)
    await asyncio.sleep(0.01)
    assert first.notices == ['called_elsewhere', 'hung up']
    assert second.notices == []
    third = house.call(ANA, second)  # the same page calls again, as over the relay where WebRTC is blocked
    await asyncio.sleep(0.01)
    assert third.notices == ['hung up']
    await house.calls.stop()


async def test_the_host_hangs_up_and_removes() -> None:
    house = House()
    ana, ben = house.call(ANA), house.call(BEN)
    changes: list[float | None] = []
    unsubscribe = house.calls.subscribe(lambda: changes.append(house.calls.talking('a')))
    house.calls.hang_up('a')
    house.calls.hang_up('a')
    assert changes == [None]
    unsubscribe()
    house.welcome.discard('b')
    house.calls.keep(house.welcome)
    await house.calls.stop()
    assert (ana.notices, ben.notices) == (['ended_by_host', 'hung up'], ['visit_over', 'hung up'])


async def test_a_guest_removed_while_a_call_is_placed_gets_no_call() -> None:
    house = House()
    house.calls.ask(ANA)
    house.welcome.clear()
    with pytest.raises(ProviderError, match='visit_over'):
        house.calls.begin(ANA, Page(), Page().hang_up)
    assert house.calls.talking('a') is None


@pytest.mark.parametrize(('code', 'asked'), [('provider_unreachable', TRIES), ('http_404', 1), ('cannot_hang_up', 1)])
async def test_a_provider_that_does_not_listen_is_asked_again(code: str, asked: int) -> None:
    house = House()
    tries: list[str] = []

    async def hang_up() -> None:
        tries.append(code)
        raise ProviderError(code)

    page = Page()
    house.calls.ask(ANA)
    house.calls.begin(ANA, page, hang_up)
    house.calls.over(ANA, page.id)
    await house.calls.stop()
    assert len(tries) == asked
