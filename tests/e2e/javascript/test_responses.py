"""The sequencer of responses: when a response is requested, and how one is stopped. It needs no call."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley

Event = dict[str, Any]
CREATE, CANCEL, CLEAR = 'response.create', 'response.cancel', 'output_audio_buffer.clear'
TRANSCRIPTION = 'conversation.item.input_audio_transcription'
COMMITTED = {'type': 'input_audio_buffer.committed', 'item_id': 'item_1'}
TRANSCRIBED = {'type': f'{TRANSCRIPTION}.completed', 'item_id': 'item_1'}
SOUND = {'content': [{'type': 'output_audio'}]}


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def module(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'activity', 'responses') as page:
        await page.evaluate(SEQUENCER)
        yield page


SEQUENCER = """() => {
    window.makeSequencer = (send) => {
        const activity = new Activity();
        const responses = new Responses(send, activity);
        const receive = responses.receive.bind(responses);
        responses.receive = (event) => (activity.receive(event), receive(event)); // as a call does
        return responses;
    };
}"""


class Sequencer:
    """A sequencer of its own in the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def create(self) -> 'Sequencer':
        await self.page.evaluate(
            '() => { window.sent = []; window.sequencer = makeSequencer((event) => sent.push(event)); }'
        )
        return self

    async def create_response(self, **event: Any) -> None:
        await self.page.evaluate('(event) => sequencer.create(event)', event)

    async def create_if_words(self) -> None:
        await self.page.evaluate('sequencer.createIfWords()')

    async def activity(self) -> str:
        """The text of the status line."""
        return str(await self.page.evaluate('sequencer.activity.name'))

    async def interrupt(self) -> None:
        await self.page.evaluate('sequencer.interrupt()')

    async def receive(self, *events: Event) -> None:
        """Let the service's events arrive."""
        await self.page.evaluate('(events) => events.forEach((event) => sequencer.receive(event))', list(events))

    async def sent(self) -> list[str]:
        """The types of all events that were sent."""
        return [event['type'] for event in await self.events()]

    async def events(self) -> list[Event]:
        events: list[Event] = await self.page.evaluate('sent')
        return events


@pytest_asyncio.fixture(loop_scope='session')
async def responses(module: Page) -> Sequencer:
    return await Sequencer(module).create()


def created(id_: str = 'r1', conversation: str | None = 'conv_1', modality: str = 'audio') -> Event:
    body = {'id': id_, 'conversation_id': conversation, 'output_modalities': [modality]}
    return {'type': 'response.created', 'response': body}


def done(id_: str = 'r1', *output: Event, conversation: str | None = 'conv_1', status: str = 'completed') -> Event:
    body = {'id': id_, 'conversation_id': conversation, 'status': status, 'output': list(output)}
    return {'type': 'response.done', 'response': body}


def sound(what: str, id_: str = 'r1') -> Event:
    return {'type': f'output_audio_buffer.{what}', 'response_id': id_}


def refused(question: Event, code: str = 'conversation_already_has_active_response') -> Event:
    return {'type': 'error', 'error': {'code': code, 'event_id': question['event_id']}}


async def test_a_response_is_requested_at_once_if_none_is_active(responses: Sequencer) -> None:
    await responses.create_response(response={'instructions': 'Be brief.'})
    (event,) = await responses.events()
    assert event == {
        'type': CREATE,
        'event_id': event['event_id'],
        'response': {'instructions': 'Be brief.'},
    }


async def test_a_response_is_requested_as_soon_as_the_active_one_is_done(responses: Sequencer) -> None:
    await responses.receive(created())
    await responses.create_response()
    await responses.create_response()
    assert await responses.sent() == []
    await responses.receive(done())
    assert await responses.sent() == [CREATE]


async def test_a_request_on_its_way_counts_as_active(responses: Sequencer) -> None:
    await responses.create_response()
    await responses.create_response()
    assert await responses.sent() == [CREATE]
    await responses.receive(created(), done())
    assert await responses.sent() == [CREATE, CREATE]


async def test_out_of_band_responses_do_not_count(responses: Sequencer) -> None:
    await responses.receive(created('aside', conversation=None))
    await responses.create_response()
    assert await responses.sent() == [CREATE]
    await responses.receive(created('r1'), done('aside', conversation=None))
    await responses.create_response()
    assert await responses.sent() == [CREATE]


async def test_in_silence_there_is_nothing_to_interrupt(responses: Sequencer) -> None:
    await responses.interrupt()
    await responses.receive(created(), sound('started'), done('r1', SOUND), sound('stopped'))
    await responses.interrupt()
    assert await responses.sent() == []


