"""The checker of event orders, and the program that applies it to recordings."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine import recording
from tests.engine.order import EventOrder
from tests.engine.response_order import OutOfOrder

Event = dict[str, Any]
TRANSCRIPTION = 'conversation.item.input_audio_transcription'


def event(type: str, **fields: Any) -> Event:
    return {'type': type, **fields}


def item(step: str, id: str, previous: str | None, status: str = 'completed', **fields: Any) -> Event:
    return event(
        f'conversation.item.{step}',
        previous_item_id=previous,
        item={'id': id, 'type': 'message', 'status': status, **fields},
    )


def output(step: str, id: str, index: int = 0, response: str = 'r1', **fields: Any) -> Event:
    status = 'in_progress' if step == 'added' else 'completed'
    made = {'id': id, 'type': 'message', 'status': status, **fields}
    return event(f'response.output_item.{step}', response_id=response, output_index=index, item=made)


def content(type: str, id: str = 'answer', response: str = 'r1') -> Event:
    return event(f'response.{type}', response_id=response, item_id=id, output_index=0, content_index=0)


def arguments(step: str, id: str = 'call') -> Event:
    type = f'response.function_call_arguments.{step}'
    return event(type, response_id='r1', item_id=id, output_index=1, call_id='c')


def created(id: str = 'r1', conversation: str | None = 'conv') -> Event:
    return event('response.created', response={'id': id, 'conversation_id': conversation, 'output': []})


def done(*outputs: str, id: str = 'r1', status: str = 'completed') -> Event:
    return event('response.done', response={'id': id, 'status': status, 'output': [{'id': id} for id in outputs]})


STARTED = event('input_audio_buffer.speech_started', item_id='question')
STOPPED = event('input_audio_buffer.speech_stopped', item_id='question')
COMMITTED = event('input_audio_buffer.committed', item_id='question', previous_item_id=None)
WORDS = event(f'{TRANSCRIPTION}.delta', item_id='question', content_index=0)
ALL_WORDS = event(f'{TRANSCRIPTION}.completed', item_id='question', content_index=0)
SPOKEN = [STARTED, STOPPED, COMMITTED, item('added', 'question', None), item('done', 'question', None)]
HEARD = event('output_audio_buffer.started', response_id='r1')
UNHEARD = event('output_audio_buffer.stopped', response_id='r1')
CLEARED = event('output_audio_buffer.cleared', response_id='r1')
TRUNCATED = event('conversation.item.truncated', item_id='answer', content_index=0, audio_end_ms=10)
ANSWER = [
    created(),
    output('added', 'answer'),
    item('added', 'answer', 'question', 'in_progress'),
    content('content_part.added'),
    content('output_audio_transcript.delta'),
    HEARD,
    content('output_audio.delta'),
    content('output_audio.done'),
    content('output_audio_transcript.done'),
    content('content_part.done'),
    item('done', 'answer', None),
    output('done', 'answer'),
    done('answer'),
    event('rate_limits.updated'),
    UNHEARD,
]
SESSION = event('session.created')
TURN = [SESSION, *SPOKEN, *ANSWER]
CALL = [
    output('added', 'call', 1, type='function_call'),
    item('added', 'call', 'answer', 'in_progress', type='function_call'),
    arguments('delta'),
    arguments('done'),
    item('done', 'call', 'answer', type='function_call'),
    output('done', 'call', 1, type='function_call'),
]


def check(events: list[Event], *, whole: bool | None = None) -> None:
    order = EventOrder(whole=whole)
    for number, each in enumerate(events):
        order.add({'event_id': f'event_{number}', **each})


@pytest.mark.parametrize(
    'events',
    [
        TURN,
        [*TURN[:7], WORDS, ALL_WORDS, *TURN[7:]],
        [*TURN, WORDS, ALL_WORDS],
        [*TURN[:18], *CALL, done('answer', 'call'), item('added', 'output', 'call'), item('done', 'output', 'call')],
        [SESSION, created(conversation=None), created('r2'), done(id='r2', status='failed'), done()],
        [*TURN[:-1], CLEARED, TRUNCATED],
        [*TURN[:-3], done('answer', status='cancelled'), content('output_audio.delta')],
        [*TURN, event('conversation.item.deleted', item_id='answer'), item('added', 'next', 'question')],
        [*TURN, item('added', 'first', None), item('added', 'second', 'first'), item('added', 'last', 'answer')],
        [SESSION, STARTED, event('input_audio_buffer.cleared'), {**STARTED, 'item_id': 'another'}],
        [SESSION, COMMITTED, *SPOKEN[3:]],
        [event('session.updated'), *SPOKEN, *ANSWER],
        ANSWER[3:],
        [UNHEARD, event('conversation.item.retrieved', item={'id': 'old'}), item('added', 'new', 'old')],
    ],
)
def test_allowed_orders_pass(events: list[Event]) -> None:
    check(events)


@pytest.mark.parametrize(
    ('events', 'reason'),
    [
        ([*SPOKEN, SESSION], 'session.created must be the first event'),
        ([SESSION, {**HEARD, 'event_id': 'event_0'}], 'event_0 came twice'),
        ([SESSION, STOPPED], 'Speech stopped in question, but never started'),
        ([SESSION, STARTED, {**STARTED, 'item_id': 'x'}], 'Speech started in x while question was spoken'),
        ([SESSION, *SPOKEN, STARTED], 'Speech started in the item question, which exists already'),
        ([SESSION, STARTED, {**COMMITTED, 'item_id': 'x'}], 'x was committed while question was spoken'),
        ([SESSION, STARTED, STOPPED, SPOKEN[3]], 'question was added before it was committed'),
        ([SESSION, COMMITTED, item('added', 'x', None)], 'x was added before question was'),
        ([*TURN, {**COMMITTED, 'item_id': 'x'}], 'x was to follow None, but the last one was answer'),
        ([*TURN, item('added', 'x', 'nobody')], 'There is no item nobody'),
        ([SESSION, SPOKEN[3], SPOKEN[3]], 'question was added twice'),
        ([SESSION, SPOKEN[4]], 'There is no item question'),
        ([*TURN, SPOKEN[4]], 'question was done twice'),
        ([SESSION, WORDS, *SPOKEN], 'transcription of question came before the item'),
        ([*TURN, ALL_WORDS, WORDS], 'transcription of question went on after its end'),
        ([*TURN[:-2], created(), done()], 'r1 was created twice'),
        ([*TURN[:8], created('r2')], 'r2 was created while r1 was active'),
        ([SESSION, *ANSWER[1:]], 'There was no response.created for r1'),
        ([SESSION, created(), output('added', 'answer', 1)], 'output 1 of r1 was added after 0 others'),
        ([SESSION, created(), item('added', 'x', None, 'in_progress')], 'x was added before its response.output_item'),
        ([*TURN[:8], item('added', 'answer', None, 'in_progress')], 'to follow None, but the last one was question'),
        ([*TURN[:9], content('output_text.delta')], 'came before response.content_part.added'),
        ([*TURN[:10], content('content_part.added')], 'content 0 of answer was added twice'),
        (
            [*TURN[:13], content('content_part.done')],
            'before response.output_audio and response.output_audio_transcript',
        ),
        ([*TURN[:14], content('output_audio.delta')], 'output_audio.delta came after response.output_audio.done'),
        ([*TURN[:14], item('done', 'answer', None)], 'answer was done before its content 0'),
        ([*TURN[:15], output('done', 'answer')], 'came before conversation.item.done of answer'),
        ([*TURN[:15], done('answer')], 'r1 was done before its output answer'),
        ([*TURN[:18], content('output_audio.delta')], 'came after response.output_item.done of answer'),
        ([*TURN[:18], done()], 'r1 was done with other items'),
        ([*TURN[:18], done('answer', status='in_progress')], 'done with the status in_progress'),
        ([*TURN, done('answer')], 'r1 was done twice'),
        ([*TURN, content('output_audio.delta')], 'came after response.done of r1'),
        ([*TURN[:18], *CALL[:3], CALL[4]], 'call was done before its arguments'),
        ([*TURN[:7], HEARD], 'r1 was heard before it had an item'),
        ([*TURN, HEARD], 'The sound of r1 started twice'),
        ([*TURN, CLEARED], 'The sound of r1 ended, but did not play'),
        ([*TURN[:-1], created('r2'), output('added', 'x', response='r2'), {**HEARD, 'response_id': 'r2'}], 'while r1'),
        ([SESSION, TRUNCATED], 'There is no item answer'),
        ([*TURN, *2 * [event('conversation.item.deleted', item_id='answer')]], 'There is no item answer'),
    ],
)
def test_forbidden_orders_fail(events: list[Event], reason: str) -> None:
    with pytest.raises(OutOfOrder, match=reason):
        check(events)


def test_a_recording_in_order_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(tmp_path, TURN)
    monkeypatch.setattr(sys, 'argv', ['recording', str(path)])
    recording.main()
    assert capsys.readouterr().out == f'{path}: {len(TURN)} server events, all in order.\n'


@pytest.mark.parametrize(
    ('events', 'reason'),
    [
        (
            [SESSION, STOPPED],
            'Line 3, input_audio_buffer.speech_stopped: Speech stopped in question, but never started.',
        ),
        ([SESSION, {'type': 'response.done'}], "Line 3 is no recorded event of the protocol: KeyError('response')"),
    ],
)
def test_a_recording_out_of_order_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, events: list[Event], reason: str
) -> None:
    path = record(tmp_path, events)
    monkeypatch.setattr(sys, 'argv', ['recording', str(path)])
    with pytest.raises(SystemExit) as ended:
        recording.main()
    assert ended.value.code == f'{path}: {reason}'


def record(folder: Path, events: list[Event]) -> Path:
    """Write what a client sent first, and what the server answered."""
    path = folder / 'recording.jsonl'
    sent = {'direction': 'sent', 'event': {'type': 'response.create'}}
    received = ({'direction': 'received', 'event': {'event_id': f'e{n}', **each}} for n, each in enumerate(events))
    path.write_text('\n'.join(json.dumps(line) for line in (sent, *received)))
    return path
