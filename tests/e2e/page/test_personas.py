"""Personas of one's own in a running Parley: written, talked with, changed in mid-call, shared, exported, imported."""

from pathlib import Path
from typing import Any

from openai.types.realtime import SessionUpdateEvent
from playwright.async_api import Locator, expect

from components.settings.personas.file import read
from components.settings.personas.link import fragment
from components.settings.personas.persona import Persona
from tests.e2e.conftest import Visit
from tests.e2e.page.test_settings import logged
from tests.e2e.witness import WitnessedPage
from tests.page import fresh, open_dropdown

MARKUP = '<img src="/nowhere" onerror="window.hacked = true"><b class="intruder">Ada</b>'
NAME = '<b class="intruder">Ada</b>'
SCREENS: dict[str, dict[str, Any]] = {
    'desktop': {'viewport': {'width': 1280, 'height': 800}},
    'phone': {'viewport': {'width': 360, 'height': 740}, 'is_mobile': True, 'has_touch': True},
}


async def test_a_persona_is_written_talked_with_and_changed_in_the_call(visit: Visit) -> None:
    page = await visit(**SCREENS['phone'])
    await open_settings(page)
    await page.page.get_by_test_id('persona-new').click()
    await write(page, name=NAME, tagline='Counts', greeting='Hello.', instructions=MARKUP)
    await expect(chosen(page)).to_have_text(NAME)
    await close_settings(page)

    await page.call()
    (created,) = await logged(page, 'session.created', count=1)
    assert created['session']['instructions'].startswith(MARKUP)
    await page.page.get_by_test_id('message-box').fill('hello')
    await page.page.get_by_test_id('send-message').click()
    await page.wait_turn('assistant', status='done')

    await open_settings(page)
    await page.page.get_by_test_id('persona-edit').click()
    await write(page, name='Ada', instructions='Only rhyme.')
    await expect(chosen(page)).to_have_text('Ada')
    await logged(page, 'session.updated', count=1)
    (update,) = await logged(page, 'session.update', count=1)
    SessionUpdateEvent.model_validate(update, extra='forbid', strict=True)
    rhyme = 'Only rhyme.\n\nSpeak English unless asked otherwise.'
    assert update['session'] == {'type': 'realtime', 'instructions': rhyme}

    await page.open()
    await open_settings(page)
    await expect(chosen(page)).to_have_text('Ada')
    await assert_no_markup(page)


async def test_a_persona_travels_by_link_and_by_file(visit: Visit, tmp_path: Path) -> None:
    page = await visit(**SCREENS['desktop'], permissions=['clipboard-read', 'clipboard-write'])
    await open_settings(page)
    await page.page.get_by_test_id('persona-new').click()
    await write(page, name=NAME, instructions=MARKUP)
    await menu(page, 'share-link')
    await page.page.get_by_role('button', name='Copy link').click()
    await expect(page.page.get_by_text('Link copied.')).to_be_visible()
    link = await page.page.evaluate('navigator.clipboard.readText()')
    assert link.startswith(f'{page.url}#persona=')
    await page.page.get_by_role('button', name='Done').click()
    async with page.page.expect_download() as download:
        await menu(page, 'export')
    exported = tmp_path / 'personas.json'
    await (await download.value).save_as(exported)
    assert [persona.name for persona in read(exported.read_bytes()).personas] == [NAME]

    other = await visit(link, **SCREENS['phone'])
    await expect(other.page.get_by_role('dialog')).to_contain_text(NAME)
    await expect(other.page.get_by_test_id('preview-instructions')).to_have_text(MARKUP)
    await expect(chosen(other)).to_have_text('Assistant')
    await expect(other.page).to_have_url(fresh(page.url))  # a reload does not ask again
    await other.page.get_by_role('button', name='Keep it').click()
    await expect(note(other)).to_contain_text(f'{NAME} was added to your personas.')
    await expect(note(other)).to_be_in_viewport()
    await expect(chosen(other)).to_have_text('Assistant')
    await note(other).get_by_role('button', name='Talk with').click()
    await expect(chosen(other)).to_have_text(NAME)

    await other.page.get_by_test_id('persona-file').set_input_files(exported)
    await expect(note(other)).to_contain_text('One was already there.')
    await menu(other, 'delete')
    await expect(note(other)).to_contain_text(f'{NAME} was deleted. You now talk with Assistant.')
    await other.page.get_by_test_id('persona-file').set_input_files(exported)
    await expect(note(other)).to_contain_text(f'{NAME} was added to your personas.')
    await assert_no_markup(other)


async def test_a_link_pasted_into_an_open_page_is_noticed(visit: Visit) -> None:
    page = await visit()
    await page.page.goto(f'{page.url}#persona=damaged')
    await expect(note(page)).to_contain_text('This link is incomplete')
    persona = Persona('', 'Ada', '', 'You are Ada.', 'ash', '', '')
    await page.page.goto(f'{page.url}#persona={fragment(persona)}')
    await page.page.get_by_role('button', name='No thanks').click()
    await expect(page.page.get_by_role('dialog')).to_have_count(0)
    await open_dropdown(await page.setting('persona'))
    await expect(page.page.get_by_role('option', name='Ada')).to_have_count(0)


