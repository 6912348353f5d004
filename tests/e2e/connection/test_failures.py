"""Every failure ends in one plain sentence with a next step, and in a button that works again."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from tests.conftest import StartParley
from tests.e2e.conftest import Visit
from tests.e2e.lines import CAPACITY, Lines
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import SPEECHLESS, Parley

CALLS = '**/realtime/calls'


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
