"""The HTTP endpoints: the requests they accept and refuse."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from openai.types import Model
from openai.types.realtime import ClientSecretCreateResponse
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Message

from components.engine.api import endpoints as server
from components.engine.api.endpoints import LONGEST_BODY, Endpoints
from components.engine.api.keys import Keys
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import DEFAULT_MODEL, AnyConfig, SessionConfig
from components.engine.transport.client_connection import ClientConnection

OFFER = 'v=0\r\n'
HTML = {'Content-Type': 'text/html'}
JSON = {'Content-Type': 'application/json; charset=utf-8'}
SDP = {'Content-Type': 'application/sdp'}


class FakeCalls:
    """Takes every call."""

    def __init__(self) -> None:
        self.expected = 0
        self.placed: list[tuple[str, AnyConfig]] = []
        self.ended: list[str] = []
        self.problem: Exception | None = None

    def expect_call(self) -> None:
        self.expected += 1

    async def place(self, offer: str, config: AnyConfig) -> tuple[str, str]:
        if self.problem:
            raise self.problem
        self.placed.append((offer, config))
        return 'rtc_1', 'the answer'

    async def hang_up(self, call_id: str) -> None:
        if call_id != 'rtc_1':
            raise RealtimeError('There is no such call.', code='call_id_not_found', status=404)
        self.ended.append(call_id)

    async def connect(self, config: AnyConfig) -> ClientConnection:
        raise NotImplementedError  # WebSockets have tests of their own, with a real engine

    async def attach(self, call_id: str) -> ClientConnection:
        raise NotImplementedError


@pytest.fixture
def calls() -> FakeCalls:
    return FakeCalls()


@pytest.fixture
async def client(calls: FakeCalls) -> AsyncIterator[httpx.AsyncClient]:
    """Talks to a server that anyone may use."""
    async with connect(Endpoints(calls, Keys(now=lambda: 1000.0))) as client:
        yield client


def connect(server: Endpoints) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount('/v1', server.app)])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url='http://engine/v1')


async def mint(client: httpx.AsyncClient, **session: Any) -> dict[str, str]:
    """The headers that place a call with a fresh key."""
    response = await client.post('/realtime/client_secrets', json={'session': {'type': 'realtime', **session}})
    return {'Authorization': f'Bearer {response.json()["value"]}', **SDP}


async def test_a_key_is_minted_with_its_session(client: httpx.AsyncClient) -> None:
    session = {'type': 'realtime', 'model': 'gpt-realtime-2.1', 'instructions': 'Be brief.'}
    response = await client.post('/realtime/client_secrets', json={'session': session})
    assert response.status_code == 200
    minted = ClientSecretCreateResponse.model_validate(response.json())
    assert minted.value.startswith('ek_')
    assert minted.expires_at == 1600
    shown = response.json()['session']
    assert (shown['model'], shown['instructions'], shown['expires_at']) == ('gpt-realtime-2.1', 'Be brief.', 0)
    assert 'X-Request-Id' in response.headers
    assert 'Access-Control-Allow-Origin' not in response.headers, 'keys are for servers to mint'


async def test_all_fields_of_a_key_are_optional(client: httpx.AsyncClient) -> None:
    assert (await client.post('/realtime/client_secrets')).status_code == 200


@pytest.mark.parametrize(('seconds', 'status'), [(9, 400), (10, 200), (7200, 200), (7201, 400), ('60', 400)])
async def test_a_key_lives_as_long_as_allowed(client: httpx.AsyncClient, seconds: Any, status: int) -> None:
    after = {'anchor': 'created_at', 'seconds': seconds}
    response = await client.post('/realtime/client_secrets', json={'expires_after': after})
    assert response.status_code == status
    if status == 200:
        assert response.json()['expires_at'] == 1000 + seconds
    else:
        assert response.json()['error']['param'] == 'expires_after.seconds'


@pytest.mark.parametrize(
    ('body', 'code', 'param'),
    [
        ('{', 'invalid_json', None),
        ('[]', 'invalid_type', 'body'),
        ('{"colour": 1}', 'unknown_parameter', 'colour'),
        ('{"session": {}}', 'missing_required_parameter', 'session.type'),
        ('{"session": {"type": "realtime", "voice": "echo"}}', 'unknown_parameter', 'session.voice'),
        ('{"expires_after": {"anchor": "now"}}', 'invalid_value', 'expires_after.anchor'),
    ],
)
async def test_a_bad_request_for_a_key(client: httpx.AsyncClient, body: str, code: str, param: str | None) -> None:
    response = await client.post('/realtime/client_secrets', content=body)
    assert response.status_code == 400
    error = response.json()['error']
    assert error.keys() == {'type', 'code', 'message', 'param'}
    assert (error['type'], error['code'], error['param']) == ('invalid_request_error', code, param)


async def test_a_call_with_a_key(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    headers = await mint(client, instructions='Be brief.')
    response = await client.post('/realtime/calls', content=OFFER, headers=headers)
    assert response.status_code == 201
    assert response.text == 'the answer'
    assert response.headers['Location'] == '/v1/realtime/calls/rtc_1'
    assert response.headers['Access-Control-Allow-Origin'] == '*'
    assert response.headers['Access-Control-Expose-Headers'] == 'Location, X-Request-Id'
    assert calls.placed == [(OFFER, SessionConfig(instructions='Be brief.'))]


async def test_the_content_type_is_checked(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    headers = await mint(client)
    for path in ('/realtime/calls', '/realtime/client_secrets'):
        response = await client.post(path, content='x', headers={**headers, 'Authorization': 'Bearer sk', **HTML})
        assert (response.status_code, response.json()['error']['code']) == (415, 'unsupported_content_type')
        assert 'text/html' in response.json()['error']['message']
    assert not calls.placed
    response = await client.post('/realtime/client_secrets', content='{}', headers=JSON)
    assert response.status_code == 200


@pytest.mark.parametrize('type', ['application/sdp', 'multipart/form-data; boundary=x'])
async def test_a_body_that_never_arrives(
    client: httpx.AsyncClient, calls: FakeCalls, monkeypatch: pytest.MonkeyPatch, type: str
) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b'--x\r\n'
        await asyncio.Event().wait()

    monkeypatch.setattr(server, 'BODY_SECONDS', 0.05)
    headers = {**await mint(client), 'Content-Type': type}
    response = await client.post('/realtime/calls', content=never(), headers=headers)
    assert (response.status_code, response.json()['error']['code']) == (408, 'request_timeout')


@pytest.mark.parametrize('type', ['application/sdp', 'multipart/form-data; boundary=x'])
async def test_a_client_that_disconnects_before_its_body_is_complete(calls: FakeCalls, type: str) -> None:
    server = Endpoints(calls, Keys(now=lambda: 1000.0))
    headers = await mint(connect(server))
    request = httpx.Request('POST', 'http://engine/realtime/calls', headers={**headers, 'Content-Type': type})
    scope = {'type': 'http', 'method': 'POST', 'path': '/realtime/calls', 'query_string': b''}
    begun: Message = {'type': 'http.request', 'body': b'--x', 'more_body': True}
    said = iter([begun, {'type': 'http.disconnect'}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(said)

    async def send(message: Message) -> None:
        sent.append(message)

    await server.app({**scope, 'headers': [(k.lower(), v) for k, v in request.headers.raw]}, receive, send)
    assert sent[0]['status'] == 400
    assert not calls.placed
    assert not calls.placed


@pytest.mark.parametrize(
    ('method', 'path', 'status', 'code'),
    [('GET', '/nowhere', 404, 'unknown_url'), ('GET', '/realtime/calls', 405, 'method_not_supported')],
)
async def test_an_unknown_url(client: httpx.AsyncClient, method: str, path: str, status: int, code: str) -> None:
    response = await client.request(method, path)
    error = response.json()['error']
    assert (response.status_code, error['type'], error['code']) == (status, 'invalid_request_error', code)
    assert f'{method} /v1{path}' in error['message']


async def test_a_key_only_opens_the_engine_that_minted_it(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    headers = await mint(client)
    async with connect(Endpoints(calls, Keys())) as other:
        response = await other.post('/realtime/calls', content=OFFER, headers=headers)
        assert (response.status_code, response.json()['error']['code']) == (401, 'invalid_api_key')
    assert not calls.placed


async def test_a_short_lived_key_cannot_mint_keys_or_hang_up(client: httpx.AsyncClient) -> None:
    key = {'Authorization': (await mint(client))['Authorization']}
    for path in ('/realtime/client_secrets', '/realtime/calls/rtc_1/hangup'):
        assert (await client.post(path, headers=key)).status_code == 401


async def test_a_call_with_a_form(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    session = json.dumps({'type': 'realtime', 'model': 'gpt-realtime-2.1'})
    parts = {'sdp': (None, OFFER, 'application/sdp'), 'session': (None, session, 'application/json')}
    response = await client.post('/realtime/calls', files=parts, headers={'Authorization': 'Bearer sk-anything'})
    assert response.status_code == 201, response.text
    assert calls.placed == [(OFFER, SessionConfig(model='gpt-realtime-2.1'))]


async def test_a_form_is_laid_over_the_session_of_its_key(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    audio = {'input': {'transcription': {'model': 'whisper-1'}}, 'output': {'voice': 'coral'}}
    key = await mint(client, instructions='Be brief.', audio=audio)
    of_litellm = json.dumps({'type': 'realtime', 'model': 'gpt-realtime-2.1'})
    response = await client.post(
        '/realtime/calls',
        files={'sdp': (None, OFFER), 'session': (None, of_litellm)},
        headers={'Authorization': key['Authorization']},
    )
    assert response.status_code == 201, response.text
    [(_, config)] = calls.placed
    assert isinstance(config, SessionConfig)
    assert (config.model, config.instructions, config.audio.output.voice) == ('gpt-realtime-2.1', 'Be brief.', 'coral')
    assert config.input.transcription is not None


async def test_a_form_must_have_an_offer_and_a_good_session(client: httpx.AsyncClient) -> None:
    headers = {'Authorization': 'Bearer sk-anything'}
    response = await client.post('/realtime/calls', files={'session': (None, '{"type": "realtime"}')}, headers=headers)
    assert (response.status_code, response.json()['error']['param']) == (400, 'sdp')
    parts = {'sdp': (None, OFFER), 'session': (None, '{"type": "realtime", "speed": 2}')}
    response = await client.post('/realtime/calls', files=parts, headers=headers)
    assert (response.status_code, response.json()['error']['param']) == (400, 'session.speed')
    broken = {**headers, 'Content-Type': 'multipart/form-data'}
    response = await client.post('/realtime/calls', content='x', headers=broken)
    assert (response.status_code, response.json()['error']['type']) == (400, 'invalid_request_error')


@pytest.mark.parametrize('authorization', [None, '', 'Bearer', 'Bearer ek_unknown', 'Basic ek_unknown'])
async def test_a_call_needs_a_key(client: httpx.AsyncClient, authorization: str | None) -> None:
    headers = SDP if authorization is None else {**SDP, 'Authorization': authorization}
    response = await client.post('/realtime/calls', content=OFFER, headers=headers)
    assert response.status_code == 401
    assert response.json()['error']['code'] == 'invalid_api_key'
    assert response.headers['Access-Control-Allow-Origin'] == '*', 'the page must be able to read why'


async def test_a_minted_key_prepares_for_a_call(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    await client.post('/realtime/client_secrets')
    assert calls.expected == 1


async def test_an_expired_key_places_no_call(calls: FakeCalls) -> None:
    seconds = [1000.0]
    async with connect(Endpoints(calls, Keys(now=lambda: seconds[0]))) as client:
        headers = await mint(client)
        seconds[0] += 600
        response = await client.post('/realtime/calls', content=OFFER, headers=headers)
    assert response.status_code == 401
    assert not calls.placed


async def test_with_a_server_key_only_its_owner_mints_and_hangs_up(calls: FakeCalls) -> None:
    async with connect(Endpoints(calls, Keys(), key='sk-right')) as client:
        for key, status in ((None, 401), ('sk-wrong', 401), ('sk-wröng', 401), ('sk-right', 200)):
            shown = {} if key is None else {b'Authorization': f'Bearer {key}'.encode()}
            for path in ('/realtime/client_secrets', '/realtime/calls/rtc_1/hangup'):
                assert (await client.post(path, headers=shown)).status_code == status
        headers = {'Authorization': 'Bearer sk-wrong', **SDP}
        assert (await client.post('/realtime/calls', content=OFFER, headers=headers)).status_code == 401


async def test_the_models_are_listed(calls: FakeCalls) -> None:
    async with connect(Endpoints(calls, Keys(), key='sk-right')) as client:
        assert (await client.get('/models', headers={'Authorization': 'Bearer sk-wrong'})).status_code == 401
        listed = (await client.get('/models', headers={'Authorization': 'Bearer sk-right'})).json()
    assert listed['object'] == 'list'
    [model] = [Model.model_validate(each) for each in listed['data']]
    assert model.id == DEFAULT_MODEL


async def test_a_page_from_another_origin_may_call(client: httpx.AsyncClient) -> None:
    asked = {
        'Origin': 'http://elsewhere',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
    }
    response = await client.options('/realtime/calls', headers=asked)
    assert response.status_code == 204
    assert response.headers['Access-Control-Allow-Origin'] == '*'
    assert 'POST' in response.headers['Access-Control-Allow-Methods']
    assert response.headers['Access-Control-Allow-Headers'] == 'authorization,content-type'


async def test_hanging_up(client: httpx.AsyncClient, calls: FakeCalls) -> None:
    response = await client.post('/realtime/calls/rtc_1/hangup')
    assert (response.status_code, response.content) == (200, b'')
    assert calls.ended == ['rtc_1']
    response = await client.post('/realtime/calls/rtc_2/hangup')
    assert (response.status_code, response.json()['error']['code']) == (404, 'call_id_not_found')


@pytest.mark.parametrize('form', [False, True])
async def test_a_body_that_is_too_large(client: httpx.AsyncClient, calls: FakeCalls, form: bool) -> None:
    headers = await mint(client)
    large = 'v' * (LONGEST_BODY + 1)
    if form:
        del headers['Content-Type']
        response = await client.post('/realtime/calls', files={'sdp': (None, large)}, headers=headers)
    else:
        response = await client.post('/realtime/calls', content=large, headers=headers)
    assert (response.status_code, response.json()['error']['code']) == (413, 'request_too_large')
    assert not calls.placed


@pytest.mark.parametrize(
    ('problem', 'status', 'code'),
    [
        (RealtimeError('No audio.', code='invalid_offer'), 400, 'invalid_offer'),
        (RealtimeError('Busy.', code='session_limit_reached', status=503), 503, 'session_limit_reached'),
        (RuntimeError('a secret of the inside'), 500, 'internal_error'),
    ],
)
async def test_a_call_that_fails(
    client: httpx.AsyncClient, calls: FakeCalls, problem: Exception, status: int, code: str
) -> None:
    headers = await mint(client)
    calls.problem = problem
    response = await client.post('/realtime/calls', content=OFFER, headers=headers)
    assert (response.status_code, response.json()['error']['code']) == (status, code)
    assert 'secret' not in response.text
    assert response.headers['Access-Control-Allow-Origin'] == '*'
