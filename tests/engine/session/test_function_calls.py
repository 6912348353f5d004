"""Function calls: what the mind is offered, the events of a call, and whole rounds with the rehearsal mind."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from components.engine import Engine
from components.engine.minds.mind import CallPiece
from tests.engine.fakes import Client
from tests.engine.served import Served, SocketClient, connected

from .client_events import typed

MODEL = 'gpt-realtime-2.1'
CALL = [
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'conversation.item.done',
    'response.output_item.done',
    'response.done',
    'rate_limits.updated',
]


def function(name: str, description: str = '', *, required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    parameters = {'type': 'object', 'properties': properties, 'required': [*required]}
    return {'type': 'function', 'name': name, 'description': description, 'parameters': parameters}


def call(arguments: str) -> CallPiece:
    return CallPiece('get_weather', 'call_1', arguments)


WEATHER = function('get_weather', 'Look up the weather for a city.', required=('city',), city={'type': 'string'})
LIGHTS = function(
    'switch_lights',
    'Turns the lights in a room on or off.',
    required=('room',),
    room={'type': 'string', 'enum': ['kitchen', 'bath']},
    on={'type': 'boolean'},
)
STOP = function('stop')


@pytest.fixture
def client() -> Client:
    client = Client()
    client.send('session.update', session={'type': 'realtime', 'tools': [WEATHER, STOP]})
    client.events.clear()
    return client


async def test_the_events_of_a_call_come_in_the_order_of_openai(client: Client) -> None:
    client.mind.pieces = [
        CallPiece('get_weather', 'call_1', '{"city": '),
        CallPiece('get_weather', 'call_1', '"Rome"}'),
    ]
    client.send('response.create')
    await client.until('rate_limits.updated')
    assert client.types() == CALL
    added, done = client.all('response.output_item.added')[0], client.all('response.output_item.done')[0]
    assert (added['item']['status'], added['item']['arguments']) == ('in_progress', '')
    assert (done['item']['status'], done['item']['arguments']) == ('completed', '{"city": "Rome"}')
    assert client.all('response.done')[0]['response']['output'] == [done['item']]
    assert client.all('response.function_call_arguments.done')[0]['name'] == 'get_weather'
    assert not client.speech.spoken


async def test_words_before_a_call_are_spoken_before_it(client: Client) -> None:
    client.mind.pieces = ['Let me ', 'see', CallPiece('stop', 'call_1', '{}')]
    client.send('response.create')
    await client.until('response.done')
    assert [text for text, _, _ in client.speech.spoken] == ['Let me see']
    assert client.types().index('response.output_audio_transcript.delta') < client.types().index(CALL[3])
    assert [item['type'] for item in client.all('response.done')[0]['response']['output']] == [
        'message',
        'function_call',
    ]


async def test_a_cancelled_call_is_incomplete(client: Client) -> None:
    client.mind.pieces = [
        CallPiece('get_weather', 'call_1', '{"city": '),
        CallPiece('get_weather', 'call_1', '"Rome"}'),
    ]
    client.mind.ponders_at = 1
    client.mind.thinking.clear()
    client.send('response.create')
    await client.until('response.function_call_arguments.delta')
    client.send('response.cancel')
    done = client.all('response.done')[0]['response']
    assert done['status'] == 'cancelled'
    assert (done['output'][0]['status'], done['output'][0]['arguments']) == ('incomplete', '{"city": ')
    assert not client.all('response.function_call_arguments.done')


@pytest.mark.parametrize(
    ('overrides', 'offered', 'must_call'),
    [
        ({}, ['get_weather', 'stop'], False),
        ({'tool_choice': 'none'}, [], False),
        ({'tool_choice': 'required'}, ['get_weather', 'stop'], True),
        ({'tool_choice': {'type': 'function', 'name': 'stop'}}, ['stop'], True),
        ({'tools': [LIGHTS]}, ['switch_lights'], False),
        ({'tools': [], 'tool_choice': 'required'}, [], False),
    ],
)
async def test_a_response_can_only_call_offered_functions(
    client: Client, overrides: dict[str, Any], offered: list[str], must_call: bool
) -> None:
    client.send('response.create', response=overrides)
    await client.until('response.done')
    [prompt] = client.mind.prompts
    assert ([tool.name for tool in prompt.tools], prompt.must_call) == (offered, must_call)

    client.send('response.create')
    await client.until('response.done', count=2)
    assert [tool.name for tool in client.mind.prompts[1].tools] == ['get_weather', 'stop'], (
        'only that one was different'
    )


async def test_tool_choice_must_name_an_offered_function(client: Client) -> None:
    client.send('response.create', response={'tool_choice': {'type': 'function', 'name': 'fly'}})
    assert client.error()['param'] == 'response.tool_choice'


async def test_the_mind_sees_calls_and_their_outputs(client: Client) -> None:
    client.mind.pieces = [CallPiece('stop', 'call_1', '{}')]
    client.send('conversation.item.create', item=typed('Stop it'))
    client.send('response.create')
    await client.until('response.done')
    client.send('conversation.item.create', item={'type': 'function_call_output', 'call_id': 'call_1', 'output': 'ok'})
    client.send('response.create')
    await client.until('response.done', count=2)
    assert [item.text for item in client.mind.prompts[1].items] == ['Stop it', 'stop({})', 'ok']


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


async def asked(client: SocketClient, text: str, *, count: int) -> dict[str, Any]:
    """Type something and get the count-th response."""
    await client.connection.conversation.item.create(item=typed(text))  # type: ignore[arg-type]
    await client.connection.response.create()
    return dict((await client.until('response.done', count=count))['response'])


@pytest.mark.asyncio(loop_scope='module')
async def test_a_function_is_called_for_a_typed_question(served: Served) -> None:
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        session: Any = {'type': 'realtime', 'output_modalities': ['text'], 'tools': [WEATHER]}
        await client.connection.session.update(session=session)
        question = await asked(client, 'What is the weather like?', count=1)
        assert 'What is the city?' in question['output'][0]['content'][0]['text'], 'nothing is guessed'

        [made] = (await asked(client, 'In London, please.', count=2))['output']
        assert (made['name'], json.loads(made['arguments'])) == ('get_weather', {'city': 'London'})
        deltas = client.all('response.function_call_arguments.delta')
        assert ''.join(event['delta'] for event in deltas) == made['arguments']
        assert len(deltas) > 1

        output: Any = {
            'type': 'function_call_output',
            'call_id': made['call_id'],
            'output': '{"sky": "foggy", "degrees": 12}',
        }
        await client.connection.conversation.item.create(item=output)
        await client.connection.response.create()
        told = (await client.until('response.done', count=3))['response']['output'][0]['content'][0]['text']
        assert told == 'The sky is foggy and the degrees is 12.'


@pytest.mark.asyncio(loop_scope='module')
async def test_a_function_is_called_for_a_spoken_question(served: Served) -> None:
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        session: Any = {'type': 'realtime', 'tools': [LIGHTS]}
        await client.connection.session.update(session=session)
        await client.append(0.5, 'lights', 1.0)
        [made] = (await client.until('response.done'))['response']['output']
        assert (made['name'], json.loads(made['arguments'])) == ('switch_lights', {'room': 'kitchen', 'on': True})
        assert not client.sound()

        output: Any = {'type': 'function_call_output', 'call_id': made['call_id'], 'output': '{"success": true}'}
        await client.connection.conversation.item.create(item=output)
        await client.connection.response.create()
        [message] = (await client.until('response.done', count=2))['response']['output']
        assert message['content'][0]['transcript'] == 'That is done.'
        assert client.sound(), 'it is spoken'
