"""A mind on another server: what it says and calls, and the sentences for its failures."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from components.engine.minds.mind import CallPiece, CutShort, MindError, Piece, Prompt
from components.engine.protocol.items import FunctionCall, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.servers.chat_mind import ChatMind, Patience
from components.engine.servers.client import open_client
from components.engine.servers.stage_server import StageServer
from tests.engine.chat_server import ChatServer, call, delta
from tests.engine.fakes import Client

PROMPT = Prompt(
    (Message('user', [Part('input_text', 'Hello')]),), 'Be kind.', (FunctionTool('get_weather'), FunctionTool('stop'))
)
STAGE = StageServer('http://models.example:8000/v1', 'small', 'sk-secret')
STOP = {'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'stop'}]}
DONE = b'data: [DONE]\n\n'


def sent(*chunks: dict[str, Any]) -> bytes:
    return b''.join(f'data: {json.dumps(chunk)}\n\n'.encode() for chunk in chunks)


class Body(httpx2.AsyncByteStream):
    """Bytes as they arrive, perhaps with an error in between; None stands for bytes that never arrive."""

    def __init__(self, *parts: bytes | Exception | None) -> None:
        self.parts = parts
        self.awaited = asyncio.Event()
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if part is None:
                self.awaited.set()
                await asyncio.Event().wait()
            elif isinstance(part, Exception):
                raise part
            else:
                yield part

    async def aclose(self) -> None:
        self.closed = True


async def answer(
    *parts: bytes | Exception | None, status: int = 200, prompt: Prompt = PROMPT, stage: StageServer = STAGE
) -> list[Piece]:
    """Return all pieces of an answer that arrives like this. Patience is short if a part never arrives."""

    async def handle(request: httpx2.Request) -> httpx2.Response:
        if parts and isinstance(parts[0], httpx2.ConnectError):
            raise parts[0]
        return httpx2.Response(status, stream=Body(*parts))

    async with open_client(stage, transport=httpx2.MockTransport(handle)) as client:
        patience = Patience(0.05, 0.03) if None in parts else Patience()
        mind = ChatMind(stage, client, patience=patience)
        return [piece async for piece in mind.answer(prompt)]


@contextlib.asynccontextmanager
async def mind_of(body: Body) -> AsyncIterator[ChatMind]:
    """A mind whose server answers with this body."""
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, stream=body))
    async with open_client(STAGE, transport=transport) as client:
        yield ChatMind(STAGE, client)


async def test_an_answer_comes_piece_by_piece() -> None:
    words = sent(delta(role='assistant', content=''), delta(content='It is'), delta(content=' noon.'), STOP)
    assert await answer(words[:40], words[40:], DONE) == ['It is', ' noon.']
    assert await answer(words) == ['It is', ' noon.'], 'some servers never say that they are done'


async def test_reasoning_in_a_field_of_its_own_is_not_said() -> None:
    thought = sent(delta(reasoning_content='Hm.'), delta(content='Hello.'))
    assert await answer(thought, sent(STOP)) == ['Hello.']


async def test_function_calls_come_piece_by_piece() -> None:
    pieces = await answer(
        sent(
            delta(content='Let me see.'),
            call(id='call_a', name='get_weather'),
            call(arguments='{"city":'),
            call(arguments=' "Rome"}'),
            call(1, id='call_b', name='stop'),
            {'choices': [{'delta': {}, 'finish_reason': 'tool_calls'}]},
        ),
        DONE,
    )
    assert pieces[0] == 'Let me see.'
    calls = [piece for piece in pieces if isinstance(piece, CallPiece)]
    weather = ''.join(piece.arguments for piece in calls if piece.call_id == 'call_a')
    assert json.loads(weather) == {'city': 'Rome'}
    assert [piece.arguments for piece in calls if piece.call_id == 'call_b'] == ['', '{}'], 'none is still JSON'
    assert {piece.call_id: piece.name for piece in calls} == {'call_a': 'get_weather', 'call_b': 'stop'}


async def test_calls_with_the_same_index_or_with_old_ids_stay_separate() -> None:
    both = sent(call(id='call_0', name='stop', arguments='{}'), call(id='call_1', name='stop', arguments='{}'), STOP)
    prompt = Prompt((FunctionCall('stop', 'call_0', '{}'),), '', PROMPT.tools)
    first, second = (piece for piece in await answer(both, DONE, prompt=prompt) if isinstance(piece, CallPiece))
    assert first.call_id.startswith('call_')
    assert len({first.call_id, second.call_id, 'call_0'}) == 3


@pytest.mark.parametrize(
    ('finish_reason', 'reason'), [('length', 'max_output_tokens'), ('content_filter', 'content_filter')]
)
async def test_an_answer_may_be_cut_short(finish_reason: str, reason: str) -> None:
    cut = {'choices': [{'delta': {'content': 'It is'}, 'finish_reason': finish_reason}]}
    with pytest.raises(CutShort) as caught:
        await answer(sent(cut), DONE)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ('parts', 'status', 'expected'),
    [
        ((httpx2.ConnectError('refused'),), 200, 'cannot be reached. Start that server, or correct ENGINE_MIND_URL'),
        ((None,), 200, 'did not begin to answer within 0.05 seconds. Try again, or choose a faster model'),
        ((sent(delta(content='It is')), None), 200, 'stopped for 0.03 seconds.'),
        ((sent(delta(content='It is')),), 200, 'broke off in the middle'),
        ((sent(delta(content='It is')), httpx2.ReadError('reset')), 200, 'broke off in the middle'),
        ((b'<html>It works!</html>',), 200, 'instead of a chat completion. Check ENGINE_MIND_URL'),
        ((b'data: {"half\n\n',), 200, 'instead of a chat completion.'),
        ((b'data: 7\n\n',), 200, 'instead of a chat completion.'),
        ((b'data: {"choices": {"delta": 7}}\n\n',), 200, 'instead of a chat completion.'),
        ((b'data: ' + b'[' * 100_000 + b'\n\n',), 200, 'instead of a chat completion.'),
        ((sent({'error': {'message': 'Out of memory', 'code': 500}}),), 200, 'reported an error: “Out of memory”.'),
        ((sent({'error': 'Out of memory'}),), 200, 'reported an error: “Out of memory”.'),
        ((sent(call(id='1', name='rm', arguments='{}')),), 200, 'called a function that does not exist: “rm”.'),
        ((b'{"error": {"message": "No key sk-secret"}}',), 401, 'status 401: “No key …”. Check ENGINE_MIND_KEY'),
        ((b'{"error": "model not found"}',), 404, 'status 404: “model not found”. Check ENGINE_MIND_URL'),
        ((b'{"detail": "no tools"}',), 400, 'status 400: “no tools”. Check ENGINE_MIND_MODEL'),
        ((b'{"error": {"message": "You exceeded your quota"}}',), 429, 'status 429: “You exceeded your quota”. Wait'),
        ((b'Too many requests',), 429, 'status 429: “Too many requests”. Wait a little'),
        ((b'',), 503, 'status 503. Try again'),
        ((b'x' * 100_000,), 500, 'status 500: “…”. Try again'),
    ],
)  # fmt: skip
async def test_failures_become_a_sentence(
    parts: tuple[bytes | Exception | None, ...], status: int, expected: str
) -> None:
    with pytest.raises(MindError) as caught:
        await answer(*parts, status=status)
    message = str(caught.value)
    assert message.startswith('The mind at models.example:8000 ')
    assert expected in message
    assert 'sk-secret' not in message


@pytest.mark.parametrize(
    ('parts', 'status', 'advice'),
    [
        ((httpx2.ConnectError('refused'),), 200, 'Start that server, or choose another mind on the page.'),
        ((None,), 200, 'Try again, or choose a faster model on the page.'),
        ((b'{"error": "model not found"}',), 404, 'Choose another mind on the page.'),
        ((b'<html>It works!</html>',), 200, 'Choose another mind on the page.'),
        ((b'',), 503, 'Try again; if that does not help, look at the log of that server.'),
    ],
)  # fmt: skip
async def test_advice_about_a_mind_that_the_page_chose_names_no_variable(
    parts: tuple[bytes | Exception | None, ...], status: int, advice: str
) -> None:
    with pytest.raises(MindError) as caught:
        await answer(*parts, status=status, stage=replace(STAGE, on_page=True))
    assert str(caught.value).endswith(advice)


async def test_the_server_gets_the_conversation_and_its_key() -> None:
    async with ChatServer() as server, open_client(server.stage) as client:
        answering = asyncio.create_task(anext(ChatMind(server.stage, client).answer(PROMPT)))
        question = await server.question()
        server.begin()
        server.say('Hello!')
        assert await answering == 'Hello!'
    assert question['model'] == 'small'
    assert question['messages'][0] == {'role': 'system', 'content': 'Be kind.'}
    assert server.heads[0].startswith('POST /v1/chat/completions ')
    assert 'authorization: bearer sk-mind' in server.heads[0].lower()
    assert 'x-stainless' not in server.heads[0].lower()


async def test_closing_an_answer_between_two_pieces_closes_its_stream() -> None:
    body = Body(sent(delta(content='Once '), delta(content='upon')))
    async with mind_of(body) as mind:
        pieces = mind.answer(PROMPT)
        assert await anext(pieces) == 'Once '
        assert not body.closed
        await pieces.aclose()
    assert body.closed


async def test_an_interruption_between_two_pieces_closes_the_stream() -> None:
    body = Body(sent(delta(content='Once ')), None)
    async with mind_of(body) as mind:
        conversation = Client(mind=mind)
        conversation.send('response.create')
        await body.awaited.wait()
        assert not body.closed
        conversation.hear('stop')
        assert conversation.all('response.done')[0]['response']['status_details']['reason'] == 'turn_detected'
        await conversation.session.close()
        assert body.closed


async def test_closing_an_answer_closes_the_connection() -> None:
    async with ChatServer() as server, open_client(server.stage) as client:
        pieces = ChatMind(server.stage, client).answer(PROMPT)
        first = asyncio.create_task(anext(pieces))
        await server.question()
        server.begin()
        server.say('Once ')
        assert await first == 'Once '
        assert not server.hung_up.is_set()
        await pieces.aclose()
        async with asyncio.timeout(10):
            await server.hung_up.wait()
