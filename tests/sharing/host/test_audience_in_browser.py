"""Others read along what the host and the AI say: on a second screen, or anywhere in the network."""

from pathlib import Path
from urllib.parse import quote

from playwright.async_api import Page, expect

from components.sharing.host.invitation import qr_image
from tests import speech
from tests.conftest import OpenPage, StartParley
from tests.e2e.page.test_accessibility import assert_accessible
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.sharing.shared import PASSCODE, Arrive, ShareParley


async def test_the_audience_page_is_read_only(start_parley: StartParley, open_page: OpenPage, tmp_path: Path) -> None:
    parley = await start_parley()
    sound = speech.microphone(tmp_path / 'mic.wav', 1.5, 'hello')
    host = WitnessedPage(await open_page(sound, init_script=WITNESS), parley.url)
    await host.open()
    await host.page.get_by_role('button', name='Share on the network').click()
    await host.page.get_by_test_id('audience-open').click()
    link = await host.page.get_by_test_id('audience-link').inner_text()
    assert link.startswith(f'{parley.url}audience/')
    reader = await open_page(dark=True)
    await reader.goto(link)
    status = reader.get_by_test_id('audience-status')
    await expect(status).to_have_text('No call is in progress. Words appear here as they are spoken.')
    await host.page.get_by_role('button', name='Close', exact=True).click()
    await host.call()
    await expect(status).to_have_text('A call is in progress.')
    await host.wait_turn('assistant', containing='hear you', status='done')
    shown = WitnessedPage(reader, link)
    said = [(turn.speaker, turn.text) for turn in await host.turns()]
    await shown.wait_turn('assistant', containing='hear you', status='done')
    assert [(turn.speaker, turn.text) for turn in await shown.turns()][: len(said)] == said
    await expect(reader.get_by_text('Speaker', exact=True).first).to_be_visible()
    await expect(reader.get_by_role('button')).to_have_count(0)
    late = await open_page(phone=True)
    await late.goto(link)
    await expect(late.get_by_test_id('turn').first).to_be_visible()  # an earlier turn
    assert await late.evaluate('document.documentElement.scrollWidth <= innerWidth')
    await assert_accessible(shown, 'the audience view')

    await host.page.get_by_role('button', name='Share on the network').click()
    await host.page.get_by_test_id('audience-close').click()
    for page in (reader, late):
        await expect(page.get_by_test_id('audience-status')).to_contain_text('This view has been closed.')
    await late.goto(link)
    await expect(late.get_by_test_id('audience-status')).to_contain_text('This view has been closed.')
    await expect(late.get_by_test_id('turn')).to_have_count(0)


async def test_a_reader_with_the_link_joins_from_the_network(
    share_parley: ShareParley, arrive: Arrive, open_page: OpenPage, tmp_path: Path
) -> None:
    shared = await share_parley()
    sound = speech.microphone(tmp_path / 'mic.wav', 1.5, 'hello')
    host = WitnessedPage(await open_page(sound, init_script=WITNESS), shared.parley.url)
    await host.open()
    await open_sheet(host.page)
    await host.page.get_by_test_id('audience-open').click()
    link = await host.page.get_by_test_id('audience-link-for-others').inner_text()
    assert link.startswith(f'{shared.url}audience/')
    scanned = f'{link}#{quote(PASSCODE)}'
    code = host.page.get_by_alt_text('QR code of the audience view')
    await expect(code).to_have_attribute('src', qr_image(scanned))
    await host.page.get_by_role('button', name='Close', exact=True).click()
    await host.call()
    await host.wait_turn('assistant', containing='hear you', status='done')

    reader = await arrive('Ana')
    await reader.goto(scanned)
    await expect(reader.get_by_label('Passcode')).to_have_value(PASSCODE)
    await reader.get_by_label('Your name').fill('Ana')
    await reader.get_by_role('button', name='Join').click()
    await expect(reader).to_have_url(link)
    await expect(reader.get_by_test_id('audience-status')).to_have_text('A call is in progress.')
    shown = WitnessedPage(reader, link)
    await shown.wait_conversation([(turn.speaker, turn.text) for turn in await host.turns()])
    await expect(reader.get_by_role('button')).to_have_count(0)
    assert await reader.evaluate('violations') == []

    await open_sheet(host.page)
    await expect(host.page.get_by_test_id('guest-doing')).to_contain_text('Here')
    await host.page.get_by_test_id('audience-close').click()
    await expect(reader.get_by_test_id('audience-status')).to_contain_text('This view has been closed.')


async def open_sheet(page: Page) -> None:
    await page.get_by_role('button', name='Share on the network').click()
