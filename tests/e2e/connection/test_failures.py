"""Every failure ends in one plain sentence with a next step, and in a button that works again."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from tests.chromium import Microphone
from tests.conftest import OpenPage, StartParley
from tests.e2e.conftest import Visit, VisitRefused
from tests.e2e.lines import CAPACITY, Lines
from tests.e2e.plain_proxy import PlainProxy
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import fresh
from tests.parley import SPEECHLESS, Parley

CALLS = '**/realtime/calls'


async def test_a_refused_microphone_and_then_an_allowed_one(visit_refused: VisitRefused) -> None:
    page = await visit_refused()
    await page.press_call()
    await page.wait_failure('microphone_refused', 'microphone')
    await page.page.get_by_test_id('without-microphone').click()
    await page.wait_state('live')
    add = page.page.get_by_test_id('add-microphone')
    await add.click()
    note = page.page.get_by_test_id('call-note')
    await expect(note).to_contain_text("isn't allowed to use the microphone. The call goes on without it.")
    await page.page.context.grant_permissions(['microphone'])
    await add.click()
    await expect(page.page.get_by_test_id('mute')).to_be_visible()
    await page.hang_up()
    await page.call()


@pytest.mark.parametrize(('microphone', 'code'), [('missing', 'microphone_missing'), ('busy', 'microphone_busy')])
async def test_no_usable_microphone(open_page: OpenPage, parley: Parley, microphone: Microphone, code: str) -> None:
    page = WitnessedPage(await open_page(microphone, init_script=WITNESS), parley.url)
    await page.open()
    for _ in range(2):
        await page.press_call()
        await page.wait_failure(code, 'microphone')
    assert (await page.sentences()).count('Getting ready …') == 2  # each press tried


async def test_a_question_for_the_microphone_that_nobody_answers(visit: Visit) -> None:
    page = await visit(init_script=UNANSWERED)
    await page.page.clock.install()
    await page.press_call()
    await page.wait_rung('microphone', 'active')
    await page.page.clock.fast_forward(60_000)
    await page.wait_failure('microphone_timeout', 'microphone')

    await page.page.evaluate('answer()')
    await page.page.wait_for_function('witness.tracks[0]?.readyState === "ended"')  # too late: it is let go at once
    await page.call()


async def test_a_microphone_unplugged_during_the_call(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.evaluate(UNPLUG_ALL)
    notice = page.status_line.get_by_test_id('notice')
    await expect(notice).to_have_attribute('data-code', 'microphone_lost')
    assert await page.state() == 'live'
    await page.page.evaluate('plug()')
    await expect(notice).to_have_count(0)
    assert await page.microphones() == ['ended', 'live']


async def test_a_page_that_may_not_use_the_microphone(visit: Visit) -> None:
    page = await visit()

    async def forbid(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, headers={**answer.headers, 'permissions-policy': 'microphone=()'})

    await page.page.route('**/new', forbid)
    await page.open()
    await page.press_call()
    await page.wait_failure('microphone_forbidden', 'microphone')

    async def bare(route: Route) -> None:  # as a proxy may send it, without the headers that keep it out of frames
        answer = await route.fetch(headers={**route.request.headers, 'sec-fetch-site': 'none'})
        await route.fulfill(response=answer, headers={'content-type': 'text/html'})

    async def around(route: Route) -> None:  # by another origin, without allow="microphone"
        body = f'<iframe src="{fresh(page.url)}" width="1200" height="650">'
        await route.fulfill(content_type='text/html', body=body)

    await page.page.unroute('**/new')
    await page.page.route('**/new', bare)
    await page.page.route('http://localhost:1/', around)
    await page.page.goto('http://localhost:1/')
    frame = page.page.frame_locator('iframe')
    await frame.get_by_test_id('call-button').click()
    status_line = frame.get_by_test_id('status-line')
    await expect(status_line.get_by_test_id('notice')).to_have_attribute('data-code', 'microphone_forbidden')
    await expect(status_line).to_contain_text('Open Parley in a tab of its own')
    await frame.get_by_test_id('camera').click()
    await expect(frame.get_by_role('alert')).to_contain_text('This page may not use the camera')


async def test_a_page_at_an_insecure_address(visit: Visit, parley: Parley) -> None:
    async with PlainProxy(parley) as proxy:
        page = await visit(proxy.url)
        for _ in range(2):
            await page.press_call()
            await page.wait_failure('insecure_page', 'microphone')
        assert (await page.sentences()).count('Getting ready …') == 2


async def test_a_browser_without_calls(visit: Visit) -> None:
    page = await visit(init_script='window.hidden = RTCPeerConnection; delete window.RTCPeerConnection;')
    await page.choose_transport('webrtc')
    await page.press_call()
    await page.wait_failure('webrtc_unsupported')
    assert await page.microphones() == []  # it need not even be asked for
    await page.page.evaluate('() => { window.RTCPeerConnection = hidden; }')
    await page.call()


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def caller(silent_browser: Browser, parley: Parley) -> AsyncIterator[WitnessedPage]:
    """A visitor who stays, and calls again and again."""
    async with await silent_browser.new_context(permissions=['microphone']) as context:
        await context.add_init_script(WITNESS)
        page = WitnessedPage(await context.new_page(), parley.url)
        await page.open()
        yield page


def refusal(status: int, code: str | None) -> dict[str, Any]:
    """A refusal in the words of the Realtime API."""
    error = {'type': 'invalid_request_error', 'code': code, 'message': 'Because.', 'param': None}
    return {'status': status, 'content_type': 'application/json', 'body': json.dumps({'error': error})}


@pytest.mark.parametrize(
    ('answer', 'code'),
    [
        (refusal(401, 'invalid_api_key'), 'invalid_api_key'),
        (refusal(401, None), 'http_401'),
        (refusal(403, 'unsupported_country_region_territory'), 'http_403'),
        (refusal(404, 'model_not_found'), 'model_not_found'),
        (refusal(429, 'insufficient_quota'), 'insufficient_quota'),
        (refusal(429, 'rate_limit_exceeded'), 'rate_limit_exceeded'),
        (refusal(400, 'invalid_offer'), 'invalid_offer'),
        (refusal(418, 'teapot'), 'http_4xx'),
        (refusal(500, 'server_error'), 'http_5xx'),
        ({'status': 502, 'content_type': 'text/html', 'body': '<h1>Bad gateway</h1>'}, 'http_5xx'),
        ({'status': 201, 'content_type': 'application/sdp', 'body': 'v=42, not SDP'}, 'answer_unusable'),
    ],
    ids=[
        'wrong key',
        'no key',
        'forbidden',
        'unknown model',
        'no quota',
        'too often',
        'bad offer',
        'refused',
        'trouble',
        'trouble before it',
        'no SDP',
    ],
)
async def test_a_refused_offer(caller: WitnessedPage, answer: dict[str, Any], code: str) -> None:
    await caller.page.route(CALLS, lambda route: route.fulfill(**answer))
    await caller.press_call()
    await caller.wait_failure(code, 'offer')
    await caller.page.unroute(CALLS)
    assert set(await caller.microphones()) == {'ended'}
    await caller.call()
    await caller.hang_up()


async def test_a_service_out_of_reach(visit: Visit) -> None:
    page = await visit()
    await page.choose_transport('webrtc')
    await page.page.route(CALLS, lambda route: route.abort('connectionrefused'), times=1)
    await page.press_call()
    await page.wait_failure('provider_unreachable', 'offer')
    await page.call()


async def test_an_engine_whose_lines_are_all_busy(visit: Visit, lines: Lines) -> None:
    page = await visit()
    await lines.take(CAPACITY)
    await page.press_call()
    await page.wait_failure('session_limit_reached', 'offer')
    await lines.free()
    await page.call()


async def test_a_service_that_does_not_answer_the_offer(visit: Visit) -> None:
    page = await visit()
    await page.page.route(CALLS, lambda route: None, times=1)
    await page.page.clock.install()
    await page.press_call()
    await page.wait_rung('offer', 'active')
    await page.page.clock.fast_forward(15_000)
    await page.wait_failure('provider_timeout', 'offer')
    await page.call()


def leading_nowhere(sdp: str) -> str:
    """The answer of a service behind a firewall: its addresses are reserved for documentation (RFC 5737)."""
    return re.sub(r'(a=candidate:\S+ \d \w+ \d+ )\S+', r'\g<1>192.0.2.1', sdp)


def from_somebody_else(sdp: str) -> str:
    """An answer whose keys do not fit to who is met on the way."""
    return re.sub(r'(a=fingerprint:\S+ )(\S+)', lambda found: found[1] + found[2][::-1], sdp)


async def change_answer(page: WitnessedPage, change: Callable[[str], str]) -> None:
    async def fulfill(route: Route) -> None:
        response = await route.fetch()
        await route.fulfill(response=response, body=change(await response.text()))

    await page.page.route(CALLS, fulfill, times=1)


async def test_a_network_without_a_way(visit: Visit) -> None:
    page = await visit()
    await page.choose_transport('webrtc')
    await change_answer(page, leading_nowhere)
    await page.page.clock.install()
    await page.press_call()
    await page.wait_rung('network', 'active')
    await page.page.clock.fast_forward(10_000)
    await page.wait_failure('network_timeout', 'network')
    await page.call()


async def test_a_connection_that_fails(visit: Visit) -> None:
    page = await visit()
    await page.choose_transport('webrtc')
    await change_answer(page, from_somebody_else)
    await page.press_call()
    await page.wait_failure('network_failed', 'network')
    await page.call()


async def test_a_service_that_does_not_begin_the_session(visit: Visit) -> None:
    page = await visit(init_script=MUTE_SERVICE)
    await page.page.clock.install()
    await page.press_call()
    await page.wait_rung('session', 'active')
    await page.page.clock.fast_forward(5_000)
    await page.wait_failure('session_timeout', 'session')
    await page.page.evaluate('speechless = false')
    await page.call()


async def test_a_ticket_that_became_stale_is_replaced_within_the_same_press(visit: Visit) -> None:
    """As after a restart of the service: the key that was fetched ahead opens nothing any more."""
    page = await visit()
    await page.call()
    await page.hang_up()  # a ticket for the next call is fetched ahead
    refused: list[str] = []

    async def refuse(route: Route) -> None:
        refused.append(route.request.headers['authorization'])
        error = {'type': 'invalid_request_error', 'code': 'invalid_api_key', 'message': 'Incorrect API key provided.'}
        await route.fulfill(status=401, json={'error': error})

    await page.page.route(CALLS, refuse, times=1)
    async with page.page.expect_response(lambda response: response.status == 201) as placed:
        await page.call()
    assert (await (await placed.value).request.all_headers())['authorization'] not in refused
    assert len(refused) == 1


async def test_a_call_that_the_service_hangs_up(visit: Visit) -> None:
    page = await visit()
    async with page.page.expect_response(CALLS) as placed:
        await page.call()
    location = (await placed.value).headers['location']
    response = await page.page.request.post(f'{page.url.rstrip("/")}{location}/hangup')
    assert response.ok
    await page.page.wait_for_function('witness.received.filter(({type}) => type === "session.created").length === 2')
    await page.wait_state('live')
    assert await page.microphones() == ['live']
    assert 'Connection lost. Reconnecting …' in await page.sentences()
    await page.hang_up()


async def test_a_session_that_expires(visit: Visit) -> None:
    page = await visit()
    await page.call()
    error = {'type': 'invalid_request_error', 'code': 'session_expired', 'message': 'Your session hit 60 minutes.'}
    await page.deliver({'type': 'error', 'event_id': 'event_1', 'error': error})
    await page.page.wait_for_function('witness.received.filter(({type}) => type === "session.created").length === 2')
    await page.wait_state('live')
    assert await page.microphones() == ['live']
    await page.wait_logged('error')
    assert 'Connection lost. Reconnecting …' not in await page.sentences()  # nothing was lost


async def test_a_forgotten_call_warns_and_hangs_up(visit: Visit) -> None:
    page = await visit()
    await page.page.evaluate("""() => {
        const { props } = Object.values(mounted_app.elements).find(({ props }) => "hang-up-after" in props);
        props["hang-up-after"] = 300; // seconds
    }""")
    await page.page.clock.install()
    await page.call()
    await page.page.clock.pause_at(await page.page.evaluate('Date.now() / 1000') + 5)
    warning = page.page.get_by_test_id('idle-warning')
    for _ in range(2):
        await page.page.keyboard.press('Shift')
        await expect(warning).to_have_count(0)
        await page.page.clock.fast_forward(299_000)
        await expect(warning).to_contain_text('hangs up in 1 second. ')
    await page.page.clock.fast_forward(1_000)
    await page.page.clock.resume()
    await page.wait_failure('forgotten')
    assert await page.microphones() == ['ended']
    assert (await page.sentences()).count('Connection lost. Reconnecting …') == 0


async def test_parley_restarted_during_the_call(visit: Visit, start_parley: StartParley) -> None:
    parley = await start_parley(**SPEECHLESS)
    page = await visit(parley.url)
    await page.call()
    async with page.page.expect_event('load'):
        await parley.restart()
    await page.wait_state('live')  # by itself
    await expect(page.page.get_by_test_id('lost-connection')).to_have_count(0)
    await page.hang_up()
    async with page.page.expect_event('load'):
        await parley.restart()
    await page.wait_state('idle')  # nothing was interrupted this time


async def test_parley_gone_during_the_call(visit: Visit, start_parley: StartParley) -> None:
    parley = await start_parley(**SPEECHLESS)
    page = await visit(parley.url)
    await page.page.clock.install()
    await page.call()
    await parley.kill()
    await expect(page.page.get_by_test_id('lost-connection')).to_contain_text('No connection to Parley.')
    await expect(page.page.locator('#popup')).to_be_hidden()
    await expect(page.status_line).to_contain_text('Connection lost.')
    await page.page.clock.fast_forward(5_000)
    await page.wait_state('recovering')
    await expect(page.page.get_by_test_id('recovering')).to_be_visible()
    assert await page.microphones() == ['live']
    await page.hang_up()
    assert await page.microphones() == ['ended']

    await page.press_call()
    await page.wait_state('preparing')
    await page.page.clock.fast_forward(4_000)
    await expect(page.status_line).to_contain_text('This page lost its connection to Parley.')
    async with page.page.expect_event('load'):  # by itself, as soon as Parley is back
        await parley.start()
        await page.page.clock.fast_forward(5_000)
    await page.wait_state('idle')
    await page.call()


UNANSWERED = """
    let asked = false;
    const getUserMedia = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
        if (!asked) await new Promise((resolve) => ((asked = true), (window.answer = resolve)));
        return getUserMedia(constraints);
    };
"""
"""The first question for the microphone stays open until `answer()`."""

UNPLUG_ALL = """() => {
    const { mediaDevices } = navigator;
    const { getUserMedia } = mediaDevices;
    mediaDevices.getUserMedia = async () => { throw new DOMException("Requested device not found", "NotFoundError"); };
    window.plug = () => {
        mediaDevices.getUserMedia = getUserMedia;
        mediaDevices.dispatchEvent(new Event("devicechange"));
    };
    witness.tracks[0].dispatchEvent(new Event("ended"));
}"""
"""The call's microphone goes, and there is no other until `plug()`."""

MUTE_SERVICE = """
    window.speechless = true;
    const createDataChannel = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (...parameters) {
        const channel = createDataChannel.apply(this, parameters);
        channel.addEventListener("message", (event) => speechless && event.stopImmediatePropagation());
        return channel;
    };
"""
"""Loses all that the service says, while `speechless`."""
