"""The reader of events in the browser: the border at which all that a service sends is checked."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules, strip
from tests.parley import Parley

DELTA = {'type': 'response.output_text.delta', 'response_id': 'r1', 'item_id': 'a1', 'content_index': 0}


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'event_reader', 'forwarded_events') as page:
        yield page


async def read(page: Page, *texts: str) -> list[Any]:
    """Let one reader read JSON, and return what it read: the event, and whether it is usable."""
    script = """(texts) => {
        const reader = new EventReader();
        return texts.map((text) => reader.read(text)).map((read) => read && [read.event, read.isUsable]);
    }"""
    found: list[Any] = await page.evaluate(script, texts)
    return found


async def test_a_character_in_halves_is_joined(modules: Page) -> None:
    deltas = ['Hi \ud83d', '\ude00 there', '\ud83d', 'lone', '\udc00']
    events = await read(modules, *(json.dumps({**DELTA, 'delta': delta}) for delta in deltas))
    assert [event['delta'] for event, _ in events] == ['Hi ', '😀 there', '', '\ufffdlone', '\ufffd']


async def test_halves_of_different_answers_are_not_joined(modules: Page) -> None:
    other = {**DELTA, 'item_id': 'a2'}
    texts = [json.dumps({**DELTA, 'delta': '\ud83d'}), json.dumps({**other, 'delta': '\ude00'})]
    assert [event['delta'] for event, _ in await read(modules, *texts)] == ['', '\ufffd']


async def test_text_is_made_well_formed_wherever_it_stands(modules: Page) -> None:
    event = {'type': 'error', 'error': {'message': 'a\ud83db', 'x\udc00': ['\udc00']}}
    assert await read(modules, json.dumps(event)) == [
        [{'type': 'error', 'error': {'message': 'a\ufffdb', 'x\ufffd': ['\ufffd']}}, True]
    ]


async def test_nesting_is_bounded(modules: Page) -> None:
    deep = '{"type": "error", "error": ' + '[' * 1100 + ']' * 1100 + '}'
    [[event, usable]] = await read(modules, deep)
    depth = json.dumps(event).count('[')
    assert (usable, 50 < depth < 70) == (True, True)


@pytest.mark.parametrize(
    'event',
    [
        {'type': 'conversation.item.added', 'item': {'id': 'a1', 'content': 5}},
        {'type': 'conversation.item.added', 'item': {'id': 'a1', 'content': [None]}},
        {'type': 'conversation.item.added', 'item': 'a1'},
        {'type': 'response.created', 'response': None},
        {'type': 'response.created', 'response': {'id': ['r1']}},
        {'type': 'response.done', 'response': {'id': 'r1', 'output': {'a': 1}}},
        {'type': 'response.done', 'response': {'id': 'r1', 'output': [{'content': 'x'}]}},
        {**DELTA, 'delta': 5},
        {**DELTA, 'item_id': []},
    ],
    ids=str,
)
async def test_an_event_that_breaks_the_protocol_is_only_logged(modules: Page, event: dict[str, Any]) -> None:
    assert await read(modules, json.dumps(event)) == [[event, False]]
    assert await strip(modules, event) == event  # and so it can be


async def test_null_counts_as_absent(modules: Page) -> None:
    event = {'type': 'response.done', 'response': {'id': 'r1', 'output': None}, 'item_id': None}
    assert await read(modules, json.dumps(event)) == [
        [{'type': 'response.done', 'response': {'id': 'r1'}, 'item_id': None}, True]
    ]


@pytest.mark.parametrize('text', ['no JSON', '5', 'null', '{"type": 5}', '[]'])
async def test_what_is_no_event_is_nothing(modules: Page, text: str) -> None:
    assert await read(modules, text) == [None]
