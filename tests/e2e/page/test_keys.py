"""The keys of a call, the sheet that explains them, and where they must not fire."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Visit

RESPONSE = {'id': 'resp_1', 'object': 'realtime.response', 'status': 'in_progress', 'output': []}


async def test_space_starts_a_call_and_never_ends_it(visit: Visit) -> None:
    page = await visit()
    await page.page.keyboard.press(' ')
    await page.wait_state('live')
    await page.page.keyboard.press(' ')
    await page.page.keyboard.press('m')
    await expect(page.page.get_by_test_id('mute')).to_have_attribute('aria-pressed', 'true')
    assert await page.state() == 'live'


async def test_a_clicked_button_leaves_space_its_meaning(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.keyboard.press(' ')
    await page.page.get_by_test_id('mute').click()
    await page.page.keyboard.press(' ')
    await page.page.keyboard.press('m')
    await expect(page.page.get_by_test_id('mute')).to_have_attribute('aria-pressed', 'false')
    assert await page.state() == 'live'

    await page.call_button.focus()  # by the keyboard: then Space presses what has the focus
    await page.page.keyboard.press(' ')
    await page.wait_state('ended')


async def test_escape_stops_the_answer(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.keyboard.press('Escape')  # nothing to stop, so nothing is said
    await page.deliver({'type': 'response.created', 'response': RESPONSE})
    await page.page.keyboard.press('Escape')
    await page.wait_logged('output_audio_buffer.clear')
    assert [type for type in await page.events() if type in {'response.cancel', 'output_audio_buffer.clear'}] == [
        'response.cancel',
        'output_audio_buffer.clear',
    ]


async def test_a_slash_leads_to_the_text_box(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.evaluate("""() => {
        if (document.querySelector("[data-testid=message-box]")) return;
        document.body.append(Object.assign(document.createElement("input"), { id: "box" }));
        document.getElementById("box").dataset.testid = "message-box";
    }""")
    await page.page.keyboard.press('/')
    box = page.page.get_by_test_id('message-box')
    await expect(box).to_be_focused()
    await expect(box).to_have_value('')


@pytest.mark.parametrize('width', [1280, 360])
async def test_the_help_sheet_lists_every_key(visit: Visit, width: int) -> None:
    page = await visit(viewport={'width': width, 'height': 640})
    sheet = page.page.get_by_role('dialog', name='Keyboard shortcuts')
    await page.page.keyboard.press('?')
    await expect(sheet).to_be_visible()
    await expect(sheet.locator('kbd')).to_have_text(['Space', 'M', 'Esc', '/', 'N', 'L', '?'])
    assert all(text.strip() for text in await sheet.locator('dd').all_text_contents())

    await page.page.keyboard.press('m')  # keys rest under a sheet
    await page.page.keyboard.press('Escape')
    await expect(sheet).not_to_be_visible()
    await expect(page.page.get_by_test_id('mute')).to_have_attribute('aria-pressed', 'false')
    await page.page.get_by_test_id('help').click()
    await sheet.get_by_role('button', name='Close').click()
    await expect(sheet).not_to_be_visible()


async def test_no_key_fires_while_somebody_writes(visit: Visit) -> None:
    page = await visit()
    box = await page.setting('instructions')
    await box.fill('')
    await box.press_sequentially('m /?')
    await expect(box).to_have_value('m /?')
    await page.page.keyboard.press('Control+m')
    await expect(page.page.get_by_role('dialog')).to_have_count(0)
    await expect(page.page.get_by_test_id('mute')).to_have_attribute('aria-pressed', 'false')
    assert await page.state() == 'idle'
