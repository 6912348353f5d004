"""The JavaScript modules of a call that need no call: who is speaking, and the reports to Python."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.parley import Parley

from .witness import WitnessedPage


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(silent_browser: Browser, parley: Parley) -> AsyncIterator[Page]:
    """A page with a stopped clock that has imported the modules as Parley serves them."""
    context = await silent_browser.new_context()
    page = await context.new_page()
    await WitnessedPage(page, parley.url).open()
    await page.evaluate("""async () => {
        Object.assign(window, await import("activity"), await import("outbox"),
            await import("forwarded_events"), await import("idle_watch"), await import("event_reader"));
    }""")
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate('Date.now() / 1000') + 1)
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


SPEECH = {'type': 'input_audio_buffer.speech_started'}
COMMITTED = {'type': 'input_audio_buffer.committed'}
CREATED = {'type': 'response.created', 'response': {'id': 'r1', 'conversation_id': 'c'}}
STARTED = {'type': 'output_audio_buffer.started', 'response_id': 'r1'}
STOPPED = {'type': 'output_audio_buffer.stopped', 'response_id': 'r1'}
CLEARED = {'type': 'output_audio_buffer.cleared', 'response_id': 'r1'}
SOUND = {'type': 'message', 'content': [{'type': 'output_audio'}]}
TEXT = {'type': 'message', 'content': [{'type': 'output_text'}]}
FUNCTION = {'type': 'function_call', 'name': 'weather'}


def done(*output: dict[str, Any], status: str = 'completed', id_: str = 'r1', **more: Any) -> dict[str, Any]:
    return {'type': 'response.done', 'response': {'id': id_, 'status': status, 'output': list(output), **more}}


@pytest.mark.parametrize(
    ('events', 'activity'),
    [
        ([], 'listening'),
        ([SPEECH], 'hearing'),
        ([SPEECH, {'type': 'input_audio_buffer.speech_stopped'}], 'hearing'),
        ([SPEECH, COMMITTED], 'thinking'),
        ([SPEECH, {'type': 'input_audio_buffer.cleared'}], 'listening'),
        ([COMMITTED, CREATED], 'thinking'),
        ([CREATED, STARTED], 'speaking'),
        ([CREATED, STARTED, done(SOUND)], 'speaking'),  # its sound is not over
        ([CREATED, STARTED, done(SOUND), STOPPED], 'listening'),
        ([CREATED, STARTED, STOPPED, done(SOUND)], 'listening'),
        ([CREATED, done(SOUND)], 'thinking'),  # its sound is about to start
        ([CREATED, done(SOUND), STARTED], 'speaking'),
        ([CREATED, done(TEXT)], 'listening'),
        ([CREATED, done(FUNCTION)], 'thinking'),  # the answer follows once the function has returned
        ([CREATED, done(status='failed')], 'listening'),
        ([CREATED, done(SOUND, status='cancelled')], 'listening'),
        ([CREATED, STARTED, SPEECH], 'hearing'),
        ([CREATED, STARTED, SPEECH, CLEARED], 'hearing'),
        ([CREATED, STARTED, SPEECH, COMMITTED], 'speaking'),  # the session does not let speech interrupt
        ([CREATED, STARTED, CLEARED, done(SOUND, status='cancelled')], 'listening'),
        ([CREATED, STARTED, COMMITTED, CLEARED], 'thinking'),
        ([CREATED, STARTED, {'type': 'some.event.of.tomorrow'}], 'speaking'),
        ([CREATED, {'type': 'response.created'}, {'type': 'response.done'}], 'thinking'),
    ],
)
async def test_the_events_tell_who_is_speaking(modules: Page, events: list[dict[str, Any]], activity: str) -> None:
    assert await activity_after(modules, events) == activity


async def test_an_out_of_band_response_counts_only_if_it_is_heard(modules: Page) -> None:
    aside = {'id': 'r1', 'conversation_id': None, 'output_modalities': ['text']}
    assert await activity_after(modules, [{'type': 'response.created', 'response': aside}]) == 'listening'
    aside = {'id': 'r1', 'conversation_id': None, 'output_modalities': ['audio']}
    assert await activity_after(modules, [{'type': 'response.created', 'response': aside}, STARTED]) == 'speaking'


async def test_an_answer_that_was_stopped_counts_as_over_at_once(modules: Page) -> None:
    script = (
        '(events) => { const it = new Activity(); events.forEach((e) => it.receive(e)); it.interrupt(); return it; }'
    )
    for events in ([COMMITTED], [CREATED], [CREATED, STARTED], [CREATED, done(FUNCTION)]):
        assert await modules.evaluate(f'(events) => ({script})(events).name', events) == 'listening'


async def activity_after(page: Page, events: list[dict[str, Any]]) -> Any:
    script = '(events) => { const it = new Activity(); events.forEach((e) => it.receive(e)); return it.name; }'
    return await page.evaluate(script, events)


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


async def strip(page: Page, event: dict[str, Any]) -> Any:
    return await page.evaluate('(event) => new ForwardedEvents().strip(event, "received")', event)


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


DELTA = {'type': 'response.output_text.delta', 'response_id': 'r1', 'item_id': 'a1', 'content_index': 0}


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


class Watch:
    """A watched call in the page, with a limit of five minutes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def start(self) -> 'Watch':
        await self.page.evaluate("""() => {
            window.call = { talking: false, heard: false, said: [] };
            window.watched?.stop();
            window.watched = new IdleWatch({
                isUserTalking: () => call.talking,
                isAnswerHeard: () => call.heard,
                onLife: () => call.said.push("life"),
                onWarning: (seconds) => call.said.push(seconds),
                onForgotten: () => (call.said.push("forgotten"), watched.stop()),
            });
            watched.setLimit(300);
            watched.start();
        }""")
        return self

    async def pass_(self, seconds: float) -> None:
        await self.page.clock.run_for(round(seconds * 1000))

    async def run(self, script: str) -> None:
        await self.page.evaluate(f'() => {{ {script} }}')

    async def receive(self, *events: dict[str, Any]) -> None:
        await self.page.evaluate('(events) => events.forEach((event) => watched.receive(event))', list(events))

    async def said(self) -> list[Any]:
        """Return what the watch has said since the last look, but for life."""
        said = await self.page.evaluate('call.said.splice(0)')
        return [each for each in said if each != 'life']


