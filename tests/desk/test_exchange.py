"""The exchange: places a call for a browser that has a ticket, and hangs up calls that nobody wants."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message

from components.desk.exchange import Exchange
from components.desk.one_time_tickets import HangUp, Order
from components.providers.error import ProviderError
from components.providers.profile import Placing
from components.providers.ticket import PlacedCall, Ticket
from components.settings.catalogue import ProviderKind
from components.settings.settings import Settings

SDP = {'Content-Type': 'application/sdp'}


@dataclass
class Desk:
    """A provider whose every call is answered when, and as, the test says; the exchange before it, and the clock."""

    time: float = 1000.0
    asked: list[str] = field(default_factory=list)
    begun: list[HangUp | None] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exchange = Exchange(self, now=lambda: self.time, browser_of=lambda request: request.cookies.get('browser'))
        self.placed_by: Placing = 'ephemeral'
        self.called, self.answering = asyncio.Event(), asyncio.Event()
        self.answering.set()
        self.answer: PlacedCall | ProviderError = PlacedCall('v=0 answer', 'rtc_1')
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url='http://parley', cookies={'browser': 'browser-1'}
        )

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[self.exchange.route])

    def ticket(self, on_begun: Callable[[HangUp | None], None] | None = None) -> Ticket:
        return self.exchange.ticket(Order(Settings(), 'browser-1', on_begun or self.begun.append))

    async def post(self, token: str, content: Any = 'v=0 offer', **headers: str) -> httpx.Response:
        return await self.client.post(
            '/calls', content=content, headers={'Authorization': f'Bearer {token}', **SDP, **headers}
        )

    def placing(self, settings: Settings) -> Placing:
        return self.placed_by

    async def place(self, settings: Settings, offer: str, browser: str) -> PlacedCall:
        assert (settings, browser) == (Settings(), 'browser-1')
        self.asked.append(offer)
        self.called.set()
        await self.answering.wait()
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return self.answer

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        assert kind == 'openai'
        self.hung_up.append(call_id)

    def life_at(self, kind: ProviderKind, call_id: str) -> float:
        return 900.0 if (kind, call_id) == ('openai', 'rtc_1') else -math.inf


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_a_call_is_placed_for_the_browser(desk: Desk) -> None:
    ticket = desk.ticket()
    answer = await desk.post(ticket.token)
    assert (answer.status_code, answer.text) == (201, 'v=0 answer')
    assert answer.headers['content-type'] == 'application/sdp'
    assert answer.headers['cache-control'] == 'no-store'
    assert (ticket.url, desk.asked, desk.hung_up) == ('/calls', ['v=0 offer'], [])
    assert 'rtc_1' not in f'{answer.headers} {answer.text}'  # the host alone can hang up
    assert ticket.token not in repr(ticket)
    (hang_up,) = desk.begun
    assert hang_up
    await hang_up()
    assert desk.hung_up == ['rtc_1']


async def test_a_call_tells_its_page_when_somebody_last_spoke(desk: Desk) -> None:
    order = Order(Settings(), 'browser-1')
    ticket = desk.exchange.ticket(order)
    assert order.last_sign.at == -math.inf
    await desk.post(ticket.token)
    assert order.last_sign.at == 900.0, 'the browser does not know the id by which the service is asked'


async def test_a_call_without_an_id_is_a_call(desk: Desk) -> None:
    desk.answer = PlacedCall('v=0 answer', '')
    assert (await desk.post(desk.ticket().token)).status_code == 201
    assert desk.begun == [None]  # nobody can hang it up


async def test_a_ticket_is_good_once(desk: Desk) -> None:
    token = desk.ticket().token
    assert (await desk.post(token)).status_code == 201
    assert refused(await desk.post(token)) == (410, 'ticket_used')
    assert len(desk.asked) == 1


async def test_only_one_of_several_simultaneous_requests_succeeds(desk: Desk) -> None:
    token = desk.ticket().token
    answers = await asyncio.gather(*(desk.post(token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 410, 410, 410, 410]
    assert len(desk.asked) == 1


async def test_a_ticket_that_failed_is_used_all_the_same(desk: Desk) -> None:
    token = desk.ticket().token
    desk.answer = ProviderError('http_5xx', status=503)
    assert refused(await desk.post(token))[0] == 503
    assert refused(await desk.post(token)) == (410, 'ticket_used')


@pytest.mark.parametrize(
    ('later', 'refusal'),
    [(29.9, None), (30.0, (410, 'ticket_used')), (59.0, (410, 'ticket_used')), (60.1, (401, 'ticket_invalid'))],
)
async def test_a_ticket_grows_old(desk: Desk, later: float, refusal: tuple[int, str] | None) -> None:
    ticket = desk.ticket()
    desk.time += later
    desk.ticket()  # somebody else's
    answer = await desk.post(ticket.token)
    assert (answer.status_code == 201) if refusal is None else (refused(answer) == refusal)


async def test_a_ticket_is_bound_to_its_browser(desk: Desk) -> None:
    token = desk.ticket().token
    for other in ('browser-2', ''):
        desk.client.cookies.set('browser', other)
        assert refused(await desk.post(token)) == (401, 'ticket_invalid')
    desk.client.cookies.clear()
    assert refused(await desk.post(token)) == (401, 'ticket_invalid')
    desk.client.cookies.set('browser', 'browser-1')
    assert (await desk.post(token)).status_code == 201  # nobody could take it from whom it was for


@pytest.mark.parametrize('shown', ['Bearer', 'Bearer parley_guess', 'Basic {token}', '{token}', ''])
async def test_a_call_needs_a_ticket(desk: Desk, shown: str) -> None:
    headers = {'Authorization': shown.format(token=desk.ticket().token), **SDP}
    assert refused(await desk.client.post('/calls', content='v=0', headers=headers)) == (401, 'ticket_invalid')
    assert desk.asked == []


async def test_a_refusal_is_passed_on_as_the_provider_said_it(desk: Desk) -> None:
    said = {'type': 'invalid_request_error', 'code': 'invalid_offer', 'message': 'So it is.', 'param': None}
    desk.answer = ProviderError('http_4xx', 'So it is.', status=400, error=said)
    answer = await desk.post(desk.ticket().token)
    assert (answer.status_code, answer.json()) == (400, {'error': said})


@pytest.mark.parametrize(('code', 'status'), [('provider_unreachable', 502), ('provider_timeout', 504)])
async def test_an_unreachable_provider_is_reported_in_the_same_shape(desk: Desk, code: str, status: int) -> None:
    desk.answer = ProviderError(code, status=status)
    assert refused(await desk.post(desk.ticket().token)) == (status, code)


@pytest.mark.parametrize('kind', ['text/plain', 'multipart/form-data; boundary=x', ''])
async def test_only_an_offer_is_an_offer(desk: Desk, kind: str) -> None:
    answer = await desk.post(desk.ticket().token, **{'Content-Type': kind})
    assert refused(answer) == (415, 'unsupported_content_type')
    assert desk.asked == []


async def test_an_offer_without_end_is_not_read_to_its_end(desk: Desk) -> None:
    sent = 0

    async def flood() -> Any:
        nonlocal sent
        for _ in range(1000):
            sent += 1000
            yield b'v' * 1000

    assert refused(await desk.post(desk.ticket().token, flood())) == (413, 'request_too_large')
    assert sent < 100_000
    assert desk.asked == []


async def test_an_offer_that_does_not_come_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('components.desk.exchange.OFFER_SECONDS', 0)
    visit = Visit(desk, desk.ticket().token)
    await visit.task
    assert visit.status == 408


async def test_a_browser_that_leaves_while_the_call_is_placed_leaves_no_call_behind(desk: Desk) -> None:
    desk.answering.clear()
    visit = await waiting_visit(desk)
    visit.incoming.put_nowait({'type': 'http.disconnect'})
    await visit.task
    assert desk.hung_up == []  # it is not there yet
    desk.answering.set()
    await desk.exchange.close()
    assert (desk.begun, desk.hung_up) == ([], ['rtc_1'])


async def test_a_program_that_ends_while_the_call_is_placed_leaves_no_call_behind(desk: Desk) -> None:
    desk.answering.clear()
    visit = await waiting_visit(desk)
    visit.task.cancel()
    await asyncio.wait([visit.task])
    desk.answering.set()
    await desk.exchange.close()
    assert (desk.begun, desk.hung_up) == ([], ['rtc_1'])


async def test_a_failure_after_the_browser_left_is_ignored(desk: Desk) -> None:
    desk.answering.clear()
    desk.answer = ProviderError('http_5xx')
    visit = await waiting_visit(desk)
    visit.incoming.put_nowait({'type': 'http.disconnect'})
    await visit.task
    desk.answering.set()
    await desk.exchange.close()
    assert desk.hung_up == []


async def test_a_provider_without_webrtc_gives_no_ticket(desk: Desk) -> None:
    desk.placed_by = 'websocket'
    with pytest.raises(ProviderError, match='relay_only'):
        desk.ticket()


async def test_by_default_a_browser_is_known_by_its_signed_cookie() -> None:
    desk = Desk()
    desk.exchange = Exchange(desk, now=lambda: desk.time)
    token = desk.ticket().token
    headers = [(b'authorization', f'Bearer {token}'.encode())]
    for session, status in (({}, 401), ({'id': 'browser-2'}, 401), ({'id': 'browser-1'}, 415)):
        request = Request({'type': 'http', 'method': 'POST', 'headers': headers, 'session': session})
        assert (await desk.exchange.route.endpoint(request)).status_code == status


async def test_a_browser_that_leaves_before_its_offer_is_there_asks_for_nothing(desk: Desk) -> None:
    visit = Visit(desk, desk.ticket().token)
    visit.incoming.put_nowait({'type': 'http.request', 'body': b'v=', 'more_body': True})
    visit.incoming.put_nowait({'type': 'http.disconnect'})
    await visit.task
    assert desk.asked == []


class Visit:
    """A request that receives the test's own messages, and may end before its answer."""

    def __init__(self, desk: Desk, token: str) -> None:
        self.status = 0
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        headers = {'authorization': f'Bearer {token}', 'content-type': 'application/sdp', 'cookie': 'browser=browser-1'}
        scope = {
            'type': 'http',
            'method': 'POST',
            'path': '/calls',
            'query_string': b'',
            'headers': [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.create_task(desk.app(scope, self.incoming.get, self._send))

    async def _send(self, message: Message) -> None:
        self.status = message.get('status', self.status)


async def waiting_visit(desk: Desk) -> Visit:
    """One whose offer is with the provider, which has not answered yet."""
    visit = Visit(desk, desk.ticket().token)
    visit.incoming.put_nowait({'type': 'http.request', 'body': b'v=0', 'more_body': False})
    await desk.called.wait()
    return visit


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of an error in the shape of the Realtime API."""
    error = answer.json()['error']
    assert set(error) == {'type', 'code', 'message', 'param'}
    return answer.status_code, error['code']


async def test_a_placed_call_can_still_be_refused(desk: Desk) -> None:
    def refuse(hang_up: HangUp | None) -> None:
        raise ProviderError('too_many_calls', status=429)

    answer = await desk.post(desk.ticket(on_begun=refuse).token)
    assert refused(answer) == (429, 'too_many_calls')
    await desk.exchange.close()
    assert desk.hung_up == ['rtc_1']
