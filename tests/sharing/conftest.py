"""A Parley that is shared, and guests' browsers that trust its authority and no other."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from components.sharing.addresses import lan_addresses, url_host
from tests import speech
from tests.chromium import Chromium
from tests.conftest import StartParley
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import free_port
from tests.trust import trusting_home

from .shared import PASSCODE, VIOLATIONS, Arrive, Join, Shared, ShareParley


@pytest.fixture
def share_parley(start_parley: StartParley) -> ShareParley:
    addresses = lan_addresses()
    if not addresses:
        pytest.skip('this machine is in no network')

    async def share_parley(**environment: str) -> Shared:
        port = free_port()
        arguments = ('--share', '--share-port', str(port), '--passcode', PASSCODE)
        parley = await start_parley('main.py', *arguments, **environment)
        return Shared(parley, f'https://{url_host(addresses[0])}:{port}/')

    return share_parley


@pytest_asyncio.fixture(loop_scope='session')
async def arrive(chromium: Chromium, tmp_path: Path) -> AsyncIterator[Arrive]:
    async with AsyncExitStack() as closing:

        async def arrive(shared: Shared, name: str, *script: str | float, **context: Any) -> Page:
            home = trusting_home(tmp_path / f'home of {name}', shared.authority)
            sound = speech.microphone(home / 'microphone.wav', *(script or (1.0,)))
            browser = await chromium.launch(sound, home=home)
            closing.push_async_callback(browser.close)
            visitor = await browser.new_context(**{'permissions': ['microphone'], **context})
            await visitor.add_init_script(f'{WITNESS} {VIOLATIONS}')
            return await visitor.new_page()

        yield arrive


@pytest_asyncio.fixture(loop_scope='session')
async def join(arrive: Arrive) -> AsyncIterator[Join]:
    async with AsyncExitStack() as closing:

        async def join(shared: Shared, name: str, *script: str | float, **context: Any) -> WitnessedPage:
            page = await arrive(shared, name, *script, **context)
            await page.goto(shared.url.replace('https', 'http'))
            await page.get_by_label('Your name').fill(name)
            await page.get_by_label('Passcode').fill(PASSCODE)
            await page.get_by_role('button', name='Join').click()
            await page.wait_for_function('window.did_handshake')
            guest = WitnessedPage(page, shared.url)
            closing.push_async_callback(guest.leave)
            return guest

        yield join