@pytest_asyncio.fixture(loop_scope='session')
async def watch(modules: Page) -> Watch:
    return await Watch(modules).start()


async def test_a_forgotten_call_warns_a_minute_before_it_hangs_up(watch: Watch) -> None:
    await watch.pass_(239)
    assert await watch.said() == []
    await watch.pass_(60)
    assert await watch.said() == [60]
    await watch.pass_(2)
    assert await watch.said() == ['forgotten', 0]
    await watch.pass_(1000)
    assert await watch.said() == []


@pytest.mark.parametrize('sign', ['keydown', 'pointerdown'])
async def test_a_key_or_a_touch_takes_the_warning_back(watch: Watch, sign: str) -> None:
    await watch.pass_(250)
    await watch.run(f'document.body.dispatchEvent(new Event("{sign}", {{ bubbles: true }}))')
    assert await watch.said() == [60, 0]
    await watch.pass_(239)
    assert await watch.said() == []


@pytest.mark.parametrize('events', [[SPEECH], [COMMITTED, CREATED], [STARTED]], ids=['word', 'answer', 'sound'])
async def test_a_word_or_an_answer_takes_the_warning_back(watch: Watch, events: list[dict[str, Any]]) -> None:
    await watch.pass_(250)
    await watch.receive(*events)
    assert await watch.said() == [60, 0]


@pytest.mark.parametrize('who', ['talking', 'heard'])
async def test_a_long_turn_is_not_idle(watch: Watch, who: str) -> None:
    await watch.run(f'call.{who} = true')
    await watch.pass_(900)
    await watch.run(f'call.{who} = false')
    await watch.pass_(239)
    assert await watch.said() == []  # counted from its end
    await watch.pass_(62)
    assert await watch.said() == [60, 'forgotten', 0]


async def test_an_ai_that_asks_into_the_silence_keeps_no_call_alive(watch: Watch) -> None:
    nudge: list[dict[str, Any]] = [
        {'type': 'input_audio_buffer.timeout_triggered', 'item_id': 'item_1'},
        COMMITTED,
        CREATED,
        STARTED,
    ]
    for _ in range(14):
        await watch.pass_(20)
        await watch.receive(*nudge)
    await watch.run('call.heard = true')
    await watch.pass_(30)
    assert await watch.said() == [60]  # not in the middle of its question
    await watch.run('call.heard = false')
    await watch.pass_(1)
    assert await watch.said() == ['forgotten', 0]


async def test_a_computer_that_slept_hangs_up_when_it_wakes(watch: Watch) -> None:
    await watch.run('call.heard = true')  # the lid was closed in the middle of an answer
    await watch.pass_(10)
    await watch.page.clock.set_system_time(await watch.page.evaluate('Date.now() + 3_600_000'))
    assert await watch.page.evaluate('watched.isForgotten')  # so that a loss is not recovered
    await watch.run('dispatchEvent(new Event("keydown"))')  # that wakes the computer
    assert await watch.said() == ['forgotten']


async def test_the_limit_may_change_in_the_call(watch: Watch) -> None:
    await watch.pass_(100)
    await watch.run('watched.setLimit(0)')
    await watch.pass_(1000)
    assert await watch.said() == []
    await watch.run('watched.setLimit(60)')
    await watch.pass_(46)
    assert await watch.said() == [15]


async def test_python_hears_of_life_a_few_times_per_limit(watch: Watch) -> None:
    await watch.run('call.talking = true')
    await watch.pass_(299)
    life = await watch.page.evaluate('call.said.length')
    assert 8 <= life <= 11
