"""Microphones that are refused, missing, unplugged, or out of the page's reach: each says why, and what to do."""

import pytest
from playwright.async_api import Route, expect

from tests.chromium import Microphone
from tests.conftest import OpenPage
from tests.e2e.conftest import Visit, VisitRefused
from tests.e2e.plain_proxy import PlainProxy
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import fresh
from tests.parley import Parley


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
