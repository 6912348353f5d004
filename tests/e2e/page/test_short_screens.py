"""Phones in landscape, split screens, large zoom: the conversation keeps half of the screen, and nothing is covered."""

from playwright.async_api import Page, expect

from tests.conftest import OpenParley
from tests.parley import Parley

SCREENS = [(740, 360), (640, 400), (390, 400), (320, 256)]  # the last is 1280 x 1024 at 400 % zoom, see WCAG 1.4.10

# Which of these test ids a press in the middle would not reach.
COVERED = """
    (ids) => ids.filter((id) => {
        const control = document.querySelector(`[data-testid="${id}"]`);
        const { left, top, width, height } = control.getBoundingClientRect();
        return !control.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    })
"""


async def test_the_conversation_keeps_half_of_a_short_screen(parley: Parley, open_parley: OpenParley) -> None:
    visit = await open_parley(parley)
    page = visit.page
    for width, height in SCREENS:
        await page.set_viewport_size({'width': width, 'height': height})
        await assert_fits(page, 'call-button', 'mute', 'push-to-talk', 'message-box')
    await page.get_by_test_id('push-to-talk').click()
    await visit.call()
    for width, height in SCREENS:
        await page.set_viewport_size({'width': width, 'height': height})
        await assert_fits(page, 'call-button', 'talk', 'hands-free', 'message-box')
        await assert_talking_moves_nothing(page)
    await page.get_by_test_id('message-box').focus()
    await assert_fits(page, 'call-button', 'talk', 'hands-free', 'message-box', 'add-picture', 'send-message')


async def assert_fits(page: Page, *controls: str) -> None:
    height = await page.evaluate('innerHeight')
    for control in controls:
        await expect(page.get_by_test_id(control)).to_be_in_viewport(ratio=1)
    await page.wait_for_function(f'(ids) => !({COVERED})(ids).length', arg=controls)  # the drawer closes by itself
    chat, bar = [await page.get_by_test_id(id).bounding_box() for id in ('chat', 'call-bar')]
    assert chat
    assert bar
    assert chat['height'] >= height / 2
    assert bar['height'] <= 110
    assert await page.evaluate('document.documentElement.scrollWidth <= innerWidth')


async def assert_talking_moves_nothing(page: Page) -> None:
    talk, box = page.get_by_test_id('talk'), page.get_by_test_id('message-box')
    before = await box.bounding_box()
    await talk.click()
    await expect(talk).to_have_attribute('aria-pressed', 'true')
    assert await box.bounding_box() == before
    await talk.click()
    await expect(talk).to_have_attribute('aria-pressed', 'false')
