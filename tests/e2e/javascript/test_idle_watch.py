"""The watch of a call that may be forgotten, with the page's clock in the hands of the test."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import COMMITTED, CREATED, SPEECH, STARTED, page_with_modules
from tests.parley import Parley


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'idle_watch', stops_clock=True) as page:
        yield page


class Watch:
    """A watched call in the page, with a limit of five minutes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def start(self) -> 'Watch':
        await self.page.evaluate("""() => {
            window.call = { talking: false, heard: false, said: [] };
            window.watched?.stop();
            window.watched = new IdleWatch({
                isUserTalking: () => call.talking,
                isAnswerHeard: () => call.heard,
                onLife: () => call.said.push("life"),
                onWarning: (seconds) => call.said.push(seconds),
                onForgotten: () => (call.said.push("forgotten"), watched.stop()),
            });
            watched.setLimit(300);
            watched.start();
        }""")
        return self

    async def pass_(self, seconds: float) -> None:
        await self.page.clock.run_for(round(seconds * 1000))

    async def run(self, script: str) -> None:
        await self.page.evaluate(f'() => {{ {script} }}')

    async def receive(self, *events: dict[str, Any]) -> None:
        await self.page.evaluate('(events) => events.forEach((event) => watched.receive(event))', list(events))

    async def told(self) -> list[Any]:
        """Return what the watch has told since the last look, but for life."""
        told = await self.page.evaluate('call.said.splice(0)')
        return [each for each in told if each != 'life']

    async def said(self) -> list[Any]:
        """Return the same, without the steps of a countdown that follow its first."""
        told = await self.told()
        steps = {
            place for place, (a, b) in enumerate(pairwise(told), 1) if b and isinstance(a, int) and isinstance(b, int)
        }
        return [each for place, each in enumerate(told) if place not in steps]


@pytest_asyncio.fixture(loop_scope='session')
async def watch(modules: Page) -> Watch:
    return await Watch(modules).start()


async def test_a_forgotten_call_warns_a_minute_before_it_hangs_up(watch: Watch) -> None:
    await watch.pass_(239)
    assert await watch.said() == []
    await watch.pass_(60)
    assert await watch.told() == [60, 50, 40, 30, 20, 10, 5, 4, 3, 2, 1]
    await watch.pass_(2)
    assert await watch.said() == ['forgotten', 0]
    await watch.pass_(1000)
    assert await watch.said() == []


@pytest.mark.parametrize('sign', ['keydown', 'pointerdown'])
async def test_a_key_or_a_touch_takes_the_warning_back(watch: Watch, sign: str) -> None:
    await watch.pass_(250)
    await watch.run(f'document.body.dispatchEvent(new Event("{sign}", {{ bubbles: true }}))')
    assert await watch.said() == [60, 0]
    await watch.pass_(239)
    assert await watch.said() == []


@pytest.mark.parametrize('events', [[SPEECH], [COMMITTED, CREATED], [STARTED]], ids=['word', 'answer', 'sound'])
async def test_a_word_or_an_answer_takes_the_warning_back(watch: Watch, events: list[dict[str, Any]]) -> None:
    await watch.pass_(250)
    await watch.receive(*events)
    assert await watch.said() == [60, 0]


@pytest.mark.parametrize('who', ['talking', 'heard'])
async def test_a_long_turn_is_not_idle(watch: Watch, who: str) -> None:
    await watch.run(f'call.{who} = true')
    await watch.pass_(900)
    await watch.run(f'call.{who} = false')
    await watch.pass_(239)
    assert await watch.said() == []  # counted from its end
    await watch.pass_(62)
    assert await watch.said() == [60, 'forgotten', 0]


async def test_an_ai_that_asks_into_the_silence_keeps_no_call_alive(watch: Watch) -> None:
    nudge: list[dict[str, Any]] = [
        {'type': 'input_audio_buffer.timeout_triggered', 'item_id': 'item_1'},
        COMMITTED,
        CREATED,
        STARTED,
    ]
    for _ in range(14):
        await watch.pass_(20)
        await watch.receive(*nudge)
    await watch.run('call.heard = true')
    await watch.pass_(30)
    assert await watch.said() == [60]  # not in the middle of its question
    await watch.run('call.heard = false')
    await watch.pass_(1)
    assert await watch.said() == ['forgotten', 0]


async def test_a_computer_that_slept_hangs_up_when_it_wakes(watch: Watch) -> None:
    await watch.run('call.heard = true')  # the lid was closed in the middle of an answer
    await watch.pass_(10)
    await watch.page.clock.set_system_time(await watch.page.evaluate('Date.now() + 3_600_000'))
    assert await watch.page.evaluate('watched.isForgotten')  # so that a loss is not recovered
    await watch.run('dispatchEvent(new Event("keydown"))')  # that wakes the computer
    assert await watch.said() == ['forgotten']


async def test_the_limit_may_change_in_the_call(watch: Watch) -> None:
    await watch.pass_(100)
    await watch.run('watched.setLimit(0)')
    await watch.pass_(1000)
    assert await watch.said() == []
    await watch.run('watched.setLimit(60)')
    await watch.pass_(46)
    assert await watch.said() == [15]


async def test_python_hears_of_life_a_few_times_per_limit(watch: Watch) -> None:
    await watch.run('call.talking = true')
    await watch.pass_(299)
    life = await watch.page.evaluate('call.said.length')
    assert 8 <= life <= 11