@pytest.mark.parametrize(
    ('events', 'sent'),
    [
        ([created(modality='text')], [CANCEL]),
        ([created()], [CANCEL, CLEAR]),  # its sound may have started already
        ([created(), sound('started')], [CANCEL, CLEAR]),
        ([created(), sound('started'), done('r1', SOUND)], [CLEAR]),
        ([created(), done('r1', SOUND)], [CLEAR]),  # its sound is about to start
        ([created(), done('r1')], []),  # it called a function without a word
        ([created(), sound('started'), done('r1', SOUND), created('r2'), sound('stopped')], [CANCEL, CLEAR]),
    ],
    ids=['written', 'begun', 'heard', 'made', 'made quickly', 'without sound', 'two after another'],
)
async def test_interrupting_stops_generation_and_sound(
    responses: Sequencer, events: list[Event], sent: list[str]
) -> None:
    await responses.receive(*events)
    await responses.interrupt()
    await responses.interrupt()
    assert await responses.sent() == sent


async def test_a_message_while_the_ai_speaks_is_answered_after_the_cancelled_response(responses: Sequencer) -> None:
    await responses.receive(created(), sound('started'))
    await responses.interrupt()
    await responses.create_response()
    assert await responses.sent() == [CANCEL, CLEAR]
    await responses.receive(sound('cleared'), done(status='cancelled'))
    assert await responses.sent() == [CANCEL, CLEAR, CREATE]


async def test_a_requested_response_is_cancelled_when_it_begins(responses: Sequencer) -> None:
    await responses.create_response()
    await responses.interrupt()
    await responses.create_response()
    assert await responses.sent() == [CREATE]
    await responses.receive(created())
    assert await responses.sent() == [CREATE, CANCEL, CLEAR]
    await responses.receive(done(status='cancelled'))
    assert await responses.sent() == [CREATE, CANCEL, CLEAR, CREATE]


async def test_stopping_withdraws_waiting_requests(responses: Sequencer) -> None:
    await responses.receive(created())
    await responses.create_response()
    await responses.interrupt()
    await responses.receive(done(status='cancelled'))
    assert await responses.sent() == [CANCEL, CLEAR]


@pytest.mark.parametrize('told_first', [True, False])
async def test_a_request_that_met_a_response_of_the_service_is_repeated_once(
    responses: Sequencer, told_first: bool
) -> None:
    await responses.create_response(response={'instructions': 'Be brief.'})
    (question,) = await responses.events()
    meeting = [created('own'), refused(question)]
    await responses.receive(*(meeting if told_first else reversed(meeting)))
    assert await responses.sent() == [CREATE]
    await responses.receive(done('own'))
    again = (await responses.events())[-1]
    assert again == {**question, 'event_id': again['event_id']}

    await responses.receive(created('own2'), refused(again), done('own2'))
    assert await responses.sent() == [CREATE, CREATE]


async def test_a_refused_request_is_not_repeated_after_an_interruption(responses: Sequencer) -> None:
    await responses.create_response()
    (question,) = await responses.events()
    await responses.receive(created('own'))
    await responses.interrupt()
    await responses.receive(refused(question), done('own', status='cancelled'))
    assert await responses.sent() == [CREATE, CANCEL, CLEAR]


async def test_a_request_refused_for_another_reason_blocks_nothing(responses: Sequencer) -> None:
    await responses.create_response()
    (question,) = await responses.events()
    await responses.receive(refused(question, 'rate_limit_exceeded'))
    await responses.create_response()
    assert await responses.sent() == [CREATE, CREATE]


async def test_unrelated_errors_change_nothing(responses: Sequencer) -> None:
    await responses.create_response()
    await responses.receive(
        {'type': 'error', 'error': {'code': 'item_not_found', 'event_id': None}},
        {'type': 'error', 'error': {'code': 'item_not_found', 'event_id': 'event_of_another'}},
        {'type': 'error'},
    )
    await responses.create_response()
    assert await responses.sent() == [CREATE]


async def test_an_error_that_names_no_event_frees_the_next_request(responses: Sequencer) -> None:
    """Some services do not say which event an error is about, and have codes of their own."""
    await responses.create_response()
    await responses.create_response(response={'metadata': {'number': '2'}})
    assert await responses.sent() == [CREATE]
    await responses.receive({'type': 'error', 'error': {'code': 'odd', 'message': 'No.'}})
    assert await responses.sent() == [CREATE, CREATE]


async def test_a_request_without_any_answer_is_lost_after_some_seconds(responses: Sequencer) -> None:
    await responses.page.evaluate('() => { sequencer.time = 0; sequencer.now = () => sequencer.time; }')
    await responses.create_response()
    await responses.page.evaluate('() => { sequencer.time = 9_000; }')
    await responses.create_response()
    assert await responses.sent() == [CREATE]
    await responses.page.evaluate('() => { sequencer.time = 11_000; }')
    await responses.receive({'type': 'rate_limits.updated'})
    assert await responses.sent() == [CREATE, CREATE]


async def test_stopping_ends_responses_beside_the_conversation_too(responses: Sequencer) -> None:
    aside = {**created('beside'), 'response': {**created('beside')['response'], 'conversation_id': None}}
    await responses.create_response()
    await responses.receive(created('own'), aside)
    await responses.interrupt()
    events = await responses.events()
    assert [(event['type'], event.get('response_id')) for event in events[1:]] == [
        (CANCEL, None),
        (CANCEL, 'beside'),
        (CLEAR, None),
    ]
    assert await responses.activity() == 'listening'


