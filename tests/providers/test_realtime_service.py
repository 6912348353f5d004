"""Minting at OpenAI: the exact request, what comes of each answer, and a key that stays where it is."""

import asyncio
import base64
import hashlib
import json
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from openai.types.realtime import ClientSecretCreateResponse

from components.providers.error import ProviderError
from components.providers.profile import PROFILES, BadSetup
from components.providers.realtime_service import RealtimeService
from components.providers.ticket import Ticket

from .answering import ANSWER, ELSEWHERE, KEY, MODEL, SESSION, Handler, says, service


async def test_the_request_is_exactly_what_openai_documents() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=ANSWER)

    await service(answer).mint(SESSION, 'browser-1')

    (request,) = asked
    assert request.method == 'POST'
    assert str(request.url) == 'https://api.openai.com/v1/realtime/client_secrets'
    assert request.headers['authorization'] == f'Bearer {KEY}'
    assert request.headers['content-type'] == 'application/json'
    assert request.headers['openai-safety-identifier'] == hashlib.sha256(b'browser-1').hexdigest()
    assert 'openai-beta' not in request.headers
    assert json.loads(request.content) == {
        'expires_after': {'anchor': 'created_at', 'seconds': 120},
        'session': SESSION,
    }


async def test_a_text_is_asked_for_as_openai_documents() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={'choices': [{'message': {'role': 'assistant', 'content': 'They greeted.'}}]})

    assert await service(answer).write('Summarise.', 'User: Hello') == 'They greeted.'
    (request,) = asked
    assert str(request.url) == 'https://api.openai.com/v1/chat/completions'
    assert request.headers['authorization'] == f'Bearer {KEY}'
    assert json.loads(request.content) == {
        'model': 'gpt-6-luna',
        'messages': [{'role': 'system', 'content': 'Summarise.'}, {'role': 'user', 'content': 'User: Hello'}],
        'max_completion_tokens': 2000,
    }


@pytest.mark.parametrize('content', [{}, {'choices': []}, {'choices': [{'message': {'content': None}}]}])
async def test_an_answer_without_a_text_is_an_error(content: object) -> None:
    with pytest.raises(ProviderError, match='provider_answer_unusable'):
        await service(says(200, content)).write('Summarise.', 'User: Hello')


async def test_a_text_model_that_refuses_does_not_give_the_key_away() -> None:
    with pytest.raises(ProviderError) as raised:
        await service(says(404, {'error': {'message': f'No gpt-6-luna for {KEY}'}})).write('Summarise.', 'Hello')
    assert KEY not in ''.join(traceback.format_exception(raised.value))


async def test_the_answer_becomes_a_ticket() -> None:
    ClientSecretCreateResponse.model_validate(
        ANSWER | {'session': SESSION | {'object': 'realtime.session', 'id': 'sess_1'}}
    )
    ticket = await service(says(200, ANSWER)).mint(SESSION, 'browser-1')
    assert ticket == Ticket('https://api.openai.com/v1/realtime/calls', 'ek_68af', 1120.0)


@pytest.mark.parametrize(
    ('expires_at', 'believed'),
    [(1060, 1060.0), (1120, 1120.0), (9999, 1120.0)],
    ids=['shorter than asked', 'as asked', 'a clock that is ahead'],
)
async def test_a_ticket_never_seems_good_for_longer_than_asked(expires_at: int, believed: float) -> None:
    ticket = await service(says(200, ANSWER | {'expires_at': expires_at})).mint(SESSION, 'browser-1')
    assert ticket.expires_at == believed


