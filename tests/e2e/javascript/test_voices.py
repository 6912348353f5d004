"""The picture of the two voices: it moves while somebody speaks, and rests otherwise."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.chromium import Chromium
from tests.conftest import OpenParley
from tests.e2e.modules import page_with_modules
from tests.parley import Parley

# A picture of 600 x 400 pixels, whose voices are as loud as `speak` says, and which notes the milliseconds of its
# drawing.
SETUP = """
    ({ calm }) => {
        window.matchMedia = (query) => Object.assign(new EventTarget(), { matches: calm && query.includes("motion") });
        const canvas = document.createElement("canvas");
        canvas.style.cssText = "position: fixed; inset: 0; width: 600px; height: 400px; z-index: 9999";
        document.body.append(canvas);
        window.picture = new VoicesPicture(canvas);
        window.costs = [];
        const draw = picture.draw.bind(picture);
        picture.draw = () => { const begin = performance.now(); draw(); costs.push(performance.now() - begin); };
        window.moves = 0;
        const move = picture.move.bind(picture);
        picture.move = (now) => { moves++; move(now); };
        window.looks = 0; // at the levels
        window.speak = (user, assistant) => {
            picture.voices.user.meter = { decibels: () => (looks++, user), close() {} };
            picture.voices.assistant.meter = { decibels: () => assistant, close() {} };
        };
        window.sum = () => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .reduce((sum, part) => (sum * 31 + part) % 1000003, 7);
        speak(-120, -120);
        picture.show(true, { user: "open", assistant: "open" });
        picture.listen();
    }
"""
REST = '() => !picture.frame && picture.voices.user.level === 0 && picture.voices.assistant.level === 0'


@pytest_asyncio.fixture(loop_scope='session')
async def page(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'voices_picture') as page:
        yield page


async def test_the_picture_moves_while_a_voice_sounds_and_then_rests(page: Page) -> None:
    await page.evaluate(SETUP, {'calm': False})
    still = await page.evaluate('sum()')
    await page.wait_for_function('looks > 10')
    assert await page.evaluate('moves') == 0, 'drawn and fitted to the page while that loads, and not moved by itself'
    await page.evaluate('() => { costs.length = 0; }')
    await page.evaluate('speak(-20, -120)')
    await page.wait_for_function('costs.length > 60')
    assert await page.evaluate('sum()') != still
    assert await page.evaluate('picture.voices.user.level > 0.5 && picture.voices.assistant.level === 0')
    await page.evaluate('speak(-120, -120)')
    await page.wait_for_function(REST)
    await page.evaluate('() => { moves = looks = 0; }')
    await page.wait_for_function('looks > 6')
    assert await page.evaluate('moves') == 0


async def test_without_motion_the_picture_only_grows(page: Page) -> None:
    await page.evaluate(SETUP, {'calm': True})
    await page.evaluate('speak(-20, -20)')
    await page.wait_for_function('picture.voices.user.level > 0.5')
    assert await page.evaluate('[picture.voices.user.phase, picture.frame]') == [0, 0], 'no ripples, and no next frame'


async def test_a_muted_voice_is_not_drawn_as_heard(page: Page) -> None:
    await page.evaluate(SETUP, {'calm': False})
    await page.evaluate('picture.show(true, { user: "muted", assistant: "open" })')
    await page.evaluate('speak(-10, -20)')
    await page.wait_for_function('picture.voices.assistant.level > 0.3')
    assert await page.evaluate('picture.voices.user.level') == 0


async def test_the_picture_is_large_where_nothing_is_to_be_read(parley: Parley, open_parley: OpenParley) -> None:
    visit = await open_parley(parley)
    page, picture = visit.page, visit.page.get_by_test_id('voices')
    await expect(picture).to_have_attribute('aria-label', "The two voices: yours and the AI's")
    await page.set_viewport_size({'width': 1280, 'height': 900})

    async def is_wide(wide: bool) -> None:
        await page.wait_for_function(
            f'document.querySelector("[data-testid=voices]").clientWidth {"> 900" if wide else "< 300"}'
        )

    await is_wide(True)
    await page.get_by_test_id('message-box').fill('What is 2 + 3?')
    await page.get_by_test_id('message-box').press('Enter')
    await visit.wait_turn('assistant')
    await is_wide(False)  # it is around the button, beside the conversation
    await page.get_by_test_id('voice-only').click()
    await is_wide(True)
    await expect(page.get_by_test_id('turn').first).to_be_hidden()
    await page.get_by_test_id('voice-only').click()
    await expect(page.get_by_test_id('turn').first).to_be_visible()
