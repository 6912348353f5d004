"""A guest in a real browser, over the machine's own network address, trusting nothing but Parley's authority."""

import re
import shutil
import socket
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from playwright.async_api import Error, expect

from tests import speech
from tests.chromium import Chromium
from tests.conftest import OpenPage, StartParley
from tests.e2e.conversation.test_conversation import HELLO
from tests.e2e.page.test_accessibility import assert_accessible_by_day_and_night
from tests.e2e.witness import WITNESS, WitnessedPage, sounds_like
from tests.parley import SPEECHLESS, free_port

from .shared import PASSCODE, VIOLATIONS, Join, Shared, ShareParley, guests_url

OFFERS_AT_ONCE = '--bypass-app-banner-engagement-checks'
"""Else Chromium offers to install what somebody has used for half a minute."""
OFFERED = 'addEventListener("beforeinstallprompt", () => (window.offered = true));'


async def test_host_and_guest_talk_at_the_same_time_each_in_a_room_of_their_own(
    share_parley: ShareParley, join: Join, open_page: OpenPage, tmp_path: Path
) -> None:
    shared = await share_parley()
    moon = speech.microphone(tmp_path / 'moon.wav', 1.5, 'moon')
    host = WitnessedPage(await open_page(moon, init_script=f'{WITNESS} {VIOLATIONS}'), shared.parley.url)
    await host.open()
    guest = await join(shared, 'Ana', 1.5, 'hello')
    assert guest.page.url == shared.url
    assert await guest.page.evaluate('isSecureContext')

    await host.call()
    await guest.call()
    assert await guest.microphones() == ['live']
    said = await guest.wait_turn('user', status='done')
    assert sounds_like(said, HELLO)
    await guest.wait_turn('assistant', containing='hear you', status='done')
    await guest.wait_voice()
    await host.wait_turn('assistant', containing='The moon moves away', status='done')
    await host.wait_voice()

    for page, foreign in ((host, 'hear you'), (guest, 'moon')):
        assert not any(foreign in turn.text for turn in await page.turns())
        await page.hang_up()
        assert await page.page.evaluate('violations') == []  # all that a call needs is allowed


