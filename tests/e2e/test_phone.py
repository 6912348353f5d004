"""What is done on a desktop is done with one thumb, too; see also the phones in the tests of writing and of sound."""

from playwright.async_api import expect

from components.settings.personas import BUILT_IN
from tests.e2e.conftest import Visit
from tests.e2e.test_hearing import MUTED
from tests.e2e.test_writing import MOON, PHONE, write


async def test_a_thumb_mutes_and_stops_an_answer(visit: Visit) -> None:
    page = await visit(**PHONE)
    await page.call_button.tap()
    await page.wait_state('live')
    await page.page.get_by_test_id('mute').tap()
    await expect(page.status_line).to_have_text(MUTED)

    await write(page, MOON)
    await page.wait_voice()
    await page.page.get_by_test_id('stop-answer').tap()
    await page.wait_turn('assistant', status='interrupted')
    await expect(page.page.get_by_role('note', name='Not heard')).to_be_attached()
    await expect(page.status_line).to_have_text(MUTED)

    await page.call_button.tap()
    await page.wait_state('ended')


async def test_the_settings_slide_over_a_call_and_away_again(visit: Visit) -> None:
    page = await visit(**PHONE)
    await page.call_button.tap()
    await page.wait_state('live')
    settings = page.page.get_by_role('region', name='Settings')
    await expect(settings).not_to_be_in_viewport()

    await page.page.get_by_role('button', name='Settings').tap()
    await settings.get_by_test_id('settings-persona').tap()
    await page.page.get_by_role('option', name=BUILT_IN['coach'].name).tap()
    await page.wait_received('session.updated')
    session = 'witness.received.findLast(({type}) => type === "session.updated").session'
    assert (await page.page.evaluate(f'{session}.instructions')).startswith(BUILT_IN['coach'].instructions)

    await page.page.touchscreen.tap(350, 400)  # beside the drawer
    await expect(settings).not_to_be_in_viewport()
    await expect(page.call_button).to_be_in_viewport(ratio=1)
    assert await page.state() == 'live'
