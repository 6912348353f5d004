"""The sheet of conversations in a real browser: found, opened, renamed, deleted, taken out and brought back."""

import asyncio
import json
import re
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from components.history.export.conversation_file import read
from components.history.finding.sheet import PART
from tests.conftest import OpenPage
from tests.e2e.page.test_accessibility import found_by_axe
from tests.parley import Parley

PROGRAM = 'tests/history/finding/sheet_page.py'


class Sheet:
    """The sheet on a page, which is not loaded yet."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.find = page.get_by_test_id
        self.rows = self.find('conversation-row')
        self.hits = self.find('search-hit')
        self.news = self.find('conversations-news')

    async def keep(self, *topics: str, owner: str = 'host', turns: int = 2) -> list[str]:
        """Keep conversations, of which the last one is the newest. Returns their ids."""
        answer = await self.page.request.post(f'{self.home}keep?owner={owner}&turns={turns}', data=[*topics])
        ids: list[str] = await answer.json()
        return ids

    async def visit(self, path: str = '') -> None:
        await self.page.goto(f'{self.home}{path}')
        await self.page.wait_for_function('window.did_handshake')

    async def open(self, path: str = '') -> None:
        await self.visit(path)
        await self.find('conversations').click()
        await expect(self.find('search')).to_be_visible()

    async def titles(self, *expected: str) -> None:
        await expect(self.page.locator('.conversation__title')).to_have_text([*expected])

    async def act(self, row: Locator, name: str) -> None:
        """Choose something from the menu of a row."""
        await row.get_by_test_id('conversation-more').click()
        await self.find(name).click()

    async def download(self, name: str) -> tuple[str, bytes]:
        """Choose a file to save. Returns its name and content."""
        async with self.page.expect_download() as saving:
            await self.find(name).click()
        saved = await saving.value
        return saved.suggested_filename, await asyncio.to_thread((await saved.path()).read_bytes)


@pytest_asyncio.fixture(loop_scope='session')
async def sheet(widget_program: Parley, open_page: OpenPage) -> Sheet:
    return Sheet(await open_page(), widget_program.url)


async def test_the_empty_list_teaches(sheet: Sheet) -> None:
    await sheet.keep()
    await sheet.open()
    await expect(sheet.page.get_by_text('Talk with the AI, and the conversation appears here.')).to_be_visible()


async def test_rows_say_what_they_are_and_lead_to_the_conversation(sheet: Sheet) -> None:
    moon, sun = await sheet.keep('moon', 'sun')
    await sheet.open(f'c/{sun}')
    await sheet.titles('The sun', 'The moon')
    await expect(sheet.rows.first).to_contain_text(re.compile(r'Ada.*2026.*2 turns · 1 min.*open here'))
    await expect(sheet.page.locator('a[aria-current=page]')).to_have_count(1)
    await sheet.rows.last.get_by_role('link').click()
    await sheet.page.wait_for_url(f'**/c/{moon}')
    await sheet.find('new-conversation').click()
    await sheet.page.wait_for_url('**/new')


async def test_many_conversations_are_shown_part_by_part(sheet: Sheet) -> None:
    await sheet.keep(*(f'star {number}' for number in range(PART + 3)))
    await sheet.open()
    await expect(sheet.rows).to_have_count(PART)
    await sheet.page.get_by_role('button', name='Show more').click()
    await expect(sheet.rows).to_have_count(PART + 3)
    await expect(sheet.rows.last).to_contain_text('The star 0')
    await expect(sheet.page.get_by_role('button', name='Show more')).to_be_hidden()


async def test_a_hit_shows_the_words_and_leads_to_its_turn(sheet: Sheet) -> None:
    moon, _ = await sheet.keep('moon', 'sun', turns=200)
    await sheet.open()
    await sheet.find('search').fill('moon place 42')
    await expect(sheet.hits).to_have_count(1)
    await expect(sheet.hits.locator('mark')).to_have_text(['moon', 'place', '42'])
    await expect(sheet.hits).to_contain_text('is <b>far</b> away')
    await expect(sheet.news).to_have_text('1 turn found')
    await sheet.hits.get_by_role('link').click()
    await sheet.page.wait_for_url(f'**/c/{moon}?turn=a42')
    await expect(sheet.page.locator('[data-item-id=a42]')).to_be_in_viewport(ratio=1)

    await sheet.page.wait_for_function('window.did_handshake')
    await sheet.find('conversations').click()
    await sheet.find('search').fill('moon place 2')
    await sheet.hits.filter(has_text=re.compile(r'place 2\.')).get_by_role('link').click()
    await expect(sheet.page.locator('[data-item-id=a2]')).to_be_in_viewport(ratio=1)
    assert sheet.page.url.endswith('?turn=a42')  # this conversation was open, so nothing was loaded
    await expect(sheet.find('conversations-sheet')).to_be_hidden()


async def test_a_search_that_finds_nothing_says_so(sheet: Sheet) -> None:
    await sheet.keep('moon')
    await sheet.open()
    await sheet.find('search').fill('elephants')
    await expect(sheet.news).to_contain_text('No turn has these words.')
    await sheet.find('search').fill('')
    await sheet.titles('The moon')


async def test_many_hits_are_shown_part_by_part(sheet: Sheet) -> None:
    await sheet.keep('moon', turns=2 * PART + 6)
    await sheet.open()
    await sheet.find('search').fill('tell moon')
    await expect(sheet.hits).to_have_count(PART)
    await expect(sheet.news).to_have_text(f'The newest {PART} turns found.')
    await sheet.page.get_by_role('button', name='Show more').click()
    await expect(sheet.hits).to_have_count(PART + 3)
    await expect(sheet.news).to_have_text(f'{PART + 3} turns found')
    await expect(sheet.page.get_by_role('button', name='Show more')).to_be_hidden()


async def test_a_conversation_is_renamed_in_place(sheet: Sheet) -> None:
    await sheet.keep('moon', 'sun')
    await sheet.open()
    await sheet.act(sheet.rows.first, 'conversation-rename')
    await expect(sheet.find('conversation-title')).to_be_focused()
    await sheet.find('conversation-title').press('Escape')
    await sheet.titles('The sun', 'The moon')
    await expect(sheet.rows.first.get_by_test_id('conversation-more')).to_be_focused()

    await sheet.act(sheet.rows.first, 'conversation-rename')
    await sheet.find('conversation-title').fill('  Our   <i>star</i> ')
    await sheet.find('conversation-title').press('Enter')
    await sheet.titles('Our <i>star</i>', 'The moon')
    await sheet.open()
    await sheet.titles('Our <i>star</i>', 'The moon')


async def test_a_conversation_is_deleted_and_brought_back(sheet: Sheet) -> None:
    await sheet.keep('moon', 'sun')
    await sheet.open()
    await sheet.act(sheet.rows.first, 'conversation-delete')
    await sheet.titles('The moon')
    await expect(sheet.rows.first).to_contain_text('Deleted: The sun')
    await expect(sheet.find('undo')).to_be_focused()
    await sheet.page.keyboard.press('Enter')
    await sheet.titles('The sun', 'The moon')

    await sheet.act(sheet.rows.first, 'conversation-delete')
    await expect(sheet.find('undo')).to_be_visible()
    await sheet.open()
    await sheet.titles('The moon')


async def test_the_page_leaves_a_conversation_that_was_deleted(sheet: Sheet) -> None:
    (moon,) = await sheet.keep('moon')
    await sheet.open(f'c/{moon}')
    await sheet.act(sheet.rows.first, 'conversation-delete')
    await sheet.find('undo').wait_for()
    await sheet.page.get_by_role('button', name='Close').click()
    await sheet.page.wait_for_url('**/new')


async def test_all_are_deleted_after_a_question(sheet: Sheet) -> None:
    await sheet.keep('moon', 'sun')
    await sheet.open()
    await sheet.find('delete-all').click()
    await sheet.page.get_by_role('button', name='Cancel').click()
    await sheet.titles('The sun', 'The moon')
    await sheet.find('delete-all').click()
    await sheet.find('delete-all-sure').click()
    await sheet.page.wait_for_url('**/new')
    await sheet.open()
    await expect(sheet.page.get_by_text('Nothing is kept yet.')).to_be_visible()


async def test_a_shorter_time_is_chosen_after_a_question(sheet: Sheet) -> None:
    await sheet.keep()
    await sheet.open()
    keep = sheet.find('keep-days')

    async def choose(name: str) -> None:
        await keep.click()
        await sheet.page.get_by_role('option', name=name).click()

    await choose('For 30 days')
    await sheet.page.get_by_role('button', name='Cancel').click()
    await expect(keep).to_contain_text('For ever')
    await choose('For 90 days')
    await sheet.page.get_by_role('button', name='Delete older ones').click()
    await expect(keep).to_contain_text('For 90 days')
    await sheet.open()
    await expect(sheet.find('keep-days')).to_contain_text('For 90 days')
    await choose('For ever')
    await sheet.open()
    await expect(sheet.find('keep-days')).to_contain_text('For ever')


async def test_what_is_exported_can_be_read_and_imported_again(sheet: Sheet) -> None:
    moon, _ = await sheet.keep('moon', 'sun')
    await sheet.open(f'c/{moon}')
    await sheet.find('export').click()
    name, content = await sheet.download('export-md')
    assert (name, content.decode().partition('\n')[0]) == ('The moon.md', '# The moon')
    await sheet.find('export').click()
    name, content = await sheet.download('export-all-json')
    assert re.fullmatch(r'parley-\d{4}-\d\d-\d\d\.zip', name)
    assert {kept.entry.title for kept in read(content)} == {'The moon', 'The sun'}

    await sheet.keep()
    await sheet.open()
    await import_files(sheet, {'name': name, 'mimeType': 'application/zip', 'buffer': content})
    await expect(sheet.news).to_have_text('2 conversations imported.')
    await import_files(sheet, {'name': name, 'mimeType': 'application/zip', 'buffer': content})
    await expect(sheet.news).to_have_text('2 conversations are already here.')
    await expect(sheet.rows).to_have_count(2)


async def test_a_file_that_does_not_fit_is_refused_with_its_reason(sheet: Sheet) -> None:
    await sheet.keep('moon')
    await sheet.open()
    wrong = {'parley_conversations': 1, 'conversations': [{'started_at': 1, 'updated_at': 1, 'turns': [{}]}]}
    await import_files(
        sheet,
        {'name': 'a.json', 'mimeType': 'application/json', 'buffer': json.dumps(wrong).encode()},
        {'name': 'b.json', 'mimeType': 'application/json', 'buffer': b'{'},
    )
    await expect(sheet.news).to_contain_text('a.json: Nothing was imported')
    await expect(sheet.news).to_contain_text('conversations.1.turns.1.item_id')
    await expect(sheet.news).to_contain_text("b.json: This isn't a valid JSON file")
    await expect(sheet.rows).to_have_count(1)


async def test_the_open_conversation_is_copied_as_text(sheet: Sheet) -> None:
    await sheet.page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    (moon,) = await sheet.keep('moon')
    await sheet.open(f'c/{moon}')
    for api in ('there', 'missing'):
        await sheet.page.evaluate("navigator.clipboard.writeText('')")
        if api == 'missing':
            await sheet.page.evaluate('navigator.clipboard.writeText = undefined')
        await sheet.find('copy-all').click()
        await sheet.page.wait_for_function(
            "navigator.clipboard.readText().then((text) => text.includes('Ada: The moon is <b>far</b> away'))"
        )
        await expect(sheet.find('copy-all')).to_contain_text('Copied')


async def test_guests_see_their_own_and_are_told_where_they_are_kept(sheet: Sheet) -> None:
    await sheet.keep('moon')
    await sheet.keep('tide', owner='guest:g1')
    await sheet.open('?owner=guest:g1')
    await sheet.titles('The tide')
    await expect(sheet.page.get_by_text("kept on the host's computer")).to_be_visible()
    await expect(sheet.find('keep-days')).to_have_count(0)


@pytest.mark.parametrize('scheme', ['light', 'dark'])
async def test_the_sheet_has_no_serious_fault(sheet: Sheet, scheme: Any) -> None:
    await sheet.page.emulate_media(color_scheme=scheme)
    await sheet.keep('moon', 'sun')
    await sheet.open()
    await assert_accessible(sheet.page)
    await sheet.rows.first.get_by_test_id('conversation-more').click()
    await sheet.find('conversation-rename').wait_for()
    await assert_accessible(sheet.page)
    await sheet.page.keyboard.press('Escape')
    await sheet.find('search').fill('moon')
    await expect(sheet.hits).to_have_count(2)
    await assert_accessible(sheet.page)


async def assert_accessible(page: Page) -> None:
    await page.evaluate(
        'Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => document.fonts.ready)'
    )
    assert await found_by_axe(page, impacts=('serious', 'critical')) == []


async def import_files(sheet: Sheet, *files: Any) -> None:
    async with sheet.page.expect_file_chooser() as choosing:
        await sheet.find('import').click()
    await (await choosing.value).set_files([*files])