@pytest.mark.parametrize(
    ('base_url', 'mint_url', 'calls_url'),
    [
        (
            'http://localhost:8000/v1',
            'http://localhost:8000/v1/realtime/client_secrets',
            'http://localhost:8000/v1/realtime/calls',
        ),
        (' https://x.io/v1/ ', 'https://x.io/v1/realtime/client_secrets', 'https://x.io/v1/realtime/calls'),
        ('https://x.io', 'https://x.io/realtime/client_secrets', 'https://x.io/realtime/calls'),
        (
            'https://x.io/openai/v1?api-version=preview',
            'https://x.io/openai/v1/realtime/client_secrets?api-version=preview',
            'https://x.io/openai/v1/realtime/calls?api-version=preview',
        ),
    ],
)
async def test_another_server_is_a_base_url(base_url: str, mint_url: str, calls_url: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=ANSWER)

    ticket = await service(answer, base_url=base_url).mint(SESSION, 'browser-1')
    assert asked == [mint_url]
    assert ticket.url == calls_url


@pytest.mark.parametrize('key', ['sk-two words', 'sk-line\nbreak', 'sk-ключ'])
def test_an_invalid_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(BadSetup, match=r"^OPENAI_API_KEY contains characters that a key can't have"):
        service(says(200, ANSWER), key=key)


@pytest.mark.parametrize(
    ('status', 'service_code', 'code'),
    [
        (401, 'invalid_api_key', 'invalid_api_key'),
        (429, 'insufficient_quota', 'insufficient_quota'),
        (404, 'model_not_found', 'model_not_found'),
        (429, 'rate_limit_exceeded', 'rate_limit_exceeded'),
        (401, 'account_deactivated', 'http_401'),
        (403, 'unsupported_country_region_territory', 'http_403'),
        (404, None, 'http_404'),
        (429, 7, 'http_429'),
        (404, 'DeploymentNotFound', 'model_not_found'),
        (405, None, 'http_404'),
        (400, 'unknown_parameter', 'http_4xx'),
        (418, ['invalid_api_key'], 'http_4xx'),
        (500, None, 'http_5xx'),
        (503, 'server_error', 'http_5xx'),
    ],
)
async def test_a_refusal_has_a_code(status: int, service_code: object, code: str) -> None:
    error = await _failure(says(status, {'error': {'message': 'So it is.', 'type': 'x', 'code': service_code}}))
    assert (error.code, error.detail) == (code, 'So it is.')


@pytest.mark.parametrize(
    ('body', 'detail'),
    [
        (b'<html>Bad gateway</html>', ''),
        (b'\xff\xfe', ''),
        (b'[]', ''),
        (b'{"error": "the model is loading"}', 'the model is loading'),
        (b'{"error": {"message": ["a"]}}', ''),
        (b'{"error": {"message": "one\\n  two"}}', 'one two'),
        (json.dumps({'error': {'message': 'x' * 1000}}).encode(), 'x' * 300),
    ],
)
async def test_a_refusal_in_any_form_is_understood(body: bytes, detail: str) -> None:
    error = await _failure(lambda _: httpx.Response(502, content=body))
    assert (error.code, error.detail) == ('http_5xx', detail)


@pytest.mark.parametrize(
    'answer',
    [
        httpx.Response(200, content=b'<html>Please log in</html>'),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={'client_secret': {'value': 'ek_beta'}}),
        httpx.Response(200, json={'value': 7, 'expires_at': 1120}),
        httpx.Response(200, json={'value': 'two words', 'expires_at': 1120}),
        httpx.Response(200, json={'value': 'ek_68af', 'expires_at': 'soon'}),
        httpx.Response(200, json={'value': 'ek_68af', 'expires_at': True}),
        httpx.Response(200, headers={'content-encoding': 'gzip'}, stream=httpx.ByteStream(b'not gzip')),
        httpx.Response(302, headers={'location': 'https://login.example/'}),
        httpx.Response(304),
    ],
)
async def test_an_answer_that_is_no_ticket_is_unusable(answer: httpx.Response) -> None:
    assert (await _failure(lambda _: answer)).code == 'provider_answer_unusable'


