"""The modules of turns by hand, whose time stands still: what is said to the service, and what a press means."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.parley import Parley

from .witness import WitnessedPage

CLEAR, COMMIT = 'input_audio_buffer.clear', 'input_audio_buffer.commit'


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def page(silent_browser: Browser, parley: Parley) -> AsyncIterator[Page]:
    async with await silent_browser.new_context() as context:
        page = await context.new_page()
        await WitnessedPage(page, parley.url).open()
        await page.evaluate("""async () => {
            Object.assign(window, await import("turns"), await import("talk"));
        }""")
        await page.clock.install()
        await page.clock.pause_at(await page.evaluate('Date.now()') + 1000)
        yield page


class TurnsInPage:
    """Turns of their own in the page, with a record of what they said and did."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def create(self) -> 'TurnsInPage':
        """Make them as before a call: nobody listens yet."""
        await self.page.evaluate("""() => {
            window.told = [];
            window.turns = new Turns({
                send: ({ type }) => told.push(type),
                responses: { interrupt: () => told.push("interrupt"), ask: () => told.push("ask") },
                onOpen: (open) => told.push(open ? "open" : "shut"),
            });
        }""")
        return self

    async def call(self, *calls: str) -> list[str]:
        """Call these methods, and tell what came of it."""
        return list(
            await self.page.evaluate(f'(told.length = 0, {", ".join(f"turns.{call}" for call in calls)}, told)')
        )

    async def after(self, ms: int) -> list[str]:
        """Let so many milliseconds pass, and tell what came of it."""
        await self.page.evaluate('told.length = 0')
        await self.page.clock.run_for(ms)
        return list(await self.page.evaluate('told'))


@pytest_asyncio.fixture(loop_scope='session')
async def early(page: Page) -> TurnsInPage:
    """Turns to which nobody listens yet."""
    return await TurnsInPage(page).create()


@pytest_asyncio.fixture(loop_scope='session')
async def turns(early: TurnsInPage) -> TurnsInPage:
    assert await early.call('listen()', 'catchUp(false)') == []
    return early


async def test_a_turn_interrupts_begins_with_an_empty_buffer_and_ends_with_an_answer(turns: TurnsInPage) -> None:
    assert await turns.call('begin()') == ['interrupt', CLEAR, 'open']
    assert await turns.call('end()') == []
    assert await turns.after(199) == []  # the last sound is still on its way
    assert await turns.after(1) == ['shut', COMMIT, 'ask']
    assert await turns.call('end()') == []


async def test_a_turn_taken_up_again_at_once_is_the_same_turn(turns: TurnsInPage) -> None:
    await turns.call('begin()', 'end()')
    await turns.after(100)
    assert await turns.call('begin()') == []
    assert await turns.after(1000) == []
    await turns.call('end()')
    assert await turns.after(200) == ['shut', COMMIT, 'ask']


async def test_a_dropped_turn_is_never_said(turns: TurnsInPage) -> None:
    await turns.call('begin()', 'end()')
    assert await turns.call('drop()') == ['shut']
    assert await turns.after(1000) == []


async def test_a_turn_that_nobody_hears_yet_says_nothing_until_somebody_listens(early: TurnsInPage) -> None:
    assert await early.call('begin()') == ['open']
    assert await early.call('listen()', 'catchUp(true)') == [CLEAR]
    await early.call('end()')
    assert await early.after(200) == ['shut', COMMIT, 'ask']


async def test_the_end_of_a_turn_waits_until_its_sound_was_given(early: TurnsInPage) -> None:
    await early.call('begin()', 'end()')
    assert await early.after(1000) == ['shut']
    assert await early.call('listen()') == [CLEAR]
    assert await early.after(1000) == []
    assert await early.call('catchUp(true)') == []
    assert await early.after(199) == []  # the last sound is still on its way
    assert await early.after(1) == [COMMIT, 'ask']


async def test_a_turn_taken_up_again_while_its_sound_is_given_is_the_same_turn(early: TurnsInPage) -> None:
    await early.call('begin()', 'end()')
    await early.after(1000)
    await early.call('listen()')
    assert await early.call('begin()') == ['open']
    await early.call('end()')
    assert await early.after(1000) == ['shut']
    await early.call('catchUp(true)')
    assert await early.call('begin()') == ['open']
    await early.call('end()')
    assert await early.after(1000) == ['shut', COMMIT, 'ask']


@pytest.mark.parametrize(
    'then', [['listen()', 'catchUp(false)'], ['catchUp(false)', 'listen()'], ['drop()', 'listen()', 'catchUp(true)']]
)
async def test_a_turn_of_which_nothing_was_kept_is_never_said(early: TurnsInPage, then: list[str]) -> None:
    await early.call('begin()', 'end()')
    await early.after(1000)
    await early.call(*then)
    assert await early.after(1000) == []
    assert await early.call('begin()') == ['interrupt', CLEAR, 'open']


@pytest.mark.parametrize(
    ('script', 'talks'),
    [
        (['press(0)', 'release(300)'], ['held', 'off']),
        (['press(0)', 'release(299)'], ['held', 'kept']),
        (['press(0)', 'release(100)', 'press(2000)', 'release(2100)'], ['held', 'kept', 'off']),
        (['release(0)'], []),
        (['press(0)', 'reset()', 'release(900)'], ['held', 'off']),
    ],
    ids=['held', 'tapped', 'tapped twice', 'let go of nothing', 'call ended'],
)
async def test_a_press_is_a_hold_or_a_tap(page: Page, script: list[str], talks: list[str]) -> None:
    calls = ', '.join(f'button.{step}' for step in script)
    told = await page.evaluate(
        f'() => {{ const told = [], button = new TalkButton((talk) => told.push(talk)); {calls}; return told; }}'
    )
    assert told == talks
