"""The host's desk: tickets fetched ahead, never used twice, never stale."""

import asyncio
import gc
import math
from dataclasses import dataclass, field, replace

import pytest

from components.desk.host_desk import HostDesk
from components.desk.one_time_tickets import Order
from components.providers.error import ProviderError
from components.providers.profile import Placing
from components.providers.ticket import Ticket
from components.settings.catalogue import ProviderKind
from components.settings.settings import Settings

MARIN, CEDAR = Settings(voice='marin'), Settings(voice='cedar')


@dataclass
class Mint:
    """A mint whose every fetch ends when, and as, the test says; and the clock beside it."""

    time: float = 1000.0
    heard_at: float = 900.0  # when somebody last spoke to the engine
    fetches: list[tuple[Settings, asyncio.Future[Ticket]]] = field(default_factory=list)

    hung_up: list[tuple[str, str]] = field(default_factory=list)  # provider and call

    placed_by: Placing = 'ephemeral'

    def placing(self, settings: Settings) -> Placing:
        return self.placed_by

    async def mint(self, settings: Settings, browser: str) -> Ticket:
        assert browser == 'browser-1'
        fetch: asyncio.Future[Ticket] = asyncio.get_running_loop().create_future()
        self.fetches.append((settings, fetch))
        return await fetch

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        self.hung_up.append((kind, call_id))
        if call_id == 'rtc_over':
            raise ProviderError('http_404')

    def life_at(self, kind: ProviderKind, call_id: str) -> float:
        return self.heard_at if kind == 'engine' else -math.inf

    def now(self) -> float:
        return self.time

    async def deliver(self, number: int, *, lifetime: float = 120.0) -> None:
        settings, fetch = self.fetches[number]
        fetch.set_result(Ticket('/calls', f'ek_{number}_{settings.voice}', self.time + lifetime))
        await _turn()

    async def refuse(self, number: int) -> None:
        self.fetches[number][1].set_exception(ProviderError('http_5xx'))
        await _turn()