async def test_speech_with_words_is_answered(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.receive(COMMITTED)
    await responses.receive({**TRANSCRIBED, 'item_id': 'item_before', 'transcript': 'A turn before.'})
    assert await responses.sent() == []
    await responses.receive({**TRANSCRIBED, 'transcript': 'Hello.'})
    assert await responses.sent() == [CREATE]


async def test_speech_without_words_is_not_answered(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.receive(COMMITTED)
    assert await responses.activity() == 'thinking'
    await responses.receive({**TRANSCRIBED, 'transcript': ' '})
    assert await responses.sent() == []
    assert await responses.activity() == 'listening'


async def test_speech_that_could_not_be_recognised_is_answered_with_the_reason(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.receive(COMMITTED, {**TRANSCRIBED, 'type': f'{TRANSCRIPTION}.failed', 'error': {'code': 'x'}})
    assert await responses.sent() == [CREATE]


async def test_an_empty_buffer_is_not_answered(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.receive({'type': 'error', 'error': {'code': 'input_audio_buffer_commit_empty'}})
    assert await responses.sent() == []
    await responses.create_if_words()
    await responses.receive(COMMITTED, {**TRANSCRIBED, 'transcript': 'Hello.'})
    assert await responses.sent() == [CREATE]


async def test_speech_that_was_interrupted_meanwhile_is_not_answered(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.interrupt()
    await responses.create_if_words()
    await responses.receive(COMMITTED, {**COMMITTED, 'item_id': 'item_2'})
    await responses.receive({**TRANSCRIBED, 'transcript': 'Interrupted.'})
    assert await responses.sent() == []
    await responses.receive({**TRANSCRIBED, 'item_id': 'item_2', 'transcript': 'Hello.'})
    assert await responses.sent() == [CREATE]


async def test_speech_before_a_written_turn_is_not_answered_once_more(responses: Sequencer) -> None:
    await responses.create_if_words()
    await responses.create_response()
    await responses.receive(COMMITTED, {**TRANSCRIBED, 'transcript': 'Hello.'})
    assert await responses.sent() == [CREATE]


async def test_the_last_request_is_answered_in_any_order_of_events(module: Page) -> None:
    """Simulate a thousand conversations with a service that is late, speaks first, and refuses like the real one."""
    told = await module.evaluate(RANDOM_CONVERSATIONS, 1000)
    assert told['unanswered'] == []
    assert told['refusedWithoutRace'] == []
    assert told['unfinished'] == []
    assert told['races'] > 0  # so the service did get in between


RANDOM_CONVERSATIONS = """(count) => {
    const told = { unanswered: [], refusedWithoutRace: [], unfinished: [], races: 0 };
    for (let seed = 1; seed <= count; seed++) {
        let state = seed;
        const random = (below) => ((state = (state * 48271) % 2147483647) % below);
        const refusals = {}; // of each question
        const up = [], down = []; // what is on its way to the service, and from it
        let active = null, numbers = 0, answerable = 0, answered = 0, own = 0;
        const responses = makeSequencer((event) => up.push({ ...event, question: answerable }));

        const begin = (question) => {
            active = `r${++numbers}`;
            answered = Math.max(answered, question);
            down.push({ type: "response.created", response: { id: active, conversation_id: "c" } });
        };
        const finish = (status) => {
            down.push({ type: "response.done", response: { id: active, conversation_id: "c", status } });
            active = null;
        };
        const serve = (event) => {
            if (event.type === "response.cancel" && active) finish("cancelled");
            if (event.type !== "response.create") return;
            if (!active) return begin(event.question);
            told.races++;
            refusals[event.question] = (refusals[event.question] ?? 0) + 1;
            if (!own) told.refusedWithoutRace.push(seed);
            const code = "conversation_already_has_active_response";
            down.push({ type: "error", error: { code, event_id: event.event_id } });
        };
        const steps = [
            () => (answerable++, responses.create()),
            () => (answerable++, responses.interrupt(), responses.create()),
            () => up.length && serve(up.shift()),
            () => up.length && serve(up.shift()),
            () => down.length && responses.receive(down.shift()),
            () => down.length && responses.receive(down.shift()),
            () => active && finish("completed"),
            () => seed % 2 && !active && (own++, begin(answerable)), // somebody spoke, and what is known gets answered
        ];
        for (let step = 0; step < 60; step++) steps[random(steps.length)]();
        for (let round = 0; round < 20; round++) {
            while (up.length) serve(up.shift());
            while (down.length) responses.receive(down.shift());
            if (active) finish("completed");
        }
        if (answered < answerable && !(refusals[answerable] > 1)) told.unanswered.push(seed);
        if (responses.state !== "idle" || responses.waiting) told.unfinished.push(seed);
    }
    return told;
}"""
