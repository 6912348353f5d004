"""The way by OpenAI, against a stand-in for the service: exact requests, real conversations, every refusal, and a key
that stays where it is."""

import asyncio
import hashlib
from pathlib import Path

import httpx
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.responses import Response as ServiceAnswer

from components.providers.providers import Providers
from components.settings.session import session
from components.settings.settings import Settings
from components.words.language import ENGLISH
from tests import speech
from tests.conftest import OpenPage, OpenParley, StartParley
from tests.e2e.conversation.test_first_words import BEGINNING, calling
from tests.e2e.received import Received
from tests.e2e.stand_in import KEY, StandIn, refusal
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import EAR, WAIT, ParleyPage
from tests.parley import Parley, free_port


async def test_without_a_key_the_page_says_what_one_would_add(parley: Parley, open_parley: OpenParley) -> None:
    visit = await open_parley(parley)
    page = visit.page
    await expect(await visit.setting('provider')).to_contain_text('Parley engine')
    hint = Providers.from_environment({}, Starlette()).introductions(ENGLISH.text)[0].hint
    assert '.env' in hint
    assert 'OPENAI_API_KEY' in hint
    for place in (page.get_by_role('region', name='Settings'), page.get_by_test_id('chat')):
        await expect(place.get_by_text(hint)).to_be_visible()


async def test_with_a_key_and_nothing_else_openai_is_chosen(start_parley: StartParley, open_parley: OpenParley) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(refuse, '127.0.0.1') as proxy:  # so that the test stays on this machine
        address = f'http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}'
        page = await open_parley(await start_parley(OPENAI_API_KEY=KEY, HTTPS_PROXY=address, https_proxy=address))
        await expect(await page.setting('provider')).to_contain_text('OpenAI')
        await expect(page.page.get_by_text('Calls are billed to your key.').first).to_be_visible()
        await assert_refused(page, 'provider_unreachable')
    assert set(asked) == {b'CONNECT api.openai.com:443 HTTP/1.1\r\n'}


async def test_a_key_entered_on_the_page_makes_the_next_call(
    openai: StandIn, start_parley: StartParley, open_parley: OpenParley
) -> None:
    program = await start_parley(OPENAI_BASE_URL=openai.base_url)
    page = await open_parley(program)
    await page.page.get_by_test_id('key-entry').fill(KEY)
    await page.page.get_by_label('Keep it in the file .env').uncheck()
    await page.page.get_by_test_id('key-save').click()
    await expect(page.page.get_by_test_id('key-outcome')).to_have_text('The key works until Parley ends.')
    assert openai.mints[0].headers['authorization'] == f'Bearer {KEY}', 'it was tried at once'
    await page.call()
    assert [offer.method for offer in openai.offers] == ['OPTIONS', 'POST'], 'the page may call there without a reload'
    assert KEY not in program.output
    kept = [file for folder in (program.data, program.storage) for file in folder.rglob('*') if file.is_file()]
    assert not [file for file in kept if KEY.encode() in file.read_bytes()]
    assert KEY not in await page.page.content()


