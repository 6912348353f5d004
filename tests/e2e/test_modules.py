"""The JavaScript modules of a call that need no call: what goes on in it, and the way of its reports to Python."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.parley import Parley

from .witness import WitnessedPage


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(silent_browser: Browser, parley: Parley) -> AsyncIterator[Page]:
    """A page that has imported the modules as Parley serves them, and whose time stands still."""
    context = await silent_browser.new_context()
    page = await context.new_page()
    await WitnessedPage(page, parley.url).open()
    await page.evaluate("""async () => {
        Object.assign(window, await import("activity"), await import("outbox"),
            await import("pictures"));
    }""")
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate('Date.now()') + 1000)
    yield page
    await context.close()


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


async def test_the_outbox_can_be_flushed(outbox: Outbox) -> None:
    await outbox.add('a', 'b', 'c')
    await outbox.call('flush()')
    await outbox.call('flush()')
    await outbox.page.clock.run_for(1000)
    assert await outbox.delivered() == [(0, 'a'), (1, 'bc')]


async def test_the_outbox_sends_again_what_python_has_not_counted(outbox: Outbox) -> None:
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


@pytest.mark.parametrize(
    ('activity', 'event', 'after'),
    [
        ('listening', {'type': 'input_audio_buffer.speech_started'}, 'hearing'),
        ('hearing', {'type': 'input_audio_buffer.speech_stopped'}, 'hearing'),
        ('hearing', {'type': 'input_audio_buffer.committed'}, 'thinking'),
        ('thinking', {'type': 'output_audio_buffer.started'}, 'speaking'),
        ('speaking', {'type': 'response.done', 'response': {'status': 'completed'}}, 'speaking'),  # sounds on
        ('speaking', {'type': 'output_audio_buffer.stopped'}, 'listening'),
        ('hearing', {'type': 'output_audio_buffer.cleared'}, 'hearing'),  # by the voice that interrupts
        ('speaking', {'type': 'output_audio_buffer.cleared'}, 'listening'),
        ('thinking', {'type': 'response.done', 'response': {'status': 'failed'}}, 'listening'),
        ('thinking', {'type': 'response.done', 'response': {'status': 'cancelled'}}, 'listening'),
        (
            'thinking',
            {'type': 'response.done', 'response': {'status': 'completed', 'output_modalities': ['text']}},
            'listening',
        ),
        (
            'thinking',
            {'type': 'response.done', 'response': {'status': 'completed', 'output_modalities': ['audio']}},
            'thinking',  # its sound is about to start
        ),
        ('speaking', {'type': 'some.event.of.tomorrow'}, 'speaking'),
    ],
)
async def test_what_goes_on_follows_from_the_events(
    modules: Page, activity: str, event: dict[str, Any], after: str
) -> None:
    told = await modules.evaluate('([activity, event]) => activityAfter(activity, event)', [activity, event])
    assert told == after


@pytest.mark.parametrize(
    ('event', 'field'),
    [
        ({'type': 'response.output_audio.delta', 'item_id': 'item_1', 'delta': 'AAAA'}, 'delta'),
        ({'type': 'response.audio.delta', 'item_id': 'item_1', 'delta': 'AAAA'}, 'delta'),
        ({'type': 'input_audio_buffer.append', 'audio': 'AAAA'}, 'audio'),
    ],
)
async def test_python_gets_events_without_their_sound(modules: Page, event: dict[str, str], field: str) -> None:
    assert await modules.evaluate('(event) => withoutSound(event)', event) == {**event, field: ''}


async def test_python_gets_items_without_their_sound_but_with_their_words(modules: Page) -> None:
    part = {'type': 'input_audio', 'audio': 'AAAA', 'transcript': 'Hello'}
    event = {'type': 'conversation.item.retrieved', 'item': {'id': 'item_1', 'content': [part]}}
    told = await modules.evaluate('(event) => withoutSound(event)', event)
    assert told == {**event, 'item': {'id': 'item_1', 'content': [{**part, 'audio': ''}]}}


async def test_words_reach_python_as_they_are(modules: Page) -> None:
    event = {'type': 'response.output_audio_transcript.delta', 'item_id': 'item_1', 'delta': 'Hello'}
    assert await modules.evaluate('(event) => withoutSound(event)', event) == event


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


def showing(type_: str, url: str | None, id_: str = 'item_1') -> dict[str, Any]:
    part = {'type': 'input_image'} if url is None else {'type': 'input_image', 'image_url': url}
    return {'type': type_, 'item': {'id': id_, 'content': [part, {'type': 'input_text', 'text': 'Look.'}]}}


@pytest.mark.parametrize('echo', [PICTURE, '', None], ids=['repeated', 'left empty', 'left out'])
async def test_python_gets_each_picture_once(modules: Page, echo: str | None) -> None:
    story = [
        (showing('conversation.item.create', PICTURE), 'sent'),
        (showing('conversation.item.added', echo), 'received'),
        (showing('conversation.item.done', echo), 'received'),
    ]
    told = await modules.evaluate(
        """(story) => {
            const pictures = new Pictures();
            return story.map(([event, direction]) => pictures.once(event, direction));
        }""",
        story,
    )
    assert told == [
        showing('conversation.item.create', ''),
        showing('conversation.item.added', PICTURE),
        showing('conversation.item.done', ''),
    ]
