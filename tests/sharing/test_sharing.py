"""A guest in a real browser, over the machine's own network address, trusting nothing but Parley's authority."""

from pathlib import Path

import pytest
from playwright.async_api import Error, expect

from tests import speech
from tests.chromium import Chromium
from tests.conftest import OpenPage
from tests.e2e.test_accessibility import assert_accessible_by_day_and_night
from tests.e2e.test_conversation import HELLO
from tests.e2e.witness import WITNESS, WitnessedPage, sounds_like
from tests.parley import SPEECHLESS, Parley

from .shared import PASSCODE, VIOLATIONS, Join, ShareParley


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


async def test_a_browser_that_does_not_trust_the_authority_says_so(
    share_parley: ShareParley, chromium: Chromium
) -> None:
    shared = await share_parley()
    browser = await chromium.launch()
    page = await browser.new_page()
    with pytest.raises(Error, match='ERR_CERT_AUTHORITY_INVALID'):
        await page.goto(shared.url)
    await browser.close()


async def test_the_host_reads_address_and_passcode_and_a_guest_has_nothing_to_share(
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

    guest = await join(shared, 'Ana')
    await expect(guest.call_button).to_be_visible()
    await expect(guest.page.get_by_role('button', name='Share on the network')).to_have_count(0)


async def test_the_qr_code_fills_in_the_passcode_and_a_wrong_one_is_explained(
    share_parley: ShareParley, join: Join
) -> None:
    shared = await share_parley(**SPEECHLESS)
    guest = await join(shared, 'Ana')
    await guest.page.set_viewport_size({'width': 360, 'height': 640})
    await guest.page.context.clear_cookies()
    await guest.page.goto('about:blank')
    await guest.page.goto(f'{shared.url}#open%20sesame%202')
    passcode = guest.page.get_by_label('Passcode')
    await expect(passcode).to_have_value('open sesame 2')
    assert guest.page.url == f'{shared.url}join'  # and not in the history, either
    await assert_accessible_by_day_and_night(WitnessedPage(guest.page, guest.page.url), 'the joining page')
    width = await guest.page.evaluate('document.documentElement.scrollWidth')
    assert width == 360
    await guest.page.get_by_label('Your name').fill('<b>Ben</b>')
    await passcode.press('Enter')
    await expect(guest.page.get_by_role('alert')).to_contain_text('That’s not the passcode.')
    await expect(guest.page.get_by_label('Your name')).to_have_value('<b>Ben</b>')
    await expect(passcode).to_be_focused()


async def test_a_guest_page_explains_the_end_of_the_visit(share_parley: ShareParley, join: Join) -> None:
    shared = await share_parley(**SPEECHLESS)
    guest = await join(shared, 'Ana')
    await shared.parley.restart()
    await expect(guest.page.get_by_role('alert')).to_contain_text('Your visit has ended')
    assert guest.page.url == f'{shared.url}join?over'


async def test_without_sharing_the_page_says_how_to_begin(open_page: OpenPage, parley: Parley) -> None:
    page = await open_page()
    await page.goto(parley.url)
    await page.get_by_role('button', name='Share on the network').click()
    await expect(page.get_by_test_id('share-sheet')).to_contain_text('python main.py --share')