async def test_a_ticket_is_asked_for_exactly_as_documented(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    await page.call()
    mint = openai.mints[0]
    assert mint.url == f'{openai.base_url}/realtime/client_secrets'
    assert mint.headers['authorization'] == f'Bearer {KEY}'
    assert mint.headers['content-type'] == 'application/json'
    assert 'openai-beta' not in mint.headers
    assert mint.body == {  # that its fields are OpenAI's has been checked by the stand-in
        'expires_after': {'anchor': 'created_at', 'seconds': 120},
        'session': session(Settings()),
    }
    assert len(mint.token) > 10


async def test_the_service_can_tell_one_browser_from_another_but_not_who_it_is(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page, other = await open_parley(program), await open_parley(program)
    for visit in (page, other):
        await visit.call()
    await page.open()
    await page.call()
    mints = {mint.token: mint for mint in openai.mints}
    told = [mints[offer.token].headers['openai-safety-identifier'] for offer in openai.offers if offer.method == 'POST']
    assert told == [hashlib.sha256((await visit.browser_id()).encode()).hexdigest() for visit in (page, other, page)]
    assert len(set(told)) == 2


async def test_the_browser_places_the_call_itself_with_the_ticket(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    session = await page.page.context.new_cdp_session(page.page)
    await session.send('Network.enable')
    await session.send('Network.setCacheDisabled', {'cacheDisabled': True})  # nor for the answer to a preflight
    await page.call()
    preflight, offer = openai.offers
    assert (preflight.method, offer.method) == ('OPTIONS', 'POST')
    assert preflight.headers['access-control-request-headers'] == 'authorization,content-type'
    assert offer.headers['origin'] == program.url.rstrip('/')
    assert offer.headers['content-type'] == 'application/sdp'
    assert offer.token == openai.mints[0].token
    assert offer.token.startswith('ek_')


async def test_a_conversation_is_spoken_from_its_first_word_and_read(
    program: Parley, openai: StandIn, open_page: OpenPage, tmp_path: Path
) -> None:
    sound = speech.microphone(tmp_path / 'mic.wav', BEGINNING, 'what_time_is_it', 1.0)
    page = WitnessedPage(await open_page(sound, init_script=WITNESS), program.url)
    await page.open()
    await expect(await page.setting('provider')).to_contain_text(f'127.0.0.1:{openai.port}')
    async with calling(page):
        await page.page.wait_for_function('room.quiet')
    assert (await page.wait_turn('user', status='done')).text == 'What time is it?'
    assert (await page.wait_turn('assistant', status='done')).text.startswith('It is ')
    await page.wait_voice()


async def test_every_call_has_a_ticket_of_its_own(program: Parley, openai: StandIn, open_parley: OpenParley) -> None:
    page = await open_parley(program)
    for _ in range(3):
        await page.call()
        await page.hang_up()
    tokens = [offer.token for offer in openai.offers if offer.method == 'POST']
    assert len(set(tokens)) == 3
    assert set(tokens) <= {mint.token for mint in openai.mints}


async def test_nothing_is_minted_before_the_call_button_is_approached(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    async with httpx.AsyncClient(trust_env=False) as foreign:
        for _ in range(5):
            assert (await foreign.get(program.url)).status_code == 200
            hidden_image = {'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image'}
            assert (await foreign.get(program.url, headers=hidden_image)).status_code == 403
    page = await open_parley(program)
    assert openai.mints == []
    await page.page.get_by_test_id('call-button').hover()
    await minted(openai, 'marin')


async def test_a_ticket_for_other_settings_is_never_used(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    await page.page.get_by_test_id('call-button').hover()
    await minted(openai, 'marin')
    await page.choose('voice', 'cedar')
    await page.call()
    assert [mint.voice for mint in openai.mints if mint.token == openai.offers[-1].token] == ['cedar']


async def test_the_key_never_reaches_the_browser(program: Parley, openai: StandIn, open_page: OpenPage) -> None:
    browser = await open_page(init_script=EAR)
    received = await Received.of(browser)
    page = ParleyPage(browser, program.url)

    openai.failure = refusal(401, 'invalid_api_key', f'Incorrect API key provided: {KEY}.')
    await page.open()
    await page.press_call()
    await page.wait_state('failed')
    openai.failure = None
    await page.call()
    token = openai.offers[-1].token
    await page.hang_up()

    text = await received.everything()
    assert 'Incorrect API key provided: …' in text  # so the service's message did come through
    assert token in text
    assert 'CANARY' not in text


REFUSALS: list[tuple[ServiceAnswer, str]] = [
    (refusal(401, 'invalid_api_key'), 'invalid_api_key'),
    (refusal(429, 'insufficient_quota'), 'insufficient_quota'),
    (refusal(429, 'rate_limit_exceeded'), 'rate_limit_exceeded'),
    (refusal(404, 'model_not_found'), 'model_not_found'),
    (refusal(404, None), 'http_404'),
    (refusal(403, 'unsupported_country_region_territory'), 'http_403'),
    (refusal(500, None), 'http_5xx'),
    (HTMLResponse('<h1>Please log in</h1>'), 'provider_answer_unusable'),
]


async def test_a_refused_ticket_is_explained_and_the_next_press_succeeds(
    program: Parley, openai: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    for answer, code in REFUSALS:
        openai.failure = answer
        await assert_refused(page, code)
    openai.failure = None
    await page.call()


async def test_a_service_that_is_not_there_is_explained_and_the_next_press_succeeds(
    start_parley: StartParley, open_parley: OpenParley
) -> None:
    service = StandIn(free_port())
    page = await open_parley(await start_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url))
    await assert_refused(page, 'provider_unreachable')
    async with service:
        await page.call()
        await page.hang_up()


async def assert_refused(page: ParleyPage, code: str) -> None:
    """Press the button, and see the sentence for the code of a refusal at the button and at the ladder's rung."""
    await page.press_call()
    await page.wait_state('failed')
    words = ENGLISH.section('failures')[code]
    sentence = words['sentence'].removesuffix('.')  # the service's own words may follow
    await expect(page.status_line).to_contain_text(sentence)
    await expect(page.status_line).to_contain_text(words['next_step'])
    key = page.page.locator('[data-testid=ladder-rung][data-rung=key]')
    await expect(key).to_have_attribute('data-state', 'failed')
    await expect(key).to_contain_text(sentence)


async def minted(openai: StandIn, *voices: str) -> None:
    """Wait until keys for exactly these voices were asked for."""
    async with asyncio.timeout(WAIT):
        while [mint.voice for mint in openai.mints] != [*voices]:  # noqa: ASYNC110  it is a list
            await asyncio.sleep(0.02)
