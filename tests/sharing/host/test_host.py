"""The host sees guests and their calls and can end both; limits hold regardless of the guests' browsers."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from components.words.language import ENGLISH
from tests.conftest import OpenPage
from tests.e2e.page.test_accessibility import assert_accessible, assert_accessible_by_day_and_night
from tests.e2e.page.test_personas import chosen, write
from tests.e2e.received import Received
from tests.e2e.stand_in import KEY, StandIn
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import WAIT
from tests.parley import SPEECHLESS
from tests.sharing.shared import PASSCODE, Join, Shared, ShareParley, may_use_webrtc


async def open_panel(shared: Shared, page: Page) -> Page:
    """Open the host's page and the sheet with the guests."""
    await page.goto(shared.parley.url)
    await page.get_by_role('button', name='Share on the network').click()
    return page


async def test_the_host_sees_who_talks_hangs_up_and_removes(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    shared = await share_parley()
    host = await open_panel(shared, await open_page())
    rows = host.get_by_test_id('guest')
    await expect(rows).to_have_count(0)
    guest = await join(shared, '<b>Ana</b>', 1.5, 'hello')
    await expect(rows).to_have_count(1)
    await expect(host.get_by_test_id('guest-name')).to_have_text('<b>Ana</b>')
    await expect(host.get_by_test_id('guest-doing')).to_contain_text('Here')
    await expect(rows).to_contain_text(re.compile(r'Linux, since \d\d:\d\d'))

    await guest.call()
    await guest.wait_turn('assistant', containing='hear you', status='done')
    await expect(rows).to_have_attribute('data-talking', 'true')
    await expect(host.get_by_test_id('guest-doing')).to_contain_text(re.compile(r'Talking: 00:\d\d'))
    await expect(host.get_by_test_id('guests-summary')).to_have_text('1 guest here, 1 talking')

    hang_up = host.get_by_role('button', name='Hang up: <b>Ana</b>')
    await hang_up.focus()
    await host.keyboard.press('Enter')
    await guest.wait_state('failed')
    await expect(guest.status_line).to_contain_text('The host ended this call.')
    await expect(rows).to_have_attribute('data-talking', 'false')
    await expect(hang_up).to_be_disabled()

    await guest.call()
    await expect(rows).to_have_attribute('data-talking', 'true')
    await guest.leave()  # without hanging up
    await expect(rows).to_have_attribute('data-talking', 'false')
    await expect(host.get_by_test_id('guest-doing')).to_contain_text('Away')
    await guest.open()
    await expect(host.get_by_test_id('guest-doing')).to_contain_text('Here')
    await host.get_by_role('button', name='Remove: <b>Ana</b>').click()
    await expect(guest.page.get_by_role('alert')).to_contain_text('Your visit has ended')
    await expect(rows).to_have_count(0)


async def test_the_panel_has_no_fault_and_ends_all_visits(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    shared = await share_parley(**SPEECHLESS)
    host = await open_panel(shared, await open_page())
    guest = await join(shared, 'Ana')
    await guest.call()
    async with shared.guest('Ben' * 20):  # a guest with a long name and no page
        await expect(host.get_by_test_id('guest-doing')).to_contain_text(['Talking', 'Away'])
        panel = WitnessedPage(host, host.url)
        await assert_accessible_by_day_and_night(panel, 'the panel with guests')
        await host.set_viewport_size({'width': 360, 'height': 740})
        await assert_accessible(panel, 'the panel with guests on a phone')

    await host.get_by_role('button', name='New passcode').click()
    await expect(host.get_by_test_id('share-passcode')).to_have_text(re.compile(r'\d{3} \d{3}'))
    async with shared.client() as late:
        answer = await late.post('/join', data={'name': 'Cem', 'passcode': PASSCODE})
        assert answer.status_code == 403
    assert await guest.state() == 'live'

    await host.get_by_role('button', name='Stop sharing').click()
    await host.get_by_test_id('audience-open').click()
    await host.get_by_test_id('audience-link').wait_for()
    await assert_accessible_by_day_and_night(WitnessedPage(host, host.url), 'the panel with a question and an audience')
    await host.get_by_test_id('stop-sharing').click()
    await expect(guest.page.get_by_role('alert')).to_contain_text('Your visit has ended')
    await expect(host.get_by_test_id('share-sheet')).to_contain_text('Sharing has ended.')
    async with shared.client() as late:
        with pytest.raises(Exception, match='connection'):
            await late.get('/join')


@pytest.mark.parametrize('transport', ['webrtc', 'relay'])
async def test_at_the_limit_python_ends_the_call_after_a_word(
    share_parley: ShareParley, join: Join, transport: str
) -> None:
    shared = await share_parley(PARLEY_GUEST_MINUTES='0.15', **SPEECHLESS)
    guest = await join(shared, 'Ana')
    await guest.choose_transport('relay' if transport == 'relay' else 'webrtc')
    # a browser that goes on as if nothing had been said
    await guest.page.evaluate('RTCPeerConnection.prototype.close = RTCDataChannel.prototype.close = () => {}')
    await guest.call()
    await expect(guest.page.get_by_test_id('call-note')).to_have_text(
        re.compile(r'Your talking time ends in \d+ seconds\.')
    )
    await guest.wait_state('failed')
    await expect(guest.status_line).to_contain_text("You've used up your talking time for today.")
    if transport == 'webrtc':
        await guest.page.wait_for_function('witness.line.readyState === "closed"')
    await guest.press_call()
    await guest.wait_state('failed')
    for part in ('sentence', 'next_step'):
        await expect(guest.status_line).to_contain_text(ENGLISH.text(f'failures.minutes_used_up.{part}'))


async def test_a_guest_gets_no_key_and_the_provider_hangs_up(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    async with StandIn() as service:
        service.free.clear()  # it does not say yet whether it hangs up, without which guests' calls go by the relay
        shared = await share_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url)
        guest = await join(shared, 'Ana', 2.0, 'what_time_is_it', 1.0)
        await guest.leave()
        received = await Received.of(guest.page)
        await guest.open()
        service.free.set()
        await may_use_webrtc(guest.page)
        await guest.call()
        await guest.wait_turn('assistant', status='done')
        assert service.mints == []
        (offer,) = service.offers
        assert offer.headers['authorization'] == f'Bearer {KEY}'
        # a browser that goes on as if nothing had been said
        await guest.page.evaluate('RTCPeerConnection.prototype.close = () => {}')
        host = await open_panel(shared, await open_page(init_script=WITNESS))
        await host.get_by_role('button', name='Hang up: Ana').click()
        await guest.wait_state('failed')
        await expect(guest.status_line).to_contain_text('The host ended this call.')
        assert await asyncio.to_thread(service.hung_up.wait, WAIT)
        assert len(service.hangups) == 1

        text = await received.everything()
        assert 'Bearer parley_' in text
        assert 'CANARY' not in text
        assert 'ek_' not in text
        assert service.hangups[0] not in text  # the call's id stays with the host

        await guest.call()
        mine = WitnessedPage(host, shared.parley.url)
        await mine.open()
        await mine.call()
        of_guest, of_host = (each[0].headers['openai-safety-identifier'] for each in (service.offers, service.mints))
        assert of_guest != of_host
        await shared.parley.stop()
        assert len(service.hangups) == 2
    kept = [path.read_text(errors='replace') for path in shared.parley.data.parent.rglob('*') if path.is_file()]
    assert not any('CANARY' in text for text in kept)


async def test_guests_cannot_access_each_others_data_nor_that_of_the_host(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    shared = await share_parley()
    host = WitnessedPage(await open_page(init_script=WITNESS), shared.parley.url)
    await host.open()
    ana, ben = await join(shared, 'Quetzalcoatl'), await join(shared, 'Ben')
    await (await ana.setting('instructions')).fill('Never speak of the zeppelin.')
    tickets: list[dict[str, str]] = []

    async def keep(route: Route) -> None:
        headers = await route.request.all_headers()
        tickets.append({name: headers[name] for name in ('authorization', 'content-type')})
        await route.abort()

    await ana.page.route('**/calls', keep)
    await ana.choose_transport('webrtc')
    await ana.press_call()
    await ana.wait_state('failed')
    unused = await ben.page.evaluate(
        """async (headers) => {
            const response = await fetch("/calls", { method: "POST", headers, body: "v=0" });
            return [response.status, (await response.json()).error.code];
        }""",
        tickets[0],
    )
    assert unused == [401, 'ticket_invalid']
    await ana.page.unroute('**/calls')
    await ana.call()
    await ana.page.get_by_test_id('message-box').fill('I saw a xylophone.')
    await ana.page.keyboard.press('Enter')
    await ana.wait_turn('assistant', status='done')
    await ana.hang_up()
    for page, persona in ((host, 'Chimborazo'), (ana, 'Huascaran')):
        await page.page.get_by_test_id('persona-new').click()
        await write(page, name=persona, instructions=f'You are {persona}.')

    await ben.leave()
    received = await Received.of(ben.page)
    await ben.open()
    await ben.call()
    await ben.setting('output')  # the section that knows the instructions, too
    await chosen(ben).click()
    await ben.page.get_by_role('listbox').wait_for()
    everything = await received.everything()
    for theirs in ('zeppelin', 'xylophone', 'Quetzalcoatl', 'Chimborazo', 'Huascaran'):
        assert theirs not in everything
    await host.leave()
    received = await Received.of(host.page)
    await host.open()
    await expect(chosen(host)).to_have_text('Chimborazo')
    assert 'Huascaran' not in await received.everything()
    await ana.open()
    await expect(chosen(ana)).to_have_text('Huascaran')
    async with shared.guest('Cem') as cem:
        assert 'This view has been closed.' in (await cem.get('/audience/guess')).text
