"""A provider asked for tickets, texts and sockets: the exact requests, and what comes of each answer."""

import hashlib
import json
import traceback

import httpx
import pytest
from openai.types.realtime import ClientSecretCreateResponse

from components.providers.error import ProviderError
from components.providers.ticket import Ticket

from .answering import ANSWER, KEY, MODEL, SESSION, failure, says, service


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
    assert (await failure(lambda _: answer)).code == 'provider_answer_unusable'


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


async def test_a_token_is_not_printed() -> None:
    ticket = await service(says(200, ANSWER)).mint(SESSION, 'browser-1')
    assert 'ek_68af' not in repr(ticket)
