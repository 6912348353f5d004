"""Sessions over WebSocket between the `openai` package's client and a real engine."""

import array
import base64
import json
import math
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, cast

import pytest
import pytest_asyncio
from openai.types.realtime import RealtimeSessionCreateRequestParam, ResponseDoneEvent, SessionCreatedEvent
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from components.engine import Engine
from components.engine.api import closing_socket
from components.engine.api import websocket_endpoint as socket_server
from components.engine.limits import Limits
from tests.engine.served import PonderingMind, Served, connected, spoken

pytestmark = pytest.mark.asyncio(loop_scope='module')  # two engines serve most tests
MODEL = 'gpt-realtime-2.1'
COMPLETED = 'conversation.item.input_audio_transcription.completed'


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def pondering() -> AsyncIterator[Served]:
    """An engine whose answers never end by themselves."""
    async with Served(Engine(mind=PonderingMind())) as served:
        yield served


async def test_a_typed_conversation(served: Served) -> None:
    async with served.client().realtime.connect(model=MODEL) as connection:
        created = await connection.recv()
        assert isinstance(created, SessionCreatedEvent)
        await connection.session.update(session={'type': 'realtime', 'output_modalities': ['text']})
        await connection.conversation.item.create(
            item={'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'What time is it?'}]}
        )
        await connection.response.create()
        words = ''
        async for event in connection:
            if event.type == 'response.output_text.delta':
                words += event.delta
            elif isinstance(event, ResponseDoneEvent):
                assert event.response.status == 'completed'
                break
        assert 'It is' in words


async def test_a_spoken_turn(served: Served) -> None:
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        created = await client.until('session.created')
        assert created['session']['model'] == MODEL
        assert client.events[0] is created
        await client.connection.session.update(
            session=session(audio={'input': {'transcription': {'model': 'gpt-realtime-whisper'}}})
        )
        await client.append(0.5, 'what_time_is_it', 1.0)
        assert 'time' in (await client.until(COMPLETED))['transcript']
        done = await client.until('rate_limits.updated')
        assert client.events[-1] is done
    assert client.types()[2:7] == [
        'input_audio_buffer.speech_started',
        'input_audio_buffer.speech_stopped',
        'input_audio_buffer.committed',
        'conversation.item.added',
        'conversation.item.done',
    ]
    assert client.types()[-8:] == [
        'response.output_audio.delta',
        'response.output_audio.done',
        'response.output_audio_transcript.done',
        'response.content_part.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
        'rate_limits.updated',
    ]
    assert 1 < len(client.sound()) / 48_000 < 10, 'seconds'
    assert max(client.sound()[1::2]) > 0
    assert not [type for type in client.types() if type.startswith('output_audio_buffer')]


async def test_one_event_may_carry_a_whole_turn(served: Served) -> None:
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        await client.connection.session.update(session=session(audio={'input': {'turn_detection': None}}))
        await client.append('what_time_is_it')
        await client.connection.input_audio_buffer.commit()
        await client.connection.response.create()
        assert 'It is' in (await client.until('response.output_audio_transcript.done'))['transcript']


async def test_the_sound_of_the_user_can_be_retrieved(served: Served) -> None:
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        await client.connection.session.update(session=session(audio={'input': {'turn_detection': None}}))
        await client.append('what_time_is_it')
        await client.connection.input_audio_buffer.commit()
        committed = await client.until('input_audio_buffer.committed')
        await client.connection.conversation.item.retrieve(item_id=committed['item_id'])
        [part] = (await client.until('conversation.item.retrieved'))['item']['content']
    heard, said = base64.b64decode(part['audio']), spoken(['what_time_is_it'])
    assert len(heard) == pytest.approx(len(said), rel=0.02)
    assert loudness(heard) == pytest.approx(loudness(said), rel=0.1)


async def test_only_one_response_at_a_time(pondering: Served) -> None:
    async with connected(pondering.client().realtime.connect(model=MODEL)) as client:
        await client.connection.response.create()
        await client.connection.response.create(event_id='mine')
        error = (await client.until('error'))['error']
        assert (error['code'], error['event_id']) == ('conversation_already_has_active_response', 'mine')
        await client.connection.response.cancel()
        assert (await client.until('response.done'))['response']['status'] == 'cancelled'


async def test_speech_cancels_the_answer_and_the_client_truncates_it(pondering: Served) -> None:
    async with connected(pondering.client().realtime.connect(model=MODEL)) as client:
        await client.connection.response.create()
        item_id = (await client.until('response.output_audio.delta'))['item_id']
        await client.append('stop')
        done = await client.until('response.done')
        assert client.all('input_audio_buffer.speech_started')
        assert done['response']['status_details'] == {'type': 'cancelled', 'reason': 'turn_detected'}
        assert not client.all('conversation.item.truncated'), 'only the client knows what was heard'
        await client.connection.conversation.item.truncate(item_id=item_id, content_index=0, audio_end_ms=100)
        assert (await client.until('conversation.item.truncated'))['audio_end_ms'] == 100
        await client.connection.conversation.item.retrieve(item_id=item_id)
        retrieved = await client.until('conversation.item.retrieved')
        assert len(retrieved['item']['content'][0]['transcript']) < len('Let me think about it.')


async def test_sound_in_another_format(served: Served) -> None:
    telephone = {'format': {'type': 'audio/pcmu'}}
    async with connected(served.client().realtime.connect(model=MODEL)) as client:
        await client.connection.response.create()
        await client.until('rate_limits.updated')
        longer = len(client.sound())
        await client.connection.session.update(session=session(audio={'input': telephone, 'output': telephone}))
        client.events.clear()
        await client.connection.response.create()
        await client.until('rate_limits.updated')
        assert 0 < len(client.sound()) < longer


async def test_a_short_lived_key_opens_its_own_session(served: Served) -> None:
    bound = session(model=MODEL, instructions='Be brief.')
    secret = await served.client().realtime.client_secrets.create(session=bound)
    browser = [Subprotocol('realtime'), Subprotocol(f'openai-insecure-api-key.{secret.value}')]
    async with connect(served.socket_url, subprotocols=browser) as socket:
        assert socket.subprotocol == 'realtime'
        created = json.loads(await socket.recv())
        assert (created['session']['model'], created['session']['instructions']) == (MODEL, 'Be brief.')
    async with connected(served.client(secret.value).realtime.connect(model=MODEL)) as client:
        assert (await client.until('session.created'))['session']['instructions'] == 'Be brief.'
    assert await refusal(served, 'model=another', secret.value) == (400, 'invalid_value', 'model')


async def test_the_url_names_the_model_of_a_key_without_one(served: Served) -> None:
    secret = await served.client().realtime.client_secrets.create()
    async with connected(served.client(secret.value).realtime.connect(model=MODEL)) as client:
        assert (await client.until('session.created'))['session']['model'] == MODEL


async def test_refused_clients(capsys: pytest.CaptureFixture[str]) -> None:
    async with Served(Engine(key='sk-right', limits=Limits(calls=1))) as served:
        for key in (None, 'sk-wrong', 'ek_unknown'):
            assert await refusal(served, f'model={MODEL}', key) == (401, 'invalid_api_key', None)
            assert await refusal(served, 'call_id=rtc_1', key) == (401, 'invalid_api_key', None)
        assert await refusal(served, '', 'sk-right') == (400, 'missing_model', 'model')
        assert await refusal(served, f'model={"m" * 300}', 'sk-right') == (400, 'invalid_value', 'model')
        assert await refusal(served, 'call_id=rtc_1', 'sk-right') == (404, 'call_id_not_found', None)
        async with connected(served.client('sk-right').realtime.connect(model=MODEL)) as client:
            await client.until('session.created')
            assert await refusal(served, f'model={MODEL}', 'sk-right') == (503, 'session_limit_reached', None)
    assert capsys.readouterr().err == '', 'the web server has nothing to say about a refused handshake'


async def test_clients_of_the_beta_api_are_refused(served: Served) -> None:
    address = f'{served.socket_url}?model={MODEL}'
    key = {'Authorization': 'Bearer sk-anything'}
    for opening in (
        connect(address, additional_headers={**key, 'OpenAI-Beta': 'realtime=v1'}),
        connect(address, additional_headers=key, subprotocols=[Subprotocol('openai-beta.realtime-v1')]),
    ):
        with pytest.raises(InvalidStatus) as refused:
            await opening
        assert refused.value.response.status_code == 400
        assert b'"beta_api_shape_disabled"' in (refused.value.response.body or b'')


async def test_bad_events_never_end_the_session(served: Served) -> None:
    huge = json.dumps({'type': 'input_audio_buffer.append', 'audio': 'A' * 16_000_000})
    bad: list[str | bytes] = ['', '{', '[]', b'', b'\xff\xfe', '{"type": "no.such"}', huge]
    bad += [
        '{"type": "input_audio_buffer.append", "audio": "AAAAAA=="}'.replace('AAAAAA==', odd) for odd in ('AA==', '?')
    ]
    async with connect_raw(served) as socket:
        await socket.recv()
        for message in bad:
            await socket.send(message)
            assert json.loads(await socket.recv())['type'] == 'error', message[:80]
        await socket.send(json.dumps({'type': 'input_audio_buffer.clear'}))
        assert json.loads(await socket.recv())['type'] == 'input_audio_buffer.cleared'
        half = {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': '\ud83d'}]}
        await socket.send(json.dumps({'type': 'conversation.item.create', 'item': half}))
        assert json.loads(await socket.recv())['item']['content'][0]['text'] == '\ufffd', 'half of an emoji is replaced'
        await socket.recv()
        await socket.send(json.dumps({'type': 'input_audio_buffer.clear'}).encode())
        assert json.loads(await socket.recv())['type'] == 'input_audio_buffer.cleared'


async def test_a_session_expires() -> None:
    async with Served(Engine(limits=Limits(session_seconds=0.3))) as served:
        async with connected(served.client().realtime.connect(model=MODEL)) as client:
            assert await client.closed == (1001, 'Your session hit the maximum duration of 60 minutes.')
            assert client.events[-1]['error']['code'] == 'session_expired'
        await served.all_over()


async def test_the_engine_stops() -> None:
    async with Served(Engine()) as served:
        async with connected(served.client().realtime.connect(model=MODEL)) as client:
            await client.until('session.created')
            await served.engine.stop()
            assert await client.closed == (1000, '')
        assert await refusal(served, f'model={MODEL}', 'sk-anything') == (503, 'engine_stopped', None)


@pytest.mark.parametrize('politely', [True, False])
async def test_everything_is_freed_when_a_client_leaves(pondering: Served, politely: bool) -> None:
    async with connect_raw(pondering) as socket:
        await socket.send(json.dumps({'type': 'response.create'}))
        await socket.recv()
        assert pondering.engine.calls == 1
        if politely:
            await socket.close()
        else:
            socket.transport.abort()
        await pondering.answered()
        await pondering.all_over()


async def test_a_client_that_stops_reading_is_disconnected(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_server, '_WRITE_SECONDS', 0.5)
    monkeypatch.setattr(closing_socket, '_CLOSING_SECONDS', 0.5)
    content = [{'type': 'input_text', 'text': 'a' * 5_000_000}]
    item = {'type': 'message', 'role': 'user', 'content': content}
    async with connect_raw(served, close_timeout=0) as socket:
        await socket.recv()
        socket.transport.pause_reading()
        with suppress(ConnectionClosed):
            for _ in range(6):  # each comes back twice
                await socket.send(json.dumps({'type': 'conversation.item.create', 'item': item}))
        await served.all_over()
        await served.answered()
        await served.disconnected()  # although the client has not even noticed that it is over


def loudness(pcm: bytes) -> float:
    """The RMS of mono s16."""
    samples = array.array('h', pcm)
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def session(**fields: Any) -> RealtimeSessionCreateRequestParam:
    return cast(RealtimeSessionCreateRequestParam, {'type': 'realtime', **fields})


def connect_raw(served: Served, *, close_timeout: float = 10) -> connect:
    """A connection that may send anything. Its end waits up to `close_timeout` seconds for the server's goodbye."""
    url, headers = f'{served.socket_url}?model={MODEL}', {'Authorization': 'Bearer sk-anything'}
    return connect(url, additional_headers=headers, max_size=None, compression=None, close_timeout=close_timeout)


async def refusal(served: Served, query: str, key: str | None) -> tuple[int, str, str | None]:
    """The status, code and parameter of a handshake that fails."""
    headers = {} if key is None else {'Authorization': f'Bearer {key}'}
    with pytest.raises(InvalidStatus) as refused:
        await connect(f'{served.socket_url}?{query}', additional_headers=headers)
    response = refused.value.response
    assert response.body
    error = json.loads(response.body)['error']
    return response.status_code, error['code'], error['param']