async def test_a_dropped_file_is_read(visit: Visit) -> None:
    page = await visit()
    drop = """(area, text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], "personas.json"));
        for (const type of ["dragover", "drop"]) area.dispatchEvent(new DragEvent(type, { dataTransfer }));
    }"""
    await page.page.locator('.persona-drop').evaluate(drop, '{"parley_personas": 2}')
    await expect(note(page)).to_contain_text('another version of Parley')
    await page.page.locator('.persona-drop').evaluate(drop, ' ' * 500_001)
    await expect(note(page)).to_contain_text('too large')


async def test_everything_works_by_keyboard(visit: Visit) -> None:
    page = await visit()
    keys = page.page.keyboard
    await page.page.get_by_role('button', name='New', exact=True).focus()
    await keys.press('Enter')
    await expect(page.page.get_by_label('Name')).to_be_focused()
    await keys.type('Ada')
    await page.page.get_by_test_id('persona-save').focus()
    await keys.press('Enter')
    await expect(page.page.get_by_label('Instructions').last).to_be_focused()  # where something is missing
    await keys.type('You are Ada.')
    await page.page.get_by_test_id('persona-save').focus()
    await keys.press('Enter')
    await expect(chosen(page)).to_have_text('Ada')

    await page.page.get_by_test_id('persona-more').focus()
    await keys.press('Enter')
    await expect(page.page.get_by_test_id('persona-delete')).to_be_visible()
    await expect(page.page.locator('.persona-menu')).to_be_focused()
    for _ in ('Copy', 'Share', 'Delete'):
        await keys.press('Tab')
    await expect(page.page.get_by_test_id('persona-delete')).to_be_focused()
    await keys.press('Enter')
    await expect(chosen(page)).to_have_text('Assistant')
    await note(page).get_by_role('button', name='Undo').press('Enter')
    await expect(chosen(page)).to_have_text('Ada')
    await expect(page.page.get_by_role('combobox', name='Persona')).to_be_focused()


async def test_unsaved_words_are_not_dropped_without_a_question(visit: Visit) -> None:
    page = await visit()
    keys, dialog = page.page.keyboard, page.page.get_by_role('dialog')
    await page.page.get_by_test_id('persona-new').click()
    await expect(page.page.get_by_label('Name')).to_be_focused()
    await keys.press('Escape')
    await expect(dialog).to_have_count(0)  # nothing was written

    await page.page.get_by_test_id('persona-new').click()
    await page.page.get_by_label('Name').fill('Ada')
    await expect(dialog).to_contain_text('3 of 40 characters')
    await page.page.get_by_test_id('persona-voice').click()
    await page.page.get_by_role('listbox').wait_for()
    await keys.press('Escape')
    await page.page.get_by_role('listbox').wait_for(state='detached')
    await keys.press('Escape')
    await expect(dialog.get_by_role('alert')).to_have_text('You have unsaved changes.')
    await keys.press('Escape')
    await expect(page.page.get_by_label('Name')).to_be_focused()
    await expect(page.page.get_by_label('Name')).to_have_value('Ada')
    await page.page.get_by_role('button', name='Cancel').click()
    await page.page.get_by_role('button', name='Discard changes').click()
    await expect(dialog).to_have_count(0)
    await page.page.get_by_test_id('persona-new').click()
    await expect(page.page.get_by_label('Name')).to_have_value('')


async def test_where_the_user_wants_it_the_ai_speaks_first(visit: Visit) -> None:
    page = await visit()
    await (await page.setting('greets')).click()
    await page.call()
    (asked,) = await logged(page, 'response.create', count=1)
    assert '"Hello. What can I do for you?"' in asked['response']['instructions']
    await page.wait_turn('assistant', status='done')
    assert [turn.speaker for turn in await page.turns()] == ['assistant']

    await page.hang_up()
    await page.page.get_by_test_id('message-box').fill('hello')
    await page.page.get_by_test_id('send-message').click()  # who begins in writing is answered, not greeted
    await page.wait_state('live')
    await page.wait_turn('user', containing='hello')
    asked = (await logged(page, 'response.create', count=2))[-1]
    assert 'response' not in asked


def chosen(page: WitnessedPage) -> Locator:
    return page.page.get_by_test_id('settings-persona').locator('.persona__name')


def note(page: WitnessedPage) -> Locator:
    return page.page.get_by_test_id('persona-note')


async def write(page: WitnessedPage, **texts: str) -> None:
    """Fill in the open editor, and save."""
    for name, text in texts.items():
        await page.page.get_by_test_id(f'persona-{name}').fill(text)
    await page.page.get_by_test_id('persona-save').click()
    await expect(page.page.get_by_role('dialog')).to_have_count(0)


async def menu(page: WitnessedPage, item: str) -> None:
    await page.page.get_by_test_id('persona-more').click()
    await page.page.get_by_test_id(f'persona-{item}').click()


async def open_settings(page: WitnessedPage) -> None:
    if page.page.viewport_size == SCREENS['phone']['viewport'] and not await chosen(page).is_visible():
        await page.page.get_by_role('button', name='Settings').click()
    await expect(chosen(page)).to_be_in_viewport()


async def close_settings(page: WitnessedPage) -> None:
    """On a phone the settings lie over the rest."""
    backdrop = page.page.locator('.q-drawer__backdrop:not(.hidden)')
    if await backdrop.count():
        await backdrop.click(position={'x': 340, 'y': 400})


async def assert_no_markup(page: WitnessedPage) -> None:
    await expect(page.page.locator('.intruder, img[src="/nowhere"]')).to_have_count(0)
    assert await page.page.evaluate('window.hacked') is None
