"""Turns taken by hand, with a stopped clock: what is sent to the service, and what a press means."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley

CLEAR, COMMIT = 'input_audio_buffer.clear', 'input_audio_buffer.commit'


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def page(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'turns', 'talk', stops_clock=True) as page:
        yield page


class TurnsInPage:
    """A `Turns` of its own in the page, with a record of what it called."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def create(self) -> 'TurnsInPage':
        """Make it as before a call: the service does not listen yet."""
        await self.page.evaluate("""() => {
            window.calls = [];
            window.turns = new Turns({
                send: ({ type }) => calls.push(type),
                responses: Object.fromEntries(
                    ["interrupt", "create", "createIfWords"].map((name) => [name, () => calls.push(name)])),
                awaitsWords: () => window.awaitsWords ?? false,
                onOpen: (open) => calls.push(open ? "open" : "shut"),
            });
        }""")
        return self

    async def call(self, *calls: str) -> list[str]:
        """Call these methods, and return what was called in turn."""
        return list(
            await self.page.evaluate(f'(calls.length = 0, {", ".join(f"turns.{call}" for call in calls)}, calls)')
        )

    async def after(self, ms: int) -> list[str]:
        """Let so many milliseconds pass, and return what was called."""
        await self.page.evaluate('calls.length = 0')
        await self.page.clock.run_for(ms)
        return list(await self.page.evaluate('calls'))


@pytest_asyncio.fixture(loop_scope='session')
async def early(page: Page) -> TurnsInPage:
    """Turns before the call is live."""
    return await TurnsInPage(page).create()


@pytest_asyncio.fixture(loop_scope='session')
async def turns(early: TurnsInPage) -> TurnsInPage:
    assert await early.call('goLive()', 'catchUp(false)') == []
    return early


async def test_a_turn_interrupts_and_clears_the_buffer_then_commits_and_requests_an_answer(turns: TurnsInPage) -> None:
    assert await turns.call('begin()') == ['interrupt', CLEAR, 'open']
    assert await turns.call('end()') == []
    assert await turns.after(199) == []  # the last sound is still on its way
    assert await turns.after(1) == ['shut', COMMIT, 'create']
    assert await turns.call('end()') == []


async def test_an_answer_waits_for_words_where_it_would_anyway(turns: TurnsInPage) -> None:
    await turns.page.evaluate('window.awaitsWords = true')
    await turns.call('begin()', 'end()')
    assert await turns.after(200) == ['shut', COMMIT, 'createIfWords']
    await turns.page.evaluate('window.awaitsWords = false')


async def test_a_turn_resumed_at_once_is_the_same_turn(turns: TurnsInPage) -> None:
    await turns.call('begin()', 'end()')
    await turns.after(100)
    assert await turns.call('begin()') == []
    assert await turns.after(1000) == []
    await turns.call('end()')
    assert await turns.after(200) == ['shut', COMMIT, 'create']


async def test_a_dropped_turn_is_never_sent(turns: TurnsInPage) -> None:
    await turns.call('begin()', 'end()')
    assert await turns.call('drop()') == ['shut']
    assert await turns.after(1000) == []


async def test_an_early_turn_sends_nothing_before_the_call_is_live(early: TurnsInPage) -> None:
    assert await early.call('begin()') == ['open']
    assert await early.call('goLive()', 'catchUp(true)') == [CLEAR]
    await early.call('end()')
    assert await early.after(200) == ['shut', COMMIT, 'create']


async def test_the_end_of_a_turn_waits_until_its_sound_was_sent(early: TurnsInPage) -> None:
    await early.call('begin()', 'end()')
    assert await early.after(1000) == ['shut']
    assert await early.call('goLive()') == [CLEAR]
    assert await early.after(1000) == []
    assert await early.call('catchUp(true)') == []
    assert await early.after(199) == []  # the last sound is still on its way
    assert await early.after(1) == [COMMIT, 'create']


async def test_a_turn_resumed_while_its_sound_is_being_sent_is_the_same_turn(early: TurnsInPage) -> None:
    await early.call('begin()', 'end()')
    await early.after(1000)
    await early.call('goLive()')
    assert await early.call('begin()') == ['open']
    await early.call('end()')
    assert await early.after(1000) == ['shut']
    await early.call('catchUp(true)')
    assert await early.call('begin()') == ['open']
    await early.call('end()')
    assert await early.after(1000) == ['shut', COMMIT, 'create']


@pytest.mark.parametrize(
    'then', [['goLive()', 'catchUp(false)'], ['catchUp(false)', 'goLive()'], ['drop()', 'goLive()', 'catchUp(true)']]
)
async def test_a_turn_without_kept_sound_is_never_sent(early: TurnsInPage, then: list[str]) -> None:
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
    result = await page.evaluate(
        f'() => {{ const talks = [], button = new TalkButton((talk) => talks.push(talk)); {calls}; return talks; }}'
    )
    assert result == talks
