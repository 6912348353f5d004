"""An engine whose mind is a language model on another server, called by the `openai` package's own client."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from components.engine import Engine, StageServers
from tests.engine.chat_server import ChatServer, call
from tests.engine.served import Served, SocketClient, connected
from tests.engine.session.client_events import typed
from tests.engine.session.test_function_calls import MODEL, WEATHER


@pytest_asyncio.fixture
async def model() -> AsyncIterator[ChatServer]:
    async with ChatServer() as server:
        yield server


@pytest_asyncio.fixture
async def client(model: ChatServer) -> AsyncIterator[SocketClient]:
    async with (
        Served(Engine(servers=StageServers(mind=model.stage))) as served,
        connected(served.client().realtime.connect(model=MODEL)) as client,
    ):
        session: Any = {'type': 'realtime', 'instructions': 'Be kind.', 'tools': [WEATHER]}
        await client.connection.session.update(session=session)
        await client.until('session.updated')
        yield client


async def ask(client: SocketClient, text: str) -> None:
    await client.connection.conversation.item.create(item=typed(text))  # type: ignore[arg-type]
    await client.connection.response.create()


async def test_sound_starts_with_the_first_sentence(client: SocketClient, model: ChatServer) -> None:
    await ask(client, 'Hello')
    question = await model.question()
    assert question['messages'] == [
        {'role': 'system', 'content': 'Be kind.'},
        {'role': 'user', 'content': 'Hello'},
    ]
    assert [tool['function']['name'] for tool in question['tools']] == ['get_weather']
    model.begin()
    model.say('<think>They greet me.</think>Hello', ' there.', ' How are')
    await client.until('response.output_audio.delta')
    words = ''.join(event['delta'] for event in client.all('response.output_audio_transcript.delta'))
    assert words == 'Hello there.', 'the rest is not over yet'
    model.say(' you?')
    model.finish()
    done = (await client.until('response.done'))['response']
    assert done['output'][0]['content'][0]['transcript'] == 'Hello there. How are you?'

    await ask(client, 'I am well')
    assert (await model.question())['messages'][2:] == [
        {'role': 'assistant', 'content': 'Hello there. How are you?'},
        {'role': 'user', 'content': 'I am well'},
    ]


async def test_a_round_with_a_function(client: SocketClient, model: ChatServer) -> None:
    await ask(client, 'What is the weather in Rome?')
    await model.question()
    model.begin()
    model.send(call(id='call_a', name='get_weather'))
    model.send(call(arguments='{"city":'))
    await client.until('response.function_call_arguments.delta')
    model.send(call(arguments=' "Rome"}'))
    model.finish('tool_calls')
    [made] = (await client.until('response.done'))['response']['output']
    assert (made['name'], made['arguments'], made['status']) == ('get_weather', '{"city": "Rome"}', 'completed')

    output: Any = {'type': 'function_call_output', 'call_id': made['call_id'], 'output': 'Rain.'}
    await client.connection.conversation.item.create(item=output)
    await client.connection.response.create()
    _, _, called, given = (await model.question())['messages']
    assert called['tool_calls'][0]['function'] == {'name': 'get_weather', 'arguments': '{"city": "Rome"}'}
    assert given == {'role': 'tool', 'tool_call_id': called['tool_calls'][0]['id'], 'content': 'Rain.'}


@pytest.mark.parametrize('spoken', [False, True])
async def test_an_interruption_closes_the_connection_at_once(
    client: SocketClient, model: ChatServer, spoken: bool
) -> None:
    await ask(client, 'Tell me a long story')
    await model.question()
    model.begin()
    model.say('Once upon a time. ')
    await client.until('response.output_audio.delta')
    assert not model.hung_up.is_set()
    await (client.append('stop') if spoken else client.connection.response.cancel())
    assert (await client.until('response.done'))['response']['status'] == 'cancelled'
    async with asyncio.timeout(10):
        await model.hung_up.wait()


async def test_a_server_that_breaks_off_costs_one_answer(client: SocketClient, model: ChatServer) -> None:
    await ask(client, 'Hello')
    await model.question()
    model.begin()
    model.say('Hello')
    model.end()
    done = (await client.until('response.done'))['response']
    assert done['status'] == 'failed'
    error = done['status_details']['error']
    assert error['code'] == 'mind_failed'
    assert error['message'].startswith(f'The mind at {model.stage.host} broke off')

    await ask(client, 'Hello again')
    await model.question()
    model.begin()
    model.say('Hello!')
    model.finish()
    assert (await client.until('response.done', count=2))['response']['status'] == 'completed'


async def test_the_mind_writes_outside_of_calls(model: ChatServer) -> None:
    engine = Engine(servers=StageServers(mind=model.stage))
    writing = asyncio.create_task(engine.write('Summarise.', 'User: Hello', max_tokens=50))
    question = await model.question()
    assert [message['content'] for message in question['messages']] == ['Summarise.', 'User: Hello']
    assert question['max_tokens'] == 50
    model.begin()
    model.say('<think>Hm.</think>They ', 'greeted')
    model.finish('length')  # what there is will do
    assert await writing == 'They greeted'

    writing = asyncio.create_task(engine.write('Summarise.', 'User: Hello', max_tokens=50))
    await model.question()
    writing.cancel()
    await asyncio.wait_for(model.hung_up.wait(), 10)
    await engine.stop()
