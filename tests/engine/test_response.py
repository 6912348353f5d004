"""One response by itself, apart from its session: what `test_session` and `test_spoken_turns` cannot provoke."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from components.engine.conversation import Conversation
from components.engine.errors import RealtimeError
from components.engine.mind import Piece
from components.engine.response import Response
from components.engine.response_options import ResponseOptions
from components.engine.session_config import SessionConfig
from components.engine.wire import Json
from tests.engine.protocol import check


class Scene:
    """A written response, and what it emits."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.conversation = Conversation()
        options = ResponseOptions.of(SessionConfig(output_modality='text'))
        self.response = Response(
            options, self.conversation, emit=self.emit, context=lambda: self.conversation.items, speak=nothing
        )

    def emit(self, type: str, /, **fields: Json) -> None:
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


async def test_an_answer_of_no_words_is_complete() -> None:
    scene = Scene()
    await scene.response.run(pieces())
    assert scene.response.status == 'completed'
    assert not scene.conversation.items


async def test_a_mind_that_breaks_fails_the_response(caplog: pytest.LogCaptureFixture) -> None:
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


async def test_an_item_that_was_deleted_meanwhile_stays_deleted() -> None:
    scene = Scene()

    async def deleting() -> AsyncGenerator[Piece, None]:
        yield 'One. '
        scene.conversation.remove(scene.conversation.items[0].id)
        yield 'Two.'

    await scene.response.run(deleting())
    assert scene.response.status == 'completed'
    assert 'conversation.item.done' not in [event['type'] for event in scene.events]
