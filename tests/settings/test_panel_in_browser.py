"""The settings panel in a real browser: by mouse, by keyboard, and by its test ids."""

import re

import pytest
from playwright.async_api import Page, expect

from components.settings.personas.personas import BUILT_IN
from tests.page import choose, find_setting
from tests.providers.answering import KEY

PROGRAM = 'tests/settings/panel_page.py'


@pytest.fixture
def panel(widget_page: Page) -> Page:
    return widget_page


async def test_a_dropdown_opens_at_its_test_id_and_shows_the_choice(panel: Page) -> None:
    await choose(panel.get_by_test_id('settings-voice'), 'cedar')
    await expect(panel.get_by_test_id('settings-voice')).to_have_text('cedar · grounded')
    await panel.wait_for_function('fetch("/changes").then((it) => it.json()).then((changes) => changes.length)')
    assert await _reported(panel, 'voice') == ['cedar']


async def test_every_control_works_by_keyboard(panel: Page) -> None:
    persona = panel.get_by_role('combobox', name='Persona')
    await persona.focus()
    await persona.press('Enter')
    await expect(panel.get_by_role('listbox')).to_be_visible()
    await persona.press('ArrowDown')
    await persona.press('Enter')
    await expect(panel.get_by_test_id('settings-persona')).to_contain_text(BUILT_IN['xiaoyu'].tagline)

    await expect(panel.get_by_role('listbox')).to_have_count(0)
    for button in ('New', 'Customize', 'More actions for this persona', 'Help: Persona'):
        await panel.keyboard.press('Tab')
        await expect(panel.get_by_role('button', name=button)).to_be_focused()
    for label in ('Voice', 'Help: Voice', 'Language', 'Help: Language', 'Speaking speed', 'Help: Speaking speed'):
        await panel.keyboard.press('Tab')
        await expect(panel.get_by_label(label, exact=True)).to_be_focused()
    help_text = panel.get_by_text('How fast the AI speaks.')
    await expect(help_text).to_be_hidden()
    group = panel.get_by_role('group').filter(has=panel.get_by_test_id('settings-speed'))
    await expect(group).to_have_accessible_description(re.compile('How fast the AI speaks'))
    await panel.keyboard.press('Enter')
    await expect(help_text).to_be_visible()
    await panel.keyboard.press('Escape')
    await expect(help_text).to_be_hidden()
    for _ in ('Provider and model', 'Answers', 'Turn taking', 'More'):
        await panel.keyboard.press('Tab')
    await panel.keyboard.press('Enter')
    await expect(panel.get_by_role('switch', name='Transcribe my speech')).to_be_visible()
    await expect(panel.get_by_test_id('settings-instructions')).to_have_value(BUILT_IN['xiaoyu'].instructions)
    assert await _reported(panel, 'persona') == ['xiaoyu']


async def test_a_key_is_tried_by_keyboard_and_leaves_the_page_once_it_works(panel: Page) -> None:
    received: list[str] = []
    panel.on('websocket', lambda socket: socket.on('framereceived', lambda data: received.append(str(data))))
    await panel.goto(f'{panel.url.rstrip("/")}/keyless')
    field, outcome = panel.get_by_test_id('key-entry'), panel.get_by_test_id('key-outcome')
    await expect(field).to_have_attribute('type', 'password')
    await field.press('Enter')
    await expect(outcome).to_have_text('Enter a key.')
    await field.fill('sk-canary-wrong')
    await panel.get_by_test_id('key-save').click()
    await expect(outcome).to_contain_text("doesn't accept this key")
    await expect(panel.get_by_test_id('key-save')).to_have_text('Save key')
    await field.fill(KEY)
    await field.press('Enter')
    await expect(outcome).to_have_text('The key works, and is kept in the file .env.')
    await expect(field).to_have_count(0)
    await expect(panel.get_by_test_id('settings-provider')).to_contain_text('OpenAI')
    await panel.get_by_role('button', name='Change key').click()
    await expect(field).to_be_focused()
    await expect(field).to_have_value('')
    assert received
    assert not [message for message in received if 'canary' in message.lower()], 'no key came back to the browser'


async def test_a_slider_works_by_keyboard_and_says_its_value(panel: Page) -> None:
    output = await find_setting(panel, 'output')
    speed = panel.get_by_role('slider', name='Speaking speed')
    await expect(speed).to_be_visible()
    await speed.focus()
    await panel.keyboard.press('ArrowRight')
    await expect(panel.get_by_test_id('settings-speed-value')).to_have_text('1.05 ×')
    await panel.keyboard.press('ArrowRight')
    await expect(panel.get_by_test_id('settings-speed-value')).to_have_text('1.10 ×')
    await choose(output, 'Text only')  # its report comes behind those of the slider
    await expect(speed).to_be_hidden()
    assert await _reported(panel, 'speed') == [1.05, 1.1, 1.1]


async def test_typed_instructions_are_reported_once(panel: Page) -> None:
    await panel.get_by_text('Answers', exact=True).click()
    await panel.get_by_test_id('settings-instructions').fill('')
    await panel.get_by_test_id('settings-instructions').press_sequentially('Only rhyme.')
    await panel.keyboard.press('Tab')
    await expect(panel.get_by_role('button', name="Reset to the persona's own")).to_be_visible()
    assert await _reported(panel, 'instructions') == ['Only rhyme.']


async def test_instructions_are_reported_when_the_keyboard_is_idle(panel: Page) -> None:
    await panel.get_by_text('Answers', exact=True).click()
    await panel.get_by_test_id('settings-instructions').fill('Only rhyme.')
    await expect(panel.get_by_role('button', name="Reset to the persona's own")).to_be_visible()
    assert await _reported(panel, 'instructions') == ['Only rhyme.']


async def test_the_text_box_has_the_focus_after_a_reset(panel: Page) -> None:
    await panel.get_by_text('Answers', exact=True).click()
    box = panel.get_by_test_id('settings-instructions')
    await box.fill('Only rhyme.')
    await panel.get_by_role('button', name="Reset to the persona's own").press('Enter')
    await expect(box).to_have_value(BUILT_IN['assistant'].instructions)
    await expect(box).to_be_focused()
    assert await _reported(panel, 'instructions') == ['Only rhyme.', '']


async def test_each_persona_is_a_card_with_a_portrait(panel: Page) -> None:
    await panel.get_by_test_id('settings-persona').click()
    cards = panel.get_by_role('option')
    await expect(cards).to_have_count(len(BUILT_IN))
    for card in await cards.all():
        assert await card.locator('img').evaluate('async (image) => (await image.decode(), image.naturalWidth)')
        await expect(card.locator('.persona__tagline')).not_to_be_empty()


async def _reported(panel: Page, name: str) -> list[object]:
    answer = await panel.request.get(f'{panel.url}changes')
    return [change[name] for change in await answer.json()]
