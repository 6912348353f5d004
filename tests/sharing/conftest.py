"""A Parley that is shared, and guests' browsers that trust its authority and no other."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Page

from components.sharing.addresses import lan_addresses
from components.sharing.certificate.authority import Authority
from tests import speech
from tests.chromium import Chromium, Microphone
from tests.conftest import StartParley
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import free_port
from tests.trust import trusting_home

from .shared import PASSCODE, VIOLATIONS, Arrive, Join, Shared, ShareParley, guests_url


@pytest.fixture(scope='session')
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one authority of all these tests, so that one browser can trust all that they start."""
    folder = tmp_path_factory.mktemp('authority')
    Authority.keep(folder, 'tests', datetime.now(UTC), lan_addresses())
    return folder


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def guests_chromium(
    chromium: Chromium, authority: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Chromium]:
    """The browser of guests, which trusts that authority."""
    home = trusting_home(tmp_path_factory.mktemp('home'), authority / 'authority.pem')
    async with chromium.of(home) as guests_chromium:
        yield guests_chromium


@pytest.fixture(scope='session')
def left_ports() -> list[int]:
    """Ports for guests of programs that have ended, see `Parley.leave_port`."""
    return []


@pytest.fixture
def share_parley(
    start_parley: StartParley, authority: Path, left_ports: list[int], tmp_path: Path
) -> Iterator[ShareParley]:
    taken: list[int] = []

    async def share_parley(**environment: str) -> Shared:
        port = left_ports.pop() if left_ports else free_port()
        taken.append(port)
        url = guests_url(port)
        data = tmp_path / f'shared-{port}'
        shutil.copytree(authority, data / 'sharing')
        arguments = ('--share', '--share-port', str(port), '--passcode', PASSCODE)
        parley = await start_parley('main.py', *arguments, PARLEY_DATA=str(data), **environment)
        return Shared(parley, url)

    yield share_parley
    left_ports += taken


@pytest_asyncio.fixture(loop_scope='session')
async def arrive(guests_chromium: Chromium, tmp_path: Path) -> AsyncIterator[Arrive]:
    async with AsyncExitStack() as closing:

        async def arrive(name: str, *script: str | float) -> Page:
            sound: Microphone = speech.microphone(tmp_path / f'{quote(name, "")}.wav', *script) if script else 'silent'
            page = await guests_chromium.open_page(sound, init_script=f'{WITNESS} {VIOLATIONS}')
            closing.push_async_callback(guests_chromium.close_page, page)
            return page

        yield arrive


@pytest_asyncio.fixture(loop_scope='session')
async def join(arrive: Arrive) -> AsyncIterator[Join]:
    async with AsyncExitStack() as closing:

        async def join(shared: Shared, name: str, *script: str | float) -> WitnessedPage:
            page = await arrive(name, *script)
            await page.goto(shared.url.replace('https', 'http'))
            await page.get_by_label('Your name').fill(name)
            await page.get_by_label('Passcode').fill(PASSCODE)
            await page.get_by_role('button', name='Join').click()
            await page.wait_for_function('window.did_handshake')
            guest = WitnessedPage(page, shared.url)
            closing.push_async_callback(guest.leave)
            return guest

        yield join
