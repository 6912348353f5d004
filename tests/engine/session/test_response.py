"""One response without a session: cases that `test_session` and `test_spoken_turns` cannot cause."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from components.engine.minds.mind import CallPiece, CutShort, MindError, Piece
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import SessionConfig
from components.engine.protocol.wire import EventValue
from components.engine.session.conversation import Conversation
from components.engine.session.response import Response
from components.engine.session.response_options import ResponseOptions
from tests.engine.checked_events import check


class Scene:
    """A written response, and what it emits."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.conversation = Conversation()
        options = ResponseOptions.of(SessionConfig(output_modalities=('text',)))
        self.response = Response(
            options, self.conversation, emit=self.emit, context=lambda: self.conversation.items, speak=nothing
        )

    def emit(self, type: str, /, **fields: EventValue) -> None:
        self.events.append(check({'type': type, 'event_id': 'event_1', **fields}))


async def nothing(text: str) -> AsyncGenerator[bytes, None]:
    return
    yield b''


async def pieces(*texts: Piece | Exception) -> AsyncGenerator[Piece, None]:
    for text in texts:
        if isinstance(text, Exception):
            raise text
        yield text


async def test_a_response_is_done_only_once() -> None:
    scene = Scene()
    scene.response.cancel('client_cancelled')
    scene.response.fail(RealtimeError('Too late.', code='speech_failed'))
    await scene.response.run(pieces())
    assert [event['type'] for event in scene.events] == ['response.done', 'rate_limits.updated']
    assert scene.response.status == 'cancelled'


async def test_an_empty_answer_is_complete() -> None:
    scene = Scene()
    await scene.response.run(pieces())
    assert scene.response.status == 'completed'
    assert not scene.conversation.items


async def test_an_exception_in_the_mind_fails_the_response(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    await scene.response.run(pieces('One. ', ValueError('an inner secret')))
    done = scene.events[-2]['response']
    assert done['status'] == 'failed'
    assert done['status_details']['error']['code'] == 'internal_error'
    assert 'secret' not in str(scene.events)
    assert 'secret' in caplog.text


@pytest.mark.parametrize('text', ['One two.', ' One  two. ', 'One\ntwo', '  ', 'One'])
async def test_the_deltas_make_up_the_text(text: str) -> None:
    scene = Scene()
    await scene.response.run(pieces(text))
    assert ''.join(event['delta'] for event in scene.events if event['type'].endswith('.delta')) == text
    assert [event['text'] for event in scene.events if event['type'].endswith('text.done')] == [text]


async def test_words_and_calls_are_items_of_their_own() -> None:
    scene = Scene()
    begun, rest = CallPiece('go', 'call_2', '{"a":'), CallPiece('go', 'call_2', '1}')
    await scene.response.run(pieces('One', CallPiece('stop', 'call_1'), begun, ' two.', rest))
    assert scene.response.status == 'completed'
    [said, stop, go] = scene.events[-2]['response']['output']
    assert (said['content'], said['status']) == ([{'type': 'output_text', 'text': 'One two.'}], 'completed')
    assert (stop['name'], stop['call_id'], stop['arguments'], stop['status']) == ('stop', 'call_1', '', 'completed')
    assert (go['name'], go['call_id'], go['arguments'], go['status']) == ('go', 'call_2', '{"a":1}', 'completed')
    for type in ('response.output_item.added', 'response.output_item.done'):
        items = [(event['output_index'], event['item']['id']) for event in scene.events if event['type'] == type]
        assert items == [(0, said['id']), (1, stop['id']), (2, go['id'])]
    assert [item.wire() for item in scene.conversation.items] == [said, stop, go]


async def test_an_incomplete_call_is_never_done() -> None:
    scene = Scene()
    await scene.response.run(pieces(CallPiece('go', 'call_1', '{"a":'), MindError('The mind is lost. Ask again.')))
    assert 'response.function_call_arguments.done' not in [event['type'] for event in scene.events]
    done = scene.events[-2]['response']
    assert done['output'][0]['status'] == 'incomplete'
    assert done['status_details']['error']['code'] == 'mind_failed'
    assert done['status_details']['error']['message'] == 'The mind is lost. Ask again.'


async def test_an_answer_that_is_cut_short_keeps_its_words() -> None:
    scene = Scene()
    await scene.response.run(pieces('One two', CutShort('content_filter')))
    done = scene.events[-2]['response']
    assert done['status_details'] == {'type': 'incomplete', 'reason': 'content_filter'}
    assert done['output'][0]['content'][0]['text'] == 'One two'


async def test_an_item_deleted_during_the_response_stays_deleted() -> None:
    scene = Scene()

    async def deleting() -> AsyncGenerator[Piece, None]:
        yield 'One. '
        scene.conversation.remove(scene.conversation.items[0].id)
        yield 'Two.'

    await scene.response.run(deleting())
    assert scene.response.status == 'completed'
    assert 'conversation.item.done' not in [event['type'] for event in scene.events]
