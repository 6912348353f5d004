"""Requests that a provider refuses, or does not answer: a code for each, and a key that stays where it is."""

import asyncio
import base64
import json
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from components.providers.error import ProviderError
from components.providers.profile import PROFILES, BadSetup
from components.providers.realtime_service import RealtimeService

from .answering import ANSWER, ELSEWHERE, KEY, SESSION, Handler, fail, failure, raises, says, service


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
    error = await failure(says(status, {'error': {'message': 'So it is.', 'type': 'x', 'code': service_code}}))
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
    error = await failure(lambda _: httpx.Response(502, content=body))
    assert (error.code, error.detail) == ('http_5xx', detail)


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
    assert (await failure(raises(error))).code == code


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
    error = await failure(says(401, {'error': {'message': message}}))
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
    error = await failure(says(401, {'error': {'message': f'You sent "{encode(KEY)}" here'}}))
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
    'handler',
    [
        lambda _: httpx.Response(200, json=ANSWER),
        lambda request: httpx.Response(401, json={'error': {'message': request.headers['authorization']}}),
        lambda request: httpx.Response(307, headers={'location': f'https://x.io/?{request.headers["authorization"]}'}),
        lambda request: fail(httpx.ConnectError(request.headers['authorization'], request=request)),
        lambda request: fail(httpx.ReadTimeout(request.headers['authorization'], request=request)),
    ],
    ids=['success', 'refusal', 'redirect', 'network', 'timeout'],
)
async def test_the_key_is_nowhere_to_be_read(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider = service(handler)
    api = vars(provider)['_api']
    seen: list[Any] = [provider, api, vars(api)['_base_url'], caplog]
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