@pytest.mark.parametrize(
    ('error', 'code'),
    [
        (httpx.ConnectError('All connection attempts failed'), 'provider_unreachable'),
        (httpx.RemoteProtocolError('Server disconnected'), 'provider_unreachable'),
        (httpx.ReadError(''), 'provider_unreachable'),
        (httpx.ConnectTimeout(''), 'provider_timeout'),
    ],
)
async def test_a_network_that_fails_has_a_code(error: httpx.HTTPError, code: str) -> None:
    assert (await _failure(_raises(error))).code == code


async def test_a_connection_that_the_server_closes_while_idle_is_replaced() -> None:
    """A server with a keep-alive of 5 s closes the connection just as the next request is on its way."""
    connections: list[int] = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(0)
        body = json.dumps(ANSWER).encode()
        while await reader.readuntil(b'\r\n\r\n'):
            connections[-1] += 1
            if connections == [2]:
                break
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body))
        writer.close()

    async with await asyncio.start_server(answer_once, '127.0.0.1') as server:
        host, port = server.sockets[0].getsockname()
        profile = replace(PROFILES['openai'], base_url=f'http://{host}:{port}/v1')
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = RealtimeService(KEY, client, profile)
            assert await provider.mint(SESSION, 'browser-1') == await provider.mint(SESSION, 'browser-1')
    assert connections == [2, 1]


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def wait_for_ever(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = httpx.AsyncClient(transport=httpx.MockTransport(wait_for_ever))
    with pytest.raises(ProviderError, match='provider_timeout'):
        await RealtimeService(KEY, client, timeout=0).mint(SESSION, 'browser-1')


@pytest.mark.parametrize(
    ('message', 'detail'),
    [
        (f'Incorrect API key provided: {KEY}.', 'Incorrect API key provided: ….'),
        (
            'Incorrect API key provided: sk-proj-ab****wxyz. See the docs',
            'Incorrect API key provided: sk-… See the docs',
        ),
        ('the token ek_68af9 has expired', 'the token ek-… has expired'),
        ('ask for a task', 'ask for a task'),
    ],
)
async def test_keys_are_removed_from_messages(message: str, detail: str) -> None:
    error = await _failure(says(401, {'error': {'message': message}}))
    assert error.detail == detail


@pytest.mark.parametrize(
    'encode',
    [
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: base64.b64encode(f'Bearer {key}'.encode()).decode(),
        lambda key: base64.b64encode(f'user:{key}'.encode()).decode().rstrip('='),
        lambda key: base64.urlsafe_b64encode(f'x{key}?>'.encode()).decode(),
        lambda key: quote(base64.b64encode(f'Bearer {key}'.encode()), safe=''),
        lambda key: ''.join(f'%{ord(letter):02x}' for letter in key),
        lambda key: quote(quote(f'Bearer {key}'.replace('-', '%2D'), safe=''), safe=''),
        lambda key: ''.join(f'&#{ord(letter)};' for letter in key),
        lambda key: ''.join(rf'\\u{ord(letter):04x}' for letter in key),
        lambda key: key.encode().hex(),
    ],
)
async def test_keys_are_removed_in_every_form_that_holds_them(encode: Callable[[str], str]) -> None:
    error = await _failure(says(401, {'error': {'message': f'You sent "{encode(KEY)}" here'}}))
    assert error.detail == 'You sent … here'


async def test_a_short_word_for_a_local_server_is_no_secret() -> None:
    provider = service(says(500, {'error': {'message': 'example'}}), key='x')
    with pytest.raises(ProviderError, match='example'):
        await provider.mint(SESSION, 'browser-1')


async def test_an_answer_without_end_is_refused() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b'x' * 65_536

    with pytest.raises(ProviderError, match='provider_answer_unusable'):
        await service(lambda _: httpx.Response(200, content=endless())).mint(SESSION, 'browser-1')
    assert sent < 2_000_000


@pytest.mark.parametrize(
    ('status', 'error', 'code'),
    [
        (400, {'message': 'No connected db.', 'type': 'no_db_connection', 'code': '400'}, 'invalid_api_key'),
        (500, {'message': 'Authentication Error, No api key passed in.', 'type': 'auth_error'}, 'invalid_api_key'),
        (400, {'message': 'Invalid model name passed in model=x. Call `/v1/models`'}, 'model_not_found'),
        (429, {'message': 'No deployments available, try again in 5 seconds', 'code': '429'}, 'http_429'),
    ],
)
async def test_refusals_of_litellm_name_their_cause(status: int, error: dict[str, str], code: str) -> None:
    with pytest.raises(ProviderError) as refused:
        await service(says(status, {'error': error}), base_url=ELSEWHERE).mint(SESSION, 'browser-1')
    assert (refused.value.code, refused.value.detail) == (code, error['message'])


@pytest.mark.parametrize(
    ('base_url', 'url'),
    [
        ('', 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1-mini'),
        ('http://localhost:8000/v1', 'ws://localhost:8000/v1/realtime?model=gpt-realtime-2.1-mini'),
        ('https://x.io/v1?api-version=1', 'wss://x.io/v1/realtime?api-version=1&model=gpt-realtime-2.1-mini'),
    ],
)
def test_a_sockets_address(base_url: str, url: str) -> None:
    socket = service(says(200, {}), base_url=base_url).socket(MODEL, 'browser-1')
    assert socket.url == url
    assert socket.headers == {
        'Authorization': f'Bearer {KEY}',
        'OpenAI-Safety-Identifier': hashlib.sha256(b'browser-1').hexdigest(),
    }
    assert 'CANARY' not in repr(socket)


def test_a_refusal_says_why_without_the_key() -> None:
    openai = service(says(200, {}))
    body = {'error': {'message': f'Wrong: {KEY}', 'code': 'invalid_api_key'}}
    error = openai.read_error(401, json.dumps(body).encode())
    assert (error.code, error.detail) == ('invalid_api_key', 'Wrong: …')
    assert openai.read_error(404, b'').code == 'http_404'
    wrong = b'{"error": {"param": "model", "message": "No such model."}}'
    assert openai.read_error(404, wrong).code == 'model_not_found'


@pytest.mark.parametrize('authentication', ['none', 'bearer'])
def test_a_server_without_authentication_gets_no_key(authentication: str) -> None:
    key = '' if authentication == 'bearer' else KEY
    socket = service(says(200, {}), key=key, authentication=authentication).socket(MODEL, 'browser-1')
    assert not {'Authorization', 'api-key'} & set(socket.headers)


@pytest.mark.parametrize(
    'handler',
    [
        lambda _: httpx.Response(200, json=ANSWER),
        lambda request: httpx.Response(401, json={'error': {'message': request.headers['authorization']}}),
        lambda request: httpx.Response(307, headers={'location': f'https://x.io/?{request.headers["authorization"]}'}),
        lambda request: _fail(httpx.ConnectError(request.headers['authorization'], request=request)),
        lambda request: _fail(httpx.ReadTimeout(request.headers['authorization'], request=request)),
    ],
    ids=['success', 'refusal', 'redirect', 'network', 'timeout'],
)
async def test_the_key_is_nowhere_to_be_read(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider = service(handler)
    seen: list[Any] = [provider, vars(provider)['_base_url'], caplog]
    try:
        seen.append(await provider.mint(SESSION, 'browser-1'))
    except ProviderError as error:
        seen += [
            error,
            error.detail,
            error.args,
            error.__cause__,
            error.__context__,
            *traceback.format_exception(error),
        ]
    text = ' '.join(f'{item!s} {item!r}' for item in seen) + caplog.text
    assert KEY not in text
    assert 'CANARY' not in text


async def test_a_token_is_not_printed() -> None:
    ticket = await service(says(200, ANSWER)).mint(SESSION, 'browser-1')
    assert 'ek_68af' not in repr(ticket)


async def _failure(handler: Handler) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await service(handler).mint(SESSION, 'browser-1')
    return caught.value


def _raises(error: Exception) -> Handler:
    return lambda _: _fail(error)


def _fail(error: Exception) -> httpx.Response:
    raise error