class Source:
    """Issues tickets for one transport, and remembers what for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.orders: list[Order] = []

    def ticket(self, order: Order) -> Ticket:
        self.orders.append(order)
        return Ticket(self.url, f'parley_{len(self.orders)}', 1030.0)


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def desk(mint: Mint) -> HostDesk:
    return HostDesk('browser-1', mint, Source('/calls'), Source('/relay'), mint.now)


async def test_an_unprepared_ticket_is_fetched_on_demand(desk: HostDesk, mint: Mint) -> None:
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'


async def test_a_prepared_ticket_is_there_at_once(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0)
    ticket = await desk.take(MARIN, 'webrtc')
    assert (ticket.token, ticket.ahead) == ('ek_0_marin', True)
    assert len(mint.fetches) == 1


async def test_take_waits_for_a_pending_ticket(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'
    assert len(mint.fetches) == 1


async def test_two_takers_at_once_get_two_tickets(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    first, second = await _started(desk.take(MARIN, 'webrtc')), await _started(desk.take(MARIN, 'webrtc'))
    await mint.deliver(0)
    await mint.deliver(1)
    assert {(await first).token, (await second).token} == {'ek_0_marin', 'ek_1_marin'}


async def test_a_ticket_is_never_handed_out_twice(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0)
    await desk.take(MARIN, 'webrtc')
    again = await _started(desk.take(MARIN, 'webrtc'))
    await mint.deliver(1)
    assert (await again).token == 'ek_1_marin'


async def test_preparing_again_changes_nothing_while_the_ticket_is_good(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await prepared(desk, MARIN)
    await mint.deliver(0)
    await prepared(desk, MARIN)
    assert len(mint.fetches) == 1


async def test_a_ticket_for_other_settings_is_thrown_away(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0)
    taking = await _started(desk.take(CEDAR, 'webrtc'))
    await mint.deliver(1)
    assert (await taking).token == 'ek_1_cedar'


async def test_a_change_of_settings_stops_the_fetch(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await prepared(desk, CEDAR)
    assert mint.fetches[0][1].cancelled()
    await mint.deliver(1)
    assert (await desk.take(CEDAR, 'webrtc')).token == 'ek_1_cedar'


async def test_changing_settings_does_not_affect_a_pending_take(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await prepared(desk, CEDAR)
    desk.close()
    await mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'


@pytest.mark.parametrize(('left', 'token'), [(20.0, 'ek_0_marin'), (19.9, 'ek_1_marin')])
async def test_a_ticket_needs_twenty_seconds_to_be_useful(desk: HostDesk, mint: Mint, left: float, token: str) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0, lifetime=120)
    mint.time += 120 - left
    taking = await _started(desk.take(MARIN, 'webrtc'))
    if len(mint.fetches) > 1:
        await mint.deliver(1)
    assert (await taking).token == token


async def test_a_ticket_about_to_expire_is_replaced_when_preparing(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0, lifetime=120)
    mint.time += 110
    await prepared(desk, MARIN)
    await mint.deliver(1)
    assert (await desk.take(MARIN, 'webrtc')).token == 'ek_1_marin'


async def test_a_forgotten_call_that_the_browser_placed_is_hung_up_by_its_id(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.deliver(0)
    await desk.take(MARIN, 'webrtc')
    await desk.hang_up('rtc_1')
    await desk.hang_up('rtc_over')  # no error, and no line in the log
    assert mint.hung_up == [('openai', 'rtc_1'), ('openai', 'rtc_over')]


async def test_a_forgotten_call_that_python_placed_is_hung_up_without_an_id(mint: Mint) -> None:
    relay = Source('/relay')
    desk = HostDesk('browser-1', mint, Source('/calls'), relay, mint.now)
    hung_up = asyncio.Event()

    async def hang_up() -> None:
        hung_up.set()

    await desk.hang_up('')  # there is none
    await desk.take(MARIN, 'relay')
    relay.orders[0].on_begun(hang_up)
    await desk.hang_up('')
    assert hung_up.is_set()


async def test_python_knows_when_somebody_last_spoke_by_the_relay_or_to_the_engine(mint: Mint) -> None:
    relay = Source('/relay')
    desk = HostDesk('browser-1', mint, Source('/calls'), relay, mint.now)
    mint.placed_by = 'unified'
    await desk.take(MARIN, 'webrtc')
    assert desk.life_at('rtc_1') == -math.inf, 'the service is elsewhere'
    await desk.take(replace(MARIN, provider='engine'), 'webrtc')
    assert desk.life_at('rtc_1') == 900.0
    await desk.take(MARIN, 'relay')
    relay.orders[0].last_sign.note()
    assert desk.life_at('') == 1000.0


async def test_a_failed_preparation_is_forgotten(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.refuse(0)
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await mint.deliver(1)
    assert (await taking).token == 'ek_1_marin'


async def test_an_awaited_failure_is_reported_at_once(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await mint.refuse(0)
    with pytest.raises(ProviderError, match='http_5xx'):
        await taking
    assert len(mint.fetches) == 1


async def test_a_failure_that_is_not_awaited_is_silent(mint: Mint, caplog: pytest.LogCaptureFixture) -> None:
    desk = HostDesk('browser-1', mint, Source('/calls'), Source('/relay'), mint.now)
    await prepared(desk, MARIN)
    await mint.refuse(0)
    await _turn()
    mint.fetches.clear()
    del desk
    gc.collect()  # asyncio complains of an exception nobody looked at when it is collected
    assert not caplog.records


async def test_preparing_again_after_a_failure_tries_again(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    await mint.refuse(0)
    await prepared(desk, MARIN)
    await mint.deliver(1)
    assert (await desk.take(MARIN, 'webrtc')).token == 'ek_1_marin'


async def test_take_raises_its_own_failure(desk: HostDesk, mint: Mint) -> None:
    taking = await _started(desk.take(MARIN, 'webrtc'))
    await mint.refuse(0)
    with pytest.raises(ProviderError, match='http_5xx'):
        await taking


async def test_closing_stops_the_fetch(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    desk.close()
    desk.close()
    await _turn()
    assert mint.fetches[0][1].cancelled()


async def test_giving_up_stops_the_fetch_that_was_waited_for(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    taking = await _started(desk.take(MARIN, 'webrtc'))
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    await _turn()
    assert mint.fetches[0][1].cancelled()


async def test_a_call_over_the_relay_takes_a_ticket_of_the_relay(desk: HostDesk, mint: Mint) -> None:
    await prepared(desk, MARIN)
    assert (await desk.take(CEDAR, 'relay')).url == '/relay'
    await mint.deliver(0)
    assert (await desk.take(MARIN, 'webrtc')).token == 'ek_0_marin'  # the prepared one is still there


async def test_a_call_that_python_places_takes_a_ticket_of_the_exchange(mint: Mint) -> None:
    mint.placed_by = 'unified'
    exchange = Source('/calls')
    desk = HostDesk('browser-1', mint, exchange, Source('/relay'), mint.now)
    await prepared(desk, MARIN)
    assert [(await desk.take(MARIN, 'webrtc')).token for _ in range(2)] == ['parley_1', 'parley_2']
    order = exchange.orders[0]
    assert order == Order(MARIN, 'browser-1', order.on_begun, order.last_sign)
    assert mint.fetches == []


async def prepared(desk: HostDesk, settings: Settings) -> None:
    """Prepare, and let the fetch begin."""
    desk.prepare(settings)
    await _turn()


async def _started(taking: object) -> asyncio.Task[Ticket]:
    assert asyncio.iscoroutine(taking)
    task = asyncio.create_task(taking)
    await _turn()
    return task


async def _turn() -> None:
    """Let every task run until it waits."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_tickets_lead_below_the_path_at_which_a_proxy_serves_the_page(mint: Mint) -> None:
    desk = HostDesk('browser-1', mint, Source('/calls'), Source('/relay'), mint.now, prefix='/voice')
    assert (await desk.take(MARIN, 'relay')).url == '/voice/relay'
    mint.placed_by = 'unified'
    assert (await desk.take(MARIN, 'webrtc')).url == '/voice/calls'
    assert Ticket('https://api.openai.com/v1/realtime/calls', 'ek', 1.0).below('/voice').url.startswith('https://api.')
