"""Where Python places the call the page is the same, and no key of the provider's is in it, not even a short-lived one.

The service is the stand-in for OpenAI, or Parley's own engine.
"""

import asyncio
import hashlib
import json

import pytest
from playwright.async_api import Request, expect

from components.call.failure import failure
from components.settings.session import session
from components.settings.settings import Settings
from components.words.language import ENGLISH
from tests.conftest import OpenPage, OpenParley, StartParley
from tests.e2e.received import Received
from tests.e2e.stand_in import KEY, StandIn, refusal
from tests.e2e.witness import ON_CUE, WITNESS, WitnessedPage
from tests.page import EAR, WAIT, ParleyPage
from tests.parley import Parley, free_port


@pytest.fixture(scope='module')
def environment() -> dict[str, str]:
    return {'OPENAI_PLACING': 'unified'}


async def test_a_conversation_is_spoken_and_read_without_any_key_in_the_browser(
    program: Parley, openai: StandIn, open_page: OpenPage
) -> None:
    browser = await open_page(init_script=WITNESS + ON_CUE)
    received = await Received.of(browser)
    asked: list[Request] = []
    browser.on('request', lambda request: asked.append(request))
    page = WitnessedPage(browser, program.url)
    await page.open()
    await page.call()
    await page.say('what_time_is_it')
    assert (await page.wait_turn('user', status='done')).text == 'What time is it?'
    assert (await page.wait_turn('assistant', status='done')).text.startswith('It is ')
    await page.wait_voice()

    assert openai.mints == []
    (offer,) = openai.offers  # without a preflight, so no browser has asked
    assert offer.headers['authorization'] == f'Bearer {KEY}'
    assert offer.headers['openai-safety-identifier'] == hashlib.sha256((await page.browser_id()).encode()).hexdigest()
    assert offer.form['sdp'].startswith('v=0')
    assert json.loads(offer.form['session']) == session(Settings())
    assert {request.url.split('/')[2] for request in asked if request.url.startswith('http')} == {
        f'localhost:{program.port}'
    }

    text = await received.everything()
    assert 'Bearer parley_' in text  # what the browser had instead
    assert 'CANARY' not in text
    assert 'ek_' not in text


async def test_a_ticket_cannot_be_used_once_more(program: Parley, openai: StandIn, open_page: OpenPage) -> None:
    browser = await open_page(init_script=EAR)
    asked: list[Request] = []
    browser.on('request', lambda request: asked.append(request))
    page = await ParleyPage(browser, program.url).open()
    await page.call()
    (offer,) = [request for request in asked if request.url.endswith('/calls')]
    again = await browser.evaluate(
        """async ([headers, body]) => {
            const response = await fetch("/calls", { method: "POST", headers, body });
            return [response.status, (await response.json()).error.code];
        }""",
        [{name: (await offer.all_headers())[name] for name in ('authorization', 'content-type')}, offer.post_data],
    )
    assert again == [410, 'ticket_used']
    assert len(openai.offers) == 1


REFUSALS = [
    (401, 'invalid_api_key', 'invalid_api_key'),
    (429, 'insufficient_quota', 'insufficient_quota'),
    (404, 'model_not_found', 'model_not_found'),
    (404, None, 'http_404'),
    (500, 'server_error', 'http_5xx'),
]


async def test_a_refused_call_is_explained_and_the_next_press_succeeds(
    program: Parley, openai: StandIn, open_page: OpenPage
) -> None:
    browser = await open_page(init_script=EAR)
    received = await Received.of(browser)
    page = await ParleyPage(browser, program.url).open()
    for status, code, shown in REFUSALS:
        openai.call_failure = refusal(status, code, f'You said {KEY}.')
        await page.press_call()
        await page.wait_state('failed')
        told = failure(shown, 'You said ….', ENGLISH.text)
        for words in (told.sentence, told.next_step):
            await expect(page.status_line).to_contain_text(words)
        failed = page.page.locator('[data-testid=ladder-rung][data-state=failed]')
        await expect(failed).to_have_count(1)  # Python shows it
        openai.call_failure = None
        await page.call()
        await page.hang_up()
    text = await received.everything()
    assert text.count('You said ….') >= len(REFUSALS)
    assert 'CANARY' not in text


async def test_cancelling_while_the_call_is_placed_leaves_none_behind(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    openai.free.clear()
    async with page.page.expect_request('**/calls'):
        await page.press_call()
    await page.wait_state('connecting')
    assert await asyncio.to_thread(openai.offered.wait, WAIT)
    await page.hang_up()
    openai.free.set()
    assert await asyncio.to_thread(openai.hung_up.wait, WAIT)
    await page.call()
    assert len(openai.hangups) == 1


async def test_parley_places_calls_with_its_own_engine_as_well(start_parley: StartParley, open_page: OpenPage) -> None:
    parley = await start_parley(ENGINE_PLACING='unified')
    browser = await open_page(init_script=EAR)
    received = await Received.of(browser)
    page = await ParleyPage(browser, parley.url).open()
    await page.call()
    text = await received.everything()
    assert 'Bearer parley_' in text
    assert 'ek_' not in text


async def test_a_gateway_that_starts_later_and_cannot_hang_up_gets_calls_by_the_relay(
    start_parley: StartParley, open_page: OpenPage
) -> None:
    """As LiteLLM, which also transcribes nothing unless .env names a model for that."""
    port = free_port()
    provider = {
        'PROVIDER_URL': f'http://127.0.0.1:{port}/v1',
        'PROVIDER_KEY': KEY,
        'PROVIDER_MODEL': 'gpt-realtime-2.1',
    }
    parley = await start_parley(**provider, PROVIDER_PLACING='unified', PROVIDER_VOICE='marin')
    page = WitnessedPage(await open_page(init_script=WITNESS), parley.url)
    await page.open()
    async with StandIn(port=port, hangs_up=False) as gateway:
        await page.page.get_by_test_id('call-bar').hover()
        await page.page.wait_for_function(GOES_BY_RELAY)
        await page.call()
        await expect(page.page.get_by_test_id('call-way')).to_have_attribute('data-transport', 'relay')
        assert gateway.offers == []
        await page.deliver({'type': 'input_audio_buffer.committed', 'item_id': 'item_1', 'previous_item_id': None})
        notice = page.page.get_by_test_id('notice').filter(has_text='PROVIDER_TRANSCRIPTION_MODEL')
        await expect(notice).to_have_attribute('data-code', 'words_missing')
        await page.hang_up()


GOES_BY_RELAY = 'Object.values(mounted_app.elements).some(({ props }) => props.transport === "relay")'
