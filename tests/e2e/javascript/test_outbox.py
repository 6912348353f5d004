"""The reports of the page to Python: delivered in order, repeated until they are counted, and without their sound."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules, strip
from tests.parley import Parley


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'outbox', 'forwarded_events', 'reports', stops_clock=True) as page:
        yield page


class Outbox:
    """An outbox of its own in the page, with an interval of 50 ms."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def create(self) -> 'Outbox':
        await self.page.evaluate("""() => {
            window.delivered = [];
            window.outbox = new Outbox(({ first, reports }) => delivered.push([first, reports.join("")]), 50);
        }""")
        return self

    async def add(self, *reports: str) -> None:
        await self.page.evaluate('(reports) => reports.forEach((report) => outbox.add(report))', list(reports))

    async def call(self, expression: str) -> Any:
        return await self.page.evaluate(f'outbox.{expression}')

    async def delivered(self) -> list[tuple[int, str]]:
        """The number of the first report and the reports of each message so far."""
        return [(first, reports) for first, reports in await self.page.evaluate('delivered')]


@pytest_asyncio.fixture(loop_scope='session')
async def outbox(modules: Page) -> Outbox:
    return await Outbox(modules).create()


async def test_the_outbox_delivers_at_once_and_then_in_batches(outbox: Outbox) -> None:
    await outbox.add('a', 'b', 'c')
    assert await outbox.delivered() == [(0, 'a')]
    await outbox.page.clock.run_for(49)
    assert await outbox.delivered() == [(0, 'a')]
    await outbox.page.clock.run_for(1)
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc')]
    await outbox.page.clock.run_for(1000)
    await outbox.add('d')
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc'), (3, 'd')]


async def test_python_asks_for_larger_batches(outbox: Outbox) -> None:
    await outbox.add('a', 'b')
    await outbox.call('confirm(1, 100)')
    await outbox.page.clock.run_for(50)
    assert await outbox.delivered() == [(0, 'a'), (1, 'b')]
    await outbox.add('c')
    await outbox.page.clock.run_for(99)
    assert len(await outbox.delivered()) == 2
    await outbox.page.clock.run_for(1)
    assert (await outbox.delivered())[2:] == [(2, 'c')]


async def test_the_outbox_can_be_flushed(outbox: Outbox) -> None:
    await outbox.add('a', 'b', 'c')
    await outbox.call('flush()')
    await outbox.call('flush()')
    await outbox.page.clock.run_for(1000)
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc')]


async def test_the_outbox_repeats_what_python_has_not_counted(outbox: Outbox) -> None:
    await outbox.add('a', 'b', 'c')
    await outbox.call('flush()')
    await outbox.call('resume(2)')
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc'), (2, 'c')]
    await outbox.call('resume(3)')
    assert len(await outbox.delivered()) == 3  # nothing is missing


async def test_the_outbox_forgets_what_python_has_confirmed(outbox: Outbox) -> None:
    await outbox.add('a', 'b', 'c')
    await outbox.call('confirm(1)')
    assert await outbox.call('kept') == ['b', 'c']
    await outbox.call('resume(1)')
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc')]


async def test_a_report_that_cannot_travel_is_given_up_after_two_tries_alone(outbox: Outbox) -> None:
    await outbox.add('a', 'b')
    await outbox.call('flush()')
    for _ in range(3):  # the connection breaks whenever it was sent
        await outbox.page.clock.run_for(3000)
        await outbox.call('resume(0)')
        await outbox.call('resume(0)')  # asked for twice at once
    sent = [each for each in await outbox.delivered() if each[0] == 0]
    assert sent == [(0, 'a')] * 5 + [(0, '[object Object]')] * 2
    assert await outbox.call('kept') == [{'kind': 'lost'}, 'b']


async def test_reports_that_are_held_come_late_and_in_their_order(outbox: Outbox) -> None:
    await outbox.add('a', 'b')
    await outbox.call('hold(300)')
    await outbox.add('c', 'd')
    assert (await outbox.call('due'), await outbox.call('count')) == (2, 4)
    await outbox.page.clock.run_for(299)
    assert await outbox.delivered() == [(0, 'a'), (1, 'b')]
    await outbox.page.clock.run_for(1)
    assert await outbox.delivered() == [(0, 'a'), (1, 'b'), (2, 'cd')]
    await outbox.call('hold(300)')
    await outbox.add('e')
    await outbox.call('flush()')
    await outbox.add('f')
    await outbox.page.clock.run_for(50)
    assert (await outbox.delivered())[3:] == [(4, 'e'), (5, 'f')]


@pytest.mark.parametrize(
    ('event', 'field'),
    [
        ({'type': 'response.output_audio.delta', 'item_id': 'item_1', 'delta': 'AAAA'}, 'delta'),
        ({'type': 'response.audio.delta', 'item_id': 'item_1', 'delta': 'AAAA'}, 'delta'),
        ({'type': 'input_audio_buffer.append', 'audio': 'AAAA'}, 'audio'),
    ],
)
async def test_python_gets_events_without_their_sound(modules: Page, event: dict[str, str], field: str) -> None:
    assert await strip(modules, event) == {**event, field: ''}