async def test_the_host_reads_address_and_passcode_and_a_guest_needs_to_trust_the_authority_and_cannot_share(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    shared = await share_parley(**SPEECHLESS)
    page = await open_page()
    await page.goto(shared.parley.url)
    await page.get_by_role('button', name='Share on the network').click()
    await expect(page.get_by_test_id('share-address')).to_have_text(shared.url)
    await expect(page.get_by_test_id('share-passcode')).to_have_text(PASSCODE)
    await expect(page.get_by_alt_text('QR code with the address and the passcode')).to_be_visible()
    await assert_accessible_by_day_and_night(WitnessedPage(page, page.url), 'the sheet')
    for printed in (f'Guests join at {shared.url}', f'with the passcode {PASSCODE}', '█▀▀'):
        assert printed in shared.parley.output

    stranger_page = await open_page()
    with pytest.raises(Error, match='ERR_CERT_AUTHORITY_INVALID'):
        await stranger_page.goto(shared.url)
    guest = await join(shared, 'Ana')
    await expect(guest.call_button).to_be_visible()
    await expect(guest.page.get_by_role('button', name='Share on the network')).to_have_count(0)

    await page.keyboard.press('Escape')
    await page.get_by_test_id('persona-more').click()
    await page.get_by_test_id('persona-share-link').click()
    link = await page.get_by_label('Link', exact=True).input_value()
    assert link.startswith(f'{shared.url}#persona=')
    async with shared.client() as stranger:
        answer = await stranger.get(link, headers={'Accept': 'text/html'})
        assert (answer.status_code, answer.headers['location'].partition('?')[0]) == (303, '/join')
    await guest.page.goto(link)
    await expect(guest.page.get_by_role('button', name='Keep it')).to_be_visible()


async def test_a_visit_ends_and_begins_again_by_the_qr_code(share_parley: ShareParley, join: Join) -> None:
    shared = await share_parley(**SPEECHLESS)
    guest = await join(shared, 'Ana')
    await guest.page.set_viewport_size({'width': 360, 'height': 640})
    await shared.parley.restart()
    await expect(guest.page.get_by_role('alert')).to_contain_text('Your visit has ended')
    assert guest.page.url == f'{shared.url}join?over'

    await guest.page.goto(f'{shared.url}#open%20sesame%202')
    passcode = guest.page.get_by_label('Passcode')
    await expect(passcode).to_have_value('open sesame 2')
    await expect(guest.page).to_have_url(f'{shared.url}join')  # and not in the history, either
    await assert_accessible_by_day_and_night(WitnessedPage(guest.page, guest.page.url), 'the joining page')
    width = await guest.page.evaluate('document.documentElement.scrollWidth')
    assert width == 360
    await guest.page.get_by_label('Your name').fill('<b>Ben</b>')
    await passcode.press('Enter')
    await expect(guest.page.get_by_role('alert')).to_contain_text('That’s not the passcode.')
    await expect(guest.page.get_by_label('Your name')).to_have_value('<b>Ben</b>')
    await expect(passcode).to_be_focused()


async def test_the_host_shares_stops_and_shares_again_without_a_restart(
    start_parley: StartParley, authority: Path, join: Join, open_page: OpenPage, tmp_path: Path
) -> None:
    port = free_port()
    data = tmp_path / 'data'
    shutil.copytree(authority, data / 'sharing')
    arguments = ('--share-port', str(port), '--passcode', PASSCODE)
    shared = Shared(await start_parley('main.py', *arguments, PARLEY_DATA=str(data)), guests_url(port))
    page = await open_page()
    await page.goto(shared.parley.url)
    await page.get_by_role('button', name='Share on the network').click()
    begin, sheet = page.get_by_test_id('share-on'), page.get_by_test_id('share-sheet')
    for again in (False, True):
        await begin.click()
        await expect(page.get_by_test_id('share-address')).to_have_text(shared.url)
        await expect(page.get_by_test_id('share-passcode')).to_have_text(PASSCODE)
        guest = await join(shared, 'Ana')
        await expect(page.get_by_test_id('guest-name')).to_have_text('Ana')
        if not again:
            await guest.call()
            await guest.wait_rung(
                'network', 'done'
            )  # without the way through Parley: the engine is in the network, too
        for text in ('.env', 'OPENAI_API_KEY'):
            await expect(guest.page.get_by_text(text)).to_have_count(0)
        await sheet.get_by_role('button', name='Stop sharing').click()
        await page.get_by_test_id('stop-sharing').click()
        await expect(guest.page.get_by_role('alert')).to_contain_text('Your visit has ended')
        await expect(sheet).to_contain_text('Sharing has ended.')
        with pytest.raises(httpx.ConnectError):
            async with shared.client() as client:
                await client.get('/join')
    with socket.create_server(('', port)):
        await begin.click()
        await expect(sheet.get_by_role('alert')).to_contain_text("The port for guests can't be used")


async def test_host_and_guests_can_put_parley_on_a_home_screen(
    share_parley: ShareParley, guests_chromium: Chromium, tmp_path: Path
) -> None:
    shared = await share_parley(**SPEECHLESS)
    async with httpx.AsyncClient(trust_env=False) as host, shared.client() as guest:
        for client, page in ((host, shared.parley.url), (guest, f'{shared.url}join')):
            manifest_url = re.findall(r'<link rel="manifest" href="([^"]+)"', (await client.get(page)).text)[0]
            manifest = await client.get(urljoin(page, manifest_url))
            assert manifest.headers['content-type'] == 'application/manifest+json'
            found = manifest.json()
            start = urljoin(str(manifest.url), found['start_url'])
            assert start == (shared.url if client is guest else shared.parley.url)
            for icon in found['icons']:
                image = await client.get(urljoin(str(manifest.url), icon['src']))
                assert image.headers['content-type'] == 'image/png'
    async with guests_chromium.lasting(tmp_path / 'profile', OFFERS_AT_ONCE) as browser:
        visit = await browser.new_page()
        await visit.add_init_script(OFFERED)
        await visit.goto(shared.parley.url)
        await visit.wait_for_function('window.offered')
        await visit.goto(shared.url)
        await visit.get_by_label('Your name').fill('Ana')
        await visit.get_by_label('Passcode').fill(PASSCODE)
        await visit.get_by_role('button', name='Join').click()
        await visit.wait_for_url(shared.url)
        await visit.wait_for_function('window.offered')
