"""The desk: tickets fetched ahead, never used twice, never stale."""

import asyncio
import gc
from dataclasses import dataclass, field

import pytest

from components.desk.prepared_tickets import TicketDesk
from components.providers.ticket import ProviderError, Ticket
from components.settings.settings import Settings

MARIN, CEDAR = Settings(voice='marin'), Settings(voice='cedar')


@dataclass
class Mint:
    """A mint whose every fetch ends when, and as, the test says; and the clock beside it."""

    time: float = 1000.0
    fetches: list[tuple[Settings, asyncio.Future[Ticket]]] = field(default_factory=list)

    def __call__(self, settings: Settings) -> asyncio.Future[Ticket]:
        fetch = asyncio.get_running_loop().create_future()
        self.fetches.append((settings, fetch))
        return fetch

    def now(self) -> float:
        return self.time

    def deliver(self, number: int, *, lifetime: float = 120.0) -> None:
        settings, fetch = self.fetches[number]
        fetch.set_result(Ticket('/calls', f'ek_{number}_{settings.voice}', self.time + lifetime, 'openai'))

    def refuse(self, number: int) -> None:
        self.fetches[number][1].set_exception(ProviderError('http_5xx'))


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def desk(mint: Mint) -> TicketDesk:
    return TicketDesk(mint, mint.now)


async def test_without_preparation_a_ticket_is_fetched_when_asked_for(desk: TicketDesk, mint: Mint) -> None:
    taking = await _started(desk.take(MARIN))
    mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'


async def test_a_prepared_ticket_is_there_at_once(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.deliver(0)
    assert (await desk.take(MARIN)).token == 'ek_0_marin'
    assert len(mint.fetches) == 1


async def test_a_ticket_still_on_its_way_is_waited_for(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    taking = await _started(desk.take(MARIN))
    mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'
    assert len(mint.fetches) == 1


async def test_two_takers_at_once_get_two_tickets(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    first, second = await _started(desk.take(MARIN)), await _started(desk.take(MARIN))
    mint.deliver(0)
    mint.deliver(1)
    assert {(await first).token, (await second).token} == {'ek_0_marin', 'ek_1_marin'}


async def test_a_ticket_is_never_handed_out_twice(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.deliver(0)
    await desk.take(MARIN)
    again = await _started(desk.take(MARIN))
    mint.deliver(1)
    assert (await again).token == 'ek_1_marin'


async def test_preparing_again_changes_nothing_while_the_ticket_is_good(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    desk.prepare(MARIN)
    mint.deliver(0)
    desk.prepare(MARIN)
    assert len(mint.fetches) == 1


async def test_a_ticket_for_other_settings_is_thrown_away(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.deliver(0)
    taking = await _started(desk.take(CEDAR))
    mint.deliver(1)
    assert (await taking).token == 'ek_1_cedar'


async def test_a_change_of_settings_stops_the_fetch(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    desk.prepare(CEDAR)
    assert mint.fetches[0][1].cancelled()
    mint.deliver(1)
    assert (await desk.take(CEDAR)).token == 'ek_1_cedar'


async def test_a_change_of_settings_does_not_disturb_who_already_waits(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    taking = await _started(desk.take(MARIN))
    desk.prepare(CEDAR)
    desk.close()
    mint.deliver(0)
    assert (await taking).token == 'ek_0_marin'


@pytest.mark.parametrize(('left', 'token'), [(20.0, 'ek_0_marin'), (19.9, 'ek_1_marin')])
async def test_a_ticket_needs_twenty_seconds_to_be_useful(
    desk: TicketDesk, mint: Mint, left: float, token: str
) -> None:
    desk.prepare(MARIN)
    mint.deliver(0, lifetime=120)
    mint.time += 120 - left
    taking = await _started(desk.take(MARIN))
    if len(mint.fetches) > 1:
        mint.deliver(1)
    assert (await taking).token == token


async def test_a_ticket_about_to_expire_is_replaced_when_preparing(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.deliver(0, lifetime=120)
    mint.time += 110
    desk.prepare(MARIN)
    mint.deliver(1)
    assert (await desk.take(MARIN)).token == 'ek_1_marin'


async def test_a_failed_preparation_is_forgotten(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.refuse(0)
    taking = await _started(desk.take(MARIN))
    mint.deliver(1)
    assert (await taking).token == 'ek_1_marin'


async def test_a_failure_that_was_waited_for_is_told_at_once(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    taking = await _started(desk.take(MARIN))
    mint.refuse(0)
    with pytest.raises(ProviderError, match='http_5xx'):
        await taking
    assert len(mint.fetches) == 1


async def test_a_failure_of_which_nobody_asks_is_silent(mint: Mint, caplog: pytest.LogCaptureFixture) -> None:
    desk = TicketDesk(mint, mint.now)
    desk.prepare(MARIN)
    mint.refuse(0)
    await _turn()
    mint.fetches.clear()
    del desk
    gc.collect()  # asyncio complains of an exception nobody looked at when it is collected
    assert not caplog.records


async def test_preparing_again_after_a_failure_tries_again(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    mint.refuse(0)
    desk.prepare(MARIN)
    mint.deliver(1)
    assert (await desk.take(MARIN)).token == 'ek_1_marin'


async def test_the_takers_own_failure_is_told(desk: TicketDesk, mint: Mint) -> None:
    taking = await _started(desk.take(MARIN))
    mint.refuse(0)
    with pytest.raises(ProviderError, match='http_5xx'):
        await taking


async def test_closing_stops_the_fetch(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    desk.close()
    desk.close()
    assert mint.fetches[0][1].cancelled()


async def test_giving_up_stops_the_fetch_that_was_waited_for(desk: TicketDesk, mint: Mint) -> None:
    desk.prepare(MARIN)
    taking = await _started(desk.take(MARIN))
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert mint.fetches[0][1].cancelled()


async def _started(taking: object) -> asyncio.Task[Ticket]:
    assert asyncio.iscoroutine(taking)
    task = asyncio.create_task(taking)
    await _turn()
    return task


async def _turn() -> None:
    """Let every task run until it waits."""
    for _ in range(3):
        await asyncio.sleep(0)
