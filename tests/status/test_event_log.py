"""The event log in a real browser."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

PROGRAM = 'tests/status/event_log_page.py'


class LogPage:
    """A fresh page of `event_log_page.py`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.get_by_test_id('event-row')
        self.seen = self.rows.filter(visible=True)
        self.filter = page.get_by_test_id('event-filter')

    async def add(self, *types: str, at: float = 0, direction: str = 'received', **fields: Any) -> None:
        """Let a call on the page send or receive events."""
        for name in types:
            await self.tell('record', {'at': at, 'direction': direction, 'event': {'type': name, **fields}})

    async def tell(self, what: str, detail: object = None) -> None:
        announce = '([name, detail]) => document.dispatchEvent(new CustomEvent(name, { detail }))'
        await self.page.evaluate(announce, [f'realtime-{what}', detail])

    async def press(self, name: str) -> None:
        await self.page.get_by_role('button', name=name).click()

    async def pasted(self) -> str:
        """Paste into a text area and read it there."""
        await self.page.evaluate(
            'document.body.append(Object.assign(document.createElement("textarea"), {id: "paste"}))'
        )
        area = self.page.locator('#paste')
        await area.press('ControlOrMeta+V')
        return await area.input_value()


@pytest.fixture
def log(widget_page: Page) -> LogPage:
    return LogPage(widget_page)


async def test_an_empty_log_says_what_will_appear(log: LogPage) -> None:
    empty = log.page.get_by_text('Every event that a call sends or receives appears here.')
    await expect(empty).to_be_visible()
    await log.add('session.created')
    await expect(empty).to_be_hidden()


async def test_a_row_shows_time_direction_and_type(log: LogPage) -> None:
    await log.add('session.created', at=5000)
    await log.add('response.create', at=6250.4, direction='sent')
    await expect(log.rows).to_have_text(['0.000 s ↓ session.created', '1.250 s ↑ response.create'], use_inner_text=True)
    await expect(log.rows.nth(1)).to_have_attribute('data-type', 'response.create')
    await expect(log.rows.nth(1).get_by_role('img', name='sent')).to_be_visible()


async def test_each_call_counts_from_its_own_first_event(log: LogPage) -> None:
    await log.add('first', at=5000)
    await log.tell('started')
    await log.add('second', at=90_000)
    await expect(log.rows.nth(1)).to_contain_text('0.000 s')


async def test_an_opened_row_shows_its_json_as_text(log: LogPage) -> None:
    await log.add('response.done', text='<img src=x onerror="document.title = 1"> & more')
    await expect(log.rows.locator('pre')).to_have_count(0)
    await log.rows.locator('summary').click()
    shown = await log.rows.locator('pre').inner_text()
    assert json.loads(shown) == {'type': 'response.done', 'text': '<img src=x onerror="document.title = 1"> & more'}
    assert await log.rows.locator('img').count() == 0
    await log.rows.locator('summary').click()
    await expect(log.rows.locator('pre')).to_have_count(0)


async def test_the_filter_shows_every_event_of_a_type(log: LogPage) -> None:
    await log.add('session.created', 'response.created', 'response.created', 'response.done')
    await log.filter.fill('Response.CREATED')
    await expect(log.seen).to_have_count(2)
    await expect(log.page.get_by_text('2 of 4 events')).to_be_visible()
    await log.add('session.updated', 'response.created')
    await expect(log.seen).to_have_count(3)
    await log.filter.fill('')
    await expect(log.seen).to_have_count(6)


async def test_the_deltas_of_an_item_are_one_row(log: LogPage) -> None:
    for number in range(3):
        await log.add('response.text.delta', item_id='a', delta=f'{number}')
        await log.add('response.text.delta', item_id='b', delta='other')
    await log.add('response.text.delta', item_id='a', delta='3')
    row, other = log.rows.first, log.rows.last
    await expect(log.rows).to_have_count(2)
    await expect(row).to_contain_text('×4')
    await expect(other).to_contain_text('×3')
    await expect(log.page.get_by_text('7 events')).to_be_visible()
    await row.locator('summary').click()
    await expect(row.locator('pre')).to_contain_text(re.compile('"0".*"1".*"2".*"3"', re.DOTALL))


async def test_each_direction_can_be_hidden(log: LogPage) -> None:
    await log.add('session.created')
    await log.add('response.create', direction='sent')
    await log.press('Received')
    await expect(log.seen).to_have_count(1)
    await expect(log.seen).to_contain_text('response.create')
    await log.press('Received')
    await log.press('Sent')
    await expect(log.seen).to_have_count(1)
    await expect(log.seen).to_contain_text('session.created')


