"""Personas stay with the person who wrote them."""

from playwright.async_api import expect

from tests.conftest import OpenPage
from tests.e2e.page.test_personas import chosen, write
from tests.e2e.received import Received
from tests.e2e.witness import WITNESS, WitnessedPage

from .shared import Join, ShareParley


async def test_personas_are_private_to_each_guest_and_the_host(
    share_parley: ShareParley, join: Join, open_page: OpenPage
) -> None:
    shared = await share_parley()
    host = WitnessedPage(await open_page(init_script=WITNESS), shared.parley.url)
    await host.open()
    pages = {'Quetzalcoatl': host, 'Zeppelin': await join(shared, 'Ana'), 'Xylophone': await join(shared, 'Ben')}
    for name, page in pages.items():
        await page.page.get_by_test_id('persona-new').click()
        await write(page, name=name, instructions=f'You are {name}.')
    for name, page in pages.items():
        await page.leave()
        received = await Received.of(page.page)
        await page.open()
        await expect(chosen(page)).to_have_text(name)
        await page.setting('output')  # the section that knows the instructions, too
        await chosen(page).click()
        await page.page.get_by_role('listbox').wait_for()
        everything = await received.everything()
        assert [each for each in pages if f'You are {each}.' in everything] == [name]
        assert [each for each in pages if each in everything] == [name]
