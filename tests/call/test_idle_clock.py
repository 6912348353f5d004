"""Python hangs up forgotten calls by its own clock, also those of pages that sleep or are gone."""

import asyncio
import math
from collections.abc import Callable

import pytest
from nicegui import ui
from nicegui.testing import User

from components.call import call as voice_call
from components.call import idle_clock
from components.call.call import VoiceCall
from components.call.idle_clock import IdleClock

MINUTES = 60.0


class Day:
    """A clock that goes on as the test says, and a watched call. While the computer sleeps, nothing looks at it."""

    def __init__(self, limit: float) -> None:
        self.time = 1_000_000.0
        self.hung_up = 0
        self.heard_at = -math.inf
        self.clock = IdleClock(self._hang_up, lambda: self.heard_at, lambda: self.time, self._sleep)
        self.clock.limit = limit

    async def begin(self) -> None:
        self.task = asyncio.create_task(self.clock.run())
        await asyncio.sleep(0)

    async def pass_(self, seconds: float) -> None:
        end = self.time + seconds
        while self.time < end:
            self.time += min(10.0, end - self.time)
            await asyncio.sleep(0)

    async def sleep_computer(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)

    async def _hang_up(self) -> None:
        self.hung_up += 1

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


async def test_a_call_of_which_nothing_is_heard_is_hung_up_after_its_limit() -> None:
    day = Day(limit=5 * MINUTES)
    await day.begin()
    await day.pass_(5 * MINUTES + 30)
    assert day.hung_up == 0  # the browser comes first
    await day.pass_(20)
    assert day.hung_up == 1
    await day.pass_(60 * MINUTES)
    assert day.hung_up == 1
    assert day.task.done()


async def test_a_call_in_which_somebody_is_there_goes_on() -> None:
    day = Day(limit=5 * MINUTES)
    await day.begin()
    for _ in range(20):
        await day.pass_(4 * MINUTES)
        day.clock.note_life()
    assert day.hung_up == 0
    day.clock.stop()
    await day.pass_(60 * MINUTES)
    assert day.hung_up == 0


async def test_a_call_in_which_python_itself_hears_somebody_goes_on_without_its_page() -> None:
    day = Day(limit=5 * MINUTES)
    await day.begin()
    for _ in range(20):
        await day.pass_(4 * MINUTES)
        day.heard_at = day.time
    assert day.hung_up == 0
    await day.pass_(6 * MINUTES)
    assert day.hung_up == 1


async def test_a_computer_that_slept_looks_at_the_clock_when_it_wakes() -> None:
    day = Day(limit=5 * MINUTES)
    await day.begin()
    await day.sleep_computer(60 * MINUTES)
    await day.pass_(1)
    assert day.hung_up == 1


@pytest.mark.parametrize('change', [lambda day: setattr(day.clock, 'limit', 0.0), lambda day: day.clock.stop()])
async def test_nothing_is_hung_up_without_a_limit_or_a_call(change: Callable[[Day], None]) -> None:
    day = Day(limit=5 * MINUTES)
    await day.begin()
    change(day)
    await day.pass_(60 * MINUTES)
    assert day.hung_up == 0
    day.clock.stop()


async def test_a_limit_that_is_set_in_the_call_holds_for_it() -> None:
    day = Day(limit=0)
    await day.begin()
    await day.pass_(3 * MINUTES)
    day.clock.limit = 1 * MINUTES
    await day.pass_(1)
    assert day.hung_up == 1


async def test_the_page_is_told_and_the_call_hung_up_by_the_id_that_the_browser_reported(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_clock, 'BROWSERS_OWN', 0.0)
    monkeypatch.setattr(voice_call, 'GRACE_SECONDS', 0.0)
    over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    told: list[str] = []

    async def hang_up(call_id: str) -> None:
        over.set_result(call_id)

    @ui.page('/call')
    def page() -> None:
        call = VoiceCall(ticket=None, hang_up_after=0.05, on_forgotten=hang_up)  # type: ignore[arg-type]
        monkeypatch.setattr(call, 'fail', told.append)

    await user.open('/call')
    live = {'kind': 'state', 'state': 'live', 'call': 'rtc_1'}
    user.find(VoiceCall).trigger('reports', {'first': 0, 'reports': [live, {'kind': 'life'}]})
    async with asyncio.timeout(5):
        assert await over == 'rtc_1'
    assert told == ['forgotten']
