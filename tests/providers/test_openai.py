"""Minting at OpenAI: the exact request, what comes of each answer, and a key that stays where it is."""

import asyncio
import hashlib
import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openai.types.realtime import ClientSecretCreateResponse

from components.providers.openai import BadSetup, OpenAI
from components.providers.ticket import ProviderError, Ticket

KEY = 'sk-proj-CANARY_canary-0123456789'
SESSION: dict[str, object] = {'type': 'realtime', 'model': 'gpt-realtime-2.1-mini', 'instructions': 'Sei höflich.'}
ANSWER = {'value': 'ek_68af', 'expires_at': 1120, 'session': {'type': 'realtime', 'object': 'realtime.session'}}

Handler = Callable[[httpx.Request], httpx.Response]


async def test_the_request_is_exactly_what_openai_documents() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=ANSWER)

    await _provider(answer).mint(SESSION, 'browser-1')

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


async def test_the_answer_becomes_a_ticket() -> None:
    ClientSecretCreateResponse.model_validate(
        ANSWER | {'session': SESSION | {'object': 'realtime.session', 'id': 'sess_1'}}
    )
    ticket = await _provider(_says(200, ANSWER)).mint(SESSION, 'browser-1')
    assert ticket == Ticket('https://api.openai.com/v1/realtime/calls', 'ek_68af', 1120.0, 'openai')


@pytest.mark.parametrize(
    ('expires_at', 'believed'),
    [(1060, 1060.0), (1120, 1120.0), (9999, 1120.0)],
    ids=['shorter than asked', 'as asked', 'a clock that is ahead'],
)
async def test_a_ticket_never_seems_good_for_longer_than_asked(expires_at: int, believed: float) -> None:
    ticket = await _provider(_says(200, ANSWER | {'expires_at': expires_at})).mint(SESSION, 'browser-1')
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

    ticket = await _provider(answer, base_url=base_url).mint(SESSION, 'browser-1')
    assert asked == [mint_url]
    assert ticket.calls_url == calls_url


@pytest.mark.parametrize(
    'base_url',
    ['api.openai.com/v1', 'wss://api.openai.com/v1', 'https://', 'http://x.io:port', 'https://me:pw@x.io/v1'],
)
def test_a_base_url_that_cannot_be_one_is_refused(base_url: str) -> None:
    with pytest.raises(BadSetup, match='bad_base_url'):
        _provider(_says(200, ANSWER), base_url=base_url)


@pytest.mark.parametrize('key', ['', 'sk-two words', 'sk-line\nbreak', 'sk-ключ'])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(BadSetup, match='bad_key'):
        _provider(_says(200, ANSWER), key=key)


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
        (400, 'unknown_parameter', 'http_4xx'),
        (418, ['invalid_api_key'], 'http_4xx'),
        (500, None, 'http_5xx'),
        (503, 'server_error', 'http_5xx'),
    ],
)
async def test_a_refusal_has_a_code(status: int, service_code: object, code: str) -> None:
    error = await _failure(_says(status, {'error': {'message': 'So it is.', 'type': 'x', 'code': service_code}}))
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


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def wait_for_ever(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = httpx.AsyncClient(transport=httpx.MockTransport(wait_for_ever))
    with pytest.raises(ProviderError, match='provider_timeout'):
        await OpenAI(KEY, client, timeout=0).mint(SESSION, 'browser-1')


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
async def test_what_looks_like_a_key_is_cut_from_messages(message: str, detail: str) -> None:
    error = await _failure(_says(401, {'error': {'message': message}}))
    assert error.detail == detail


async def test_a_short_word_for_a_local_server_is_no_secret() -> None:
    provider = _provider(_says(500, {'error': {'message': 'example'}}), key='x')
    with pytest.raises(ProviderError, match='example'):
        await provider.mint(SESSION, 'browser-1')


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
    provider = _provider(handler)
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
    ticket = await _provider(_says(200, ANSWER)).mint(SESSION, 'browser-1')
    assert 'ek_68af' not in repr(ticket)


def _provider(handler: Handler, *, key: str = KEY, base_url: str = 'https://api.openai.com/v1') -> OpenAI:
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return OpenAI(key, client, base_url, now=lambda: 1000.0)


async def _failure(handler: Handler) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await _provider(handler).mint(SESSION, 'browser-1')
    return caught.value


def _says(status: int, body: object) -> Handler:
    return lambda _: httpx.Response(status, json=body)


def _raises(error: Exception) -> Handler:
    return lambda _: _fail(error)


def _fail(error: Exception) -> httpx.Response:
    raise error