async def test_python_gets_items_without_their_sound_but_with_their_words(modules: Page) -> None:
    part = {'type': 'input_audio', 'audio': 'AAAA', 'transcript': 'Hello'}
    event = {'type': 'conversation.item.retrieved', 'item': {'id': 'item_1', 'content': [part]}}
    assert await strip(modules, event) == {**event, 'item': {'id': 'item_1', 'content': [{**part, 'audio': ''}]}}


async def test_words_reach_python_unchanged(modules: Page) -> None:
    event = {'type': 'response.output_audio_transcript.delta', 'item_id': 'item_1', 'delta': 'Hello'}
    assert await strip(modules, event) == event


async def test_the_outbox_keeps_each_message_short_enough_for_nicegui(modules: Page) -> None:
    await modules.evaluate("""() => {
        window.delivered = [];
        window.outbox = new Outbox((message) => delivered.push(message), 50);
        outbox.last = Infinity; // let reports gather
        for (let number = 0; number < 10; number++) outbox.add({ number, picture: "A".repeat(100_000) });
        outbox.resume(0);
    }""")
    messages = await modules.evaluate(
        'delivered.map(({first, reports}) => [first, reports.length, JSON.stringify(reports).length])'
    )
    assert [(first, count) for first, count, _ in messages] == [(0, 2), (2, 2), (4, 2), (6, 2), (8, 2)]
    assert all(length < 250_000 for _, _, length in messages)


PICTURE = 'data:image/jpeg;base64,AAAA'


def picture_event(type_: str, url: str | None, id_: str = 'item_1') -> dict[str, Any]:
    part = {'type': 'input_image'} if url is None else {'type': 'input_image', 'image_url': url}
    return {'type': type_, 'item': {'id': id_, 'content': [part, {'type': 'input_text', 'text': 'Look.'}]}}


@pytest.mark.parametrize('echo', [PICTURE, '', None], ids=['repeated', 'left empty', 'left out'])
async def test_python_gets_each_picture_once(modules: Page, echo: str | None) -> None:
    story = [
        (picture_event('conversation.item.create', PICTURE), 'sent'),
        (picture_event('conversation.item.added', echo), 'received'),
        (picture_event('conversation.item.done', echo), 'received'),
    ]
    events = await modules.evaluate(
        """(story) => {
            const events = new ForwardedEvents();
            return story.map(([event, direction]) => events.strip(event, direction));
        }""",
        story,
    )
    assert events == [
        picture_event('conversation.item.create', ''),
        picture_event('conversation.item.added', PICTURE),
        picture_event('conversation.item.done', ''),
    ]


def words(delta: str, item_id: str = 'item_1', **more: object) -> dict[str, Any]:
    return {'type': 'response.output_text.delta', 'item_id': item_id, 'content_index': 0, 'delta': delta, **more}


async def test_words_that_wait_for_the_same_message_become_one_event(modules: Page) -> None:
    other = {'type': 'response.output_text.done', 'item_id': 'item_1', 'text': 'Hello you there.'}
    story = [
        words('He'),
        words('llo'),
        words(' you'),
        words('Yes', 'item_2'),
        words(' there.'),
        other,
        words('x' * 2000),
    ]
    story += [words('y', event_id='e1'), words('z', event_id='e2'), words('no', content_index=1)]
    delivered, announced = await modules.evaluate(
        """(story) => {
            const delivered = [];
            const reports = new Reports(({ first, reports }) => delivered.push([first, reports.map((it) => it.event)]));
            const announced = story.map((event) => reports.event(event, "received").event);
            reports.outbox.flush();
            return [delivered, announced];
        }""",
        story,
    )
    assert announced == story
    whole = [words('llo you'), words('Yes', 'item_2'), words(' there.'), other, words('x' * 2000)]
    whole += [words('yz', event_id='e2'), words('no', content_index=1)]
    assert delivered == [[0, [words('He')]], [1, whole]]


async def test_an_event_too_large_to_travel_is_shortened_or_replaced(modules: Page) -> None:
    script = """(make) => {
        const event = new ForwardedEvents().strip(eval(make)(), "received");
        return [event, JSON.stringify(event).length];
    }"""
    long = '() => ({ type: "response.done", response: { id: "r1", text: "字".repeat(400_000) } })'
    event, length = await modules.evaluate(script, long)
    assert (event['response']['id'], length < 60_000) == ('r1', True)
    wide = '() => ({ type: "error", event_id: "e1", all: Array(500_000).fill("字") })'
    event, _ = await modules.evaluate(script, wide)
    assert (event['type'], event['event_id']) == ('error', 'e1')
    assert event['placeholder'] == 'The event had 3000040 bytes.'
