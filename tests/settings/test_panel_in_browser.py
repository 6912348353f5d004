"""The settings panel in a real browser: by mouse, by keyboard, and by its test ids."""

import pytest
from playwright.async_api import Page, expect

from components.settings.personas.personas import BUILT_IN
from tests.page import choose

PROGRAM = 'tests/settings/panel_page.py'


@pytest.fixture
def panel(widget_page: Page) -> Page:
    return widget_page


async def test_a_dropdown_opens_at_its_test_id_and_shows_the_choice(panel: Page) -> None:
    await choose(panel.get_by_test_id('settings-voice'), 'cedar')
    await expect(panel.get_by_test_id('settings-voice')).to_have_text('cedar · grounded')
    assert await _reported(panel, 'voice') == ['cedar']


async def test_every_control_works_by_keyboard(panel: Page) -> None:
    persona = panel.get_by_role('combobox', name='Persona')
    await persona.focus()
    await persona.press('Enter')
    await expect(panel.get_by_role('listbox')).to_be_visible()
    await persona.press('ArrowDown')
    await persona.press('Enter')
    await expect(panel.get_by_test_id('settings-persona')).to_have_text(BUILT_IN['xiaoyu'].name)
    await expect(panel.get_by_test_id('settings-instructions')).to_have_value(BUILT_IN['xiaoyu'].instructions)

    await expect(panel.get_by_role('listbox')).to_have_count(0)
    for button in ('New', 'Customize', 'More actions for this persona'):
        await panel.keyboard.press('Tab')
        await expect(panel.get_by_role('button', name=button)).to_be_focused()
    for label in ('Voice', 'Model', 'Thinking', 'Language'):
        await panel.keyboard.press('Tab')
        await expect(panel.get_by_label(label, exact=True)).to_be_focused()
    for _ in ('Answers', 'Turn taking', 'More'):
        await panel.keyboard.press('Tab')
    await panel.keyboard.press('Enter')
    await expect(panel.get_by_role('switch', name='Transcribe my speech')).to_be_visible()
    assert await _reported(panel, 'persona') == ['xiaoyu']


async def test_a_slider_works_by_keyboard_and_says_its_value(panel: Page) -> None:
    await panel.get_by_text('Answers', exact=True).click()
    speed = panel.get_by_role('slider', name='Speaking speed')
    await expect(speed).to_be_visible()
    await speed.focus()
    await panel.keyboard.press('ArrowRight')
    await expect(panel.get_by_test_id('settings-speed-value')).to_have_text('1.05 ×')
    await panel.keyboard.press('ArrowRight')
    await expect(panel.get_by_test_id('settings-speed-value')).to_have_text('1.10 ×')
    await choose(panel.get_by_test_id('settings-output'), 'Text only')  # its report comes behind those of the slider
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


async def test_the_portrait_is_a_valid_image(panel: Page) -> None:
    assert await panel.locator('.persona__picture').evaluate(
        'async (image) => (await image.decode(), image.naturalWidth)'
    )


async def _reported(panel: Page, name: str) -> list[object]:
    answer = await panel.request.get(f'{panel.url}changes')
    return [change[name] for change in await answer.json()]