async def test_the_newest_500_events_are_kept(log: LogPage) -> None:
    await log.page.evaluate("""() => {
        for (let number = 0; number < 600; number++) {
            const detail = { at: 0, direction: "received", event: { type: `event-${number}` } };
            document.dispatchEvent(new CustomEvent("realtime-record", { detail }));
        }
    }""")
    await expect(log.rows).to_have_count(500)
    await expect(log.rows.first).to_have_attribute('data-type', 'event-100')
    await expect(log.rows.last).to_have_attribute('data-type', 'event-599')


async def test_a_paused_log_stops_and_then_catches_up(log: LogPage) -> None:
    await log.add('first')
    await expect(log.rows).to_have_count(1)
    await log.press('Pause')
    await log.add('second', 'third')
    await expect(log.page.get_by_role('button', name='Follow (2 new)')).to_be_visible()
    await log.page.evaluate('new Promise(requestAnimationFrame)')  # rows come with the frames
    await expect(log.rows).to_have_count(1)
    await log.press('Follow')
    await expect(log.rows).to_have_count(3)


async def test_the_log_follows_its_end_unless_the_reader_scrolled_up(log: LogPage) -> None:
    await log.page.add_style_tag(content='.event-log__rows { height: 200px; overflow-y: auto }')
    await log.add(*(f'event-{number}' for number in range(50)))
    await expect(log.rows.last).to_be_in_viewport()
    await log.rows.first.scroll_into_view_if_needed()
    await log.add('one more')
    await expect(log.rows).to_have_count(51)
    await expect(log.rows.last).not_to_be_in_viewport()
    await _add_unseen(log, 'unseen')
    await expect(log.rows.first).to_be_in_viewport()
    await log.rows.last.scroll_into_view_if_needed()
    await _add_unseen(log, 'the last')
    await expect(log.rows.last).to_be_in_viewport()
    await expect(log.page.get_by_text('53 events')).to_be_visible()


async def _add_unseen(log: LogPage, type: str) -> None:
    """Add a row while the log is beside the screen, as in a closed drawer, where no row may cost anything."""
    section, row = log.page.locator('.event-log'), log.rows.filter(has_text=type)
    await section.evaluate('(it) => { it.style.translate = "-9999px"; }')
    await expect(log.page.locator('.event-log__rows')).to_have_css('content-visibility', 'hidden')
    await log.add(type)
    await expect(row).to_have_count(1)
    await section.evaluate('(it) => { it.style.translate = ""; }')
    await expect(row).to_be_visible()


async def test_clear_removes_all(log: LogPage) -> None:
    await log.add('session.created')
    await expect(log.rows).to_have_count(1)
    await log.press('Clear')
    await expect(log.rows).to_have_count(0)


async def test_one_event_or_all_that_are_shown_can_be_copied(log: LogPage) -> None:
    await log.page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    await log.add('session.created', 'response.created', 'response.done')
    await expect(log.rows).to_have_count(3)
    await log.filter.fill('response')
    await log.press('Copy all')
    await expect(log.page.get_by_text('Copied 2 events')).to_be_visible()
    assert (
        await log.page.evaluate('navigator.clipboard.readText()')
        == '{"type":"response.created"}\n{"type":"response.done"}'
    )
    await log.seen.first.locator('summary').click()
    await log.seen.first.get_by_role('button', name='Copy').click()
    await expect(log.page.get_by_text('Copied 1 event')).to_be_visible()
    assert await log.page.evaluate('navigator.clipboard.readText()') == '{"type":"response.created"}'


async def test_what_is_shown_can_be_saved(log: LogPage) -> None:
    await log.add('session.created', at=1000)
    await log.add('response.create', at=1500, direction='sent')
    await log.filter.fill('response')
    async with log.page.expect_download() as downloading:
        await log.press('Save')
    saved = await downloading.value
    assert saved.suggested_filename == 'parley-events.jsonl'
    assert json.loads((await saved.path()).read_text()) == {
        'seconds': 0.5,
        'direction': 'sent',
        'events': [{'type': 'response.create'}],
    }


async def test_copying_works_without_the_clipboard_api(log: LogPage) -> None:
    await log.page.evaluate('Object.defineProperty(navigator, "clipboard", {value: undefined})')
    await log.add('session.created')
    await expect(log.rows).to_have_count(1)
    await log.press('Copy all')
    await expect(log.page.get_by_text('Copied 1 event')).to_be_visible()
    assert await log.pasted() == '{"type":"session.created"}'
