"""Calls that Python places, and calls that it hangs up: the exact requests, and what comes of each answer."""

import hashlib
import json
from email import message_from_bytes

import httpx
import pytest

from components.providers.error import ProviderError
from components.providers.ticket import PlacedCall

from .answering import ANSWER, ELSEWHERE, KEY, SDP, SESSION, says, service


async def test_a_call_is_placed_in_one_form_with_the_servers_key() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, text=SDP, headers={'Location': '/v1/realtime/calls/rtc_u2_E4xw'})

    call = await service(answer).place('v=0 offer', SESSION, 'browser-1')

    assert call == PlacedCall(SDP, 'rtc_u2_E4xw')
    (request,) = asked
    assert str(request.url) == 'https://api.openai.com/v1/realtime/calls'
    assert request.headers['authorization'] == f'Bearer {KEY}'
    assert request.headers['openai-safety-identifier'] == hashlib.sha256(b'browser-1').hexdigest()
    _, sdp, form = message_from_bytes(
        b'Content-Type: ' + request.headers['content-type'].encode() + b'\r\n\r\n' + request.content
    ).walk()
    named = [part.get_param('name', header='content-disposition') for part in (sdp, form)]
    assert named == ['sdp', 'session']
    assert [part.get_content_type() for part in (sdp, form)] == ['application/sdp', 'application/json']
    assert sdp.get_payload() == 'v=0 offer'
    assert json.loads(str(form.get_payload())) == SESSION


async def test_python_places_the_call_with_an_ephemeral_key_if_there_is_no_form() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith('client_secrets'):
            return httpx.Response(200, json=ANSWER)
        return httpx.Response(201, text=SDP, headers={'Location': '/openai/v1/realtime/calls/rtc_0af'})

    provider = service(answer, form=False, authentication='api-key')
    assert await provider.place('v=0 offer', SESSION, 'browser-1') == PlacedCall(SDP, 'rtc_0af')
    mint, call = asked
    assert mint.headers['api-key'] == KEY
    assert 'authorization' not in mint.headers
    assert 'openai-safety-identifier' in mint.headers
    assert (call.headers['authorization'], call.headers['content-type']) == ('Bearer ek_68af', 'application/sdp')
    assert call.content == b'v=0 offer'
    assert 'api-key' not in call.headers


@pytest.mark.parametrize(
    ('location', 'call_id'),
    [
        ('https://x.io/v1/realtime/calls/rtc_1', 'rtc_1'),
        ('', ''),
        ('/v1/realtime/calls/..', ''),
        ('/calls/a?b=c', ''),
    ],
)
async def test_only_valid_call_ids_are_accepted(location: str, call_id: str) -> None:
    provider = service(lambda _: httpx.Response(201, text=SDP, headers={'Location': location}))
    assert (await provider.place('v=0', SESSION, 'browser-1')).id == call_id


async def test_a_refused_call_shows_the_services_message_without_the_key() -> None:
    said = {
        'message': f'Wrong: {KEY}',
        'type': 'invalid_request_error',
        'param': None,
        'code': 'account_deactivated',
    }
    provider = service(says(401, {'error': {**said, 'internal': 'secret'}}))
    with pytest.raises(ProviderError) as caught:
        await provider.place('v=0', SESSION, 'browser-1')
    assert (caught.value.code, caught.value.status) == ('http_401', 401)
    assert caught.value.body == {'error': {**said, 'message': 'Wrong: …'}}


async def test_an_answer_that_is_no_sdp_is_unusable() -> None:
    with pytest.raises(ProviderError, match='provider_answer_unusable'):
        await service(lambda _: httpx.Response(200, text='<html>')).place('v=0', SESSION, 'browser-1')


async def test_hanging_up() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers['authorization']))
        return httpx.Response(200 if len(asked) == 1 else 404)

    provider = service(answer)
    await provider.hang_up('rtc_1')
    assert asked == [('https://api.openai.com/v1/realtime/calls/rtc_1/hangup', f'Bearer {KEY}')]
    with pytest.raises(ProviderError, match='http_404'):
        await provider.hang_up('rtc_1')


UNKNOWN_CALL = {'error': {'code': 'call_id_not_found', 'message': 'No session found.'}}


@pytest.mark.parametrize(
    ('answer', 'hangs_up'),
    [
        (httpx.Response(404, json=UNKNOWN_CALL), True),
        (httpx.Response(200), True),
        (httpx.Response(404, json={'detail': 'Not Found'}), False),
        (httpx.Response(405, text='Method Not Allowed'), False),
    ],
)
async def test_a_service_is_asked_once_whether_it_hangs_up(answer: httpx.Response, hangs_up: bool) -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return answer

    provider = service(handle, base_url=ELSEWHERE)
    assert provider.hangs_up is None
    await provider.learn_whether_it_hangs_up()
    await provider.learn_whether_it_hangs_up()
    assert provider.hangs_up is hangs_up
    assert asked == ['/v1/realtime/calls/rtc_none/hangup']


async def test_a_service_that_cannot_hang_up_is_no_call_that_has_ended() -> None:
    provider = service(lambda _: httpx.Response(404, json={'detail': 'Not Found'}), base_url=ELSEWHERE)
    with pytest.raises(ProviderError, match='cannot_hang_up'):
        await provider.hang_up('rtc_1')
    provider = service(lambda _: httpx.Response(404, json=UNKNOWN_CALL), base_url=ELSEWHERE)
    with pytest.raises(ProviderError, match='http_404'):
        await provider.hang_up('rtc_1')
