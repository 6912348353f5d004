"""Things that go wrong because somebody asked for it, at an engine that lets them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from openai import APIStatusError, RateLimitError
from websockets.exceptions import InvalidStatus

from components.engine import Engine
from components.engine.faults.faults import Faults
from components.engine.faults.faulty_engine import FaultyEngine
from components.engine.protocol.errors import RealtimeError
from tests.engine.caller import Caller
from tests.engine.served import Served, SocketClient, connected

pytestmark = pytest.mark.asyncio(loop_scope='module')  # one engine serves all tests
TRANSCRIPTION = 'conversation.item.input_audio_transcription'


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def engine() -> AsyncIterator[Served]:
    async with Served(FaultyEngine()) as served:
        yield served


@pytest_asyncio.fixture(loop_scope='module')
async def served(engine: Served) -> AsyncIterator[Served]:
    yield engine
    async with httpx.AsyncClient(base_url=engine.url) as client:
        assert (await client.delete('/faults')).status_code == 204


async def plan(served: Served, **faults: Any) -> int:
    """Ask for faults. Gives how many calls were live."""
    async with httpx.AsyncClient(base_url=served.url) as client:
        answer = await client.post('/faults', json=faults)
    assert answer.status_code == 200, answer.text
    calls: int = answer.json()['calls']
    return calls


async def speak(client: SocketClient) -> None:
    """Say something that is written down and answered with text."""
    audio: Any = {'input': {'turn_detection': None, 'transcription': {'model': 'gpt-realtime-whisper'}}}
    await client.connection.session.update(
        session={'type': 'realtime', 'output_modalities': ['text'], 'audio': audio},
    )
    await client.append('what_time_is_it')
    await client.connection.input_audio_buffer.commit()
    await client.connection.response.create()


async def test_a_key_is_refused_as_often_as_planned(served: Served) -> None:
    refusal = {'at': 'client_secrets', 'status': 429, 'code': 'insufficient_quota', 'message': 'Pay first.', 'times': 2}
    await plan(served, refuse=refusal)
    for _ in range(2):
        with pytest.raises(RateLimitError, match='Pay first') as refused:
            await served.client().realtime.client_secrets.create()
        assert refused.value.code == 'insufficient_quota'
    assert (await served.client().realtime.client_secrets.create()).value.startswith('ek_')


async def test_a_call_is_refused(served: Served) -> None:
    await plan(served, refuse={'at': 'calls', 'status': 500, 'code': 'server_error'})
    with pytest.raises(APIStatusError) as refused:
        await served.client().realtime.calls.create(sdp='v=0\r\n')
    assert (refused.value.status_code, refused.value.type) == (500, 'server_error')


async def test_a_socket_is_refused(served: Served) -> None:
    await plan(served, refuse={'at': 'socket', 'status': 404, 'code': 'model_not_found'})
    with pytest.raises(InvalidStatus, match='404'):
        await served.client().realtime.connect(model='rehearsal-1').enter()


async def test_a_live_session_receives_a_planned_error(served: Served) -> None:
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await client.until('session.created')
        assert await plan(served, error={'code': 'rate_limit_exceeded', 'message': 'Slow down.'}) == 1
        error = (await client.until('error'))['error']
        assert (error['code'], error['message'], error['event_id']) == ('rate_limit_exceeded', 'Slow down.', None)
        await client.connection.input_audio_buffer.clear()
        await client.until('input_audio_buffer.cleared')


async def test_a_live_session_expires(served: Served) -> None:
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await client.until('session.created')
        await plan(served, expire=True)
        assert (await client.closed)[0] == 1001
        assert client.events[-1]['error']['code'] == 'session_expired'


async def test_a_new_session_is_short(served: Served) -> None:
    await plan(served, session_ms=100)
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        assert (await client.closed)[0] == 1001


async def test_an_answer_fails(served: Served) -> None:
    await plan(served, fail_answer={'code': 'insufficient_quota', 'message': 'Pay first.'})
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await client.connection.response.create()
        failed = (await client.until('response.done'))['response']
        assert (failed['status'], failed['status_details']['error']['code']) == ('failed', 'insufficient_quota')
        await client.connection.response.create()
        assert (await client.until('response.done', count=2))['response']['status'] == 'completed'


async def test_an_answer_is_late(served: Served) -> None:
    await plan(served, delay_answer_ms=3_600_000)
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await client.connection.response.create()
        await client.until('response.created')
        await client.connection.response.cancel()
        assert (await client.until('response.done'))['response']['output'] == []


async def test_a_transcript_comes_after_the_answer(served: Served) -> None:
    await plan(served, delay_transcription_ms=500)
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await speak(client)
        await client.until(f'{TRANSCRIPTION}.completed')
    assert client.types().index('response.done') < client.types().index(f'{TRANSCRIPTION}.delta')
    assert 'It is' in client.all('response.output_text.done')[0]['text'], 'the answer knows the words'


async def test_a_transcript_fails(served: Served) -> None:
    await plan(served, fail_transcription={'code': 'transcription_failed', 'message': 'Too loud.'})
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await speak(client)
        assert (await client.until(f'{TRANSCRIPTION}.failed'))['error']['message'] == 'Too loud.'
        assert (await client.until('response.done'))['response']['status'] == 'completed'


async def test_a_socket_goes_dead(served: Served) -> None:
    async with connected(served.client().realtime.connect(model='rehearsal-1')) as client:
        await client.until('session.created')
        assert await plan(served, drop_network=True) == 1
        await client.connection.input_audio_buffer.clear()
        await plan(served, error={'code': 'lost'})
        assert len(client.events) == 1
        assert not client.closed.done()
    await served.all_over()


async def test_a_call_goes_dead(served: Served) -> None:
    async def place(offer: str) -> str:
        return (await served.client().realtime.calls.create(sdp=offer)).text

    async with Caller(place) as browser:
        await browser.until('session.created')
        assert await plan(served, drop_network=True) == 1
        await served.all_over()
        assert not browser.closed.is_set(), 'the browser has not been notified'


@pytest.mark.parametrize(
    ('faults', 'code', 'param'),
    [
        ({'refuse': {'at': 'home', 'code': 'x'}}, 'invalid_value', 'refuse.at'),
        ({'refuse': {'at': 'calls', 'code': 'x', 'status': 200}}, 'integer_below_min_value', 'refuse.status'),
        ({'fail_answer': {}}, 'missing_required_parameter', 'fail_answer.code'),
        ({'session_ms': 1, 'explode': True}, 'unknown_parameter', 'explode'),
    ],
)
async def test_an_invalid_request_plans_no_fault(faults: Any, code: str, param: str) -> None:
    planned = Faults()
    before = dict(vars(planned))
    with pytest.raises(RealtimeError) as refused:
        planned.update(faults)
    assert (refused.value.code, refused.value.param) == (code, param)
    assert vars(planned) == before


async def test_only_the_owner_may_ask() -> None:
    async with (
        Served(FaultyEngine(key='sk-right')) as served,
        httpx.AsyncClient(base_url=served.url) as client,
    ):
        for method in ('POST', 'DELETE'):
            assert (await client.request(method, '/faults', json={})).status_code == 401


async def test_engines_without_faults_have_no_faults_endpoint() -> None:
    async with Served(Engine()) as served, httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.post('/faults', json={})).status_code == 404
