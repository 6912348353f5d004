"""A conversation outlives its calls: it is kept, and goes on after a reload, in a new call and on another day."""

import sqlite3
from contextlib import closing

from playwright.async_api import expect

from components.words.language import ENGLISH
from tests.conftest import OpenParley, StartParley
from tests.e2e.conftest import VisitService
from tests.e2e.stand_in import StandIn
from tests.page import ParleyPage, unfolded
from tests.parley import Parley


async def reloaded(page: ParleyPage) -> ParleyPage:
    """Press F5."""
    await page.page.reload()
    await page.page.wait_for_function('window.did_handshake')
    return page


async def told(page: ParleyPage, text: str) -> None:
    """Write something, and wait for the answer."""
    before = len(await page.turns())
    box = page.page.get_by_role('textbox', name='Message')
    await box.fill(text)
    await box.press('Enter')
    await page.page.get_by_test_id('turn').nth(before + 1).wait_for()
    await page.wait_turn('assistant', status='done')


async def test_a_conversation_goes_on_after_reloads_restarts_and_in_new_calls(
    start_parley: StartParley, open_parley: OpenParley
) -> None:
    parley = await start_parley()
    page = await open_parley(parley)
    await page.call()
    await told(page, 'My name is Ada.')
    await page.hang_up()
    said = [(turn.speaker, turn.text) for turn in await page.turns()]
    await page.page.wait_for_url('**/c/*')
    address = page.page.url

    await reloaded(page)
    await page.wait_conversation(said)
    async with page.page.expect_event('load'):  # by itself, as soon as Parley is back
        await parley.restart()
    await page.page.wait_for_function('window.did_handshake')
    await page.wait_conversation(said)
    await page.page.goto(parley.url)  # as someone does who starts the program anew
    await page.page.wait_for_function('window.did_handshake')
    await page.wait_conversation(said)

    await page.call()
    await told(page, 'What is my name?')
    await expect(page.page.get_by_test_id('turn').last).to_contain_text('Ada')
    divider = page.page.get_by_test_id('call-divider')
    await expect(divider).to_have_attribute('data-reason', 'continued')
    assert page.page.url == address

    await reloaded(page)  # in the middle of a call
    assert page.page.url == address
    await expect(page.page.get_by_test_id('turn')).to_have_count(len(said) + 2)


async def test_what_is_said_while_parley_is_away_is_not_lost(visit_service: VisitService) -> None:
    async with StandIn() as service:
        parley, page = await visit_service(service)
        await page.call()
        await told(page, 'My name is Ada.')
        await parley.kill()
        box = page.page.get_by_role('textbox', name='Message')
        await box.fill('What is my name?')
        await box.press('Enter')
        await page.page.wait_for_function(ANSWERED, arg=2)
        await parley.start()
        lost = page.page.get_by_test_id('lost-connection')
        await expect(lost).to_have_attribute('data-code', 'page_forgotten')
        assert await page.state() == 'live'  # and so the page stays
        async with page.page.expect_event('load'):
            await page.page.get_by_test_id('load-again').click()
        await expect(lost).to_have_text(ENGLISH.text('lost_connection.reloaded'))
        turns = page.page.get_by_test_id('turn')
        await expect(turns).to_have_count(4)
        await expect(turns.nth(2)).to_contain_text('What is my name?')
        await expect(turns.nth(3)).to_contain_text('Ada')
        await expect(turns.nth(3)).to_have_attribute('data-status', 'done')
        await page.wait_state('live')
        await reloaded(page)
        await expect(turns).to_have_count(4)  # once, and stored


async def test_a_conversation_of_which_nothing_was_stored_is_delivered_after_a_restart(
    visit_service: VisitService,
) -> None:
    async with StandIn() as service:
        parley, page = await visit_service(service)
        with closing(sqlite3.connect(parley.data / 'history.sqlite3', isolation_level=None)) as other_program:
            other_program.execute('BEGIN IMMEDIATE')  # locks the database
            await page.call()
            await page.page.wait_for_url('**/c/*')  # Python says so after the call is live
            address = page.page.url
            await parley.kill()
        box = page.page.get_by_role('textbox', name='Message')
        await box.fill('My name is Ada.')
        await box.press('Enter')
        await page.page.wait_for_function(ANSWERED, arg=1)
        await parley.start()
        await expect(page.page.get_by_test_id('load-again')).to_be_visible()
        async with page.page.expect_event('load'):  # by itself, as soon as the call has ended
            await page.call_button.dispatch_event('click')
        turns = page.page.get_by_test_id('turn')
        await expect(turns).to_have_count(2)
        await expect(turns.nth(1)).to_have_attribute('data-status', 'done')
        await expect(page.page.get_by_text(ENGLISH.text('history.not_found'))).to_have_count(0)
        assert page.page.url != address
        await reloaded(page)
        await expect(turns.nth(0)).to_contain_text('My name is Ada.')
        await expect(turns).to_have_count(2)


ANSWERED = '''(count) => witness.received.filter(({type}) => type === "response.created").length === count
    && witness.received.at(-1).type === "output_audio_buffer.stopped"'''


async def test_a_second_tab_starts_a_conversation_of_its_own(parley: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(parley)
    await page.call()
    await told(page, 'Hello from the first tab.')
    other = await open_parley(parley)
    for address in (parley.url, page.page.url):
        await other.page.goto(address)
        await other.page.wait_for_url('**/new?elsewhere=true')
        await other.call_button.wait_for()
        await expect(other.page.get_by_text('Hello from the first tab.')).to_have_count(0)
    assert await page.state() == 'live'

    for refusal in (REFUSED_HANDSHAKE, MISSED_MESSAGES):  # NiceGUI would load the page again at once
        await page.page.evaluate(refusal)
        await expect(page.page.get_by_test_id('load-again')).to_be_visible()
    assert await page.state() == 'live'


REFUSED_HANDSHAKE = 'void socket.emit("handshake", { client_id: "unknown" }, () => location.reload())'
MISSED_MESSAGES = """socket.listeners("run_javascript").forEach((run) =>
    run({ code: 'console.log("reloading because outbox rewind failed"); window.location.reload()' }))"""


async def test_nothing_is_kept_off_the_record(parley: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(parley)
    await (await unfolded(page.page, 'off-the-record')).click()
    await expect(page.page.get_by_test_id('keeping-note')).to_have_text(ENGLISH.text('history.off.note'))
    await page.call()
    await told(page, 'This is a secret.')
    await reloaded(page)
    await expect(page.page.get_by_test_id('turn')).to_have_count(0)
    await expect(page.page.get_by_test_id('keeping-note')).to_be_visible()
