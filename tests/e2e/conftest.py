"""Ways into a running Parley: silently in a shared browser, or speaking in one of its own; and a Parley with a key."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from components.settings.settings import Transport
from tests import speech
from tests.chromium import Chromium
from tests.conftest import OpenPage, StartParley
from tests.parley import Parley
from tests.visitors import Visitors

from .lines import Lines
from .stand_in import KEY, StandIn
from .witness import WITNESS, WitnessedPage


class Visit(Protocol):
    """Opens a page with a silent microphone as a visitor of its own; `context` is what Playwright's contexts take.

    `url` is another address than the shared Parley's; `init_script` runs after the witness's.
    """

    async def __call__(self, url: str = ..., *, init_script: str = ..., **context: Any) -> WitnessedPage: ...


class VisitService(Protocol):
    """Starts a Parley that talks with this service, and opens its page, whose calls go by WebRTC."""

    async def __call__(self, service: StandIn) -> tuple[Parley, WitnessedPage]: ...


class VisitRefused(Protocol):
    """Opens a page as a visitor who refuses the microphone; `options` are what Playwright's contexts take."""

    async def __call__(self, **options: Any) -> WitnessedPage: ...


class Speak(Protocol):
    """Opens a page whose microphone hears this script in every call, see `speech`.

    Its visitor does not mind motion if `moves` is set.
    """

    async def __call__(self, *script: str | float, moves: bool = False) -> WitnessedPage: ...


over_both = pytest.mark.parametrize('transport', ['webrtc', 'relay'])
"""For tests of what each transport does for itself: carry sound and events, hold first words, change tracks, end.

What the page does with the events is tested over WebRTC alone. `test_relay_modules` and `tests/relay` test how the
relay replaces what services do only over WebRTC.
"""


@pytest.fixture
def transport() -> Transport | None:
    """How calls go, see `over_both`. None leaves it to the page, which takes WebRTC, since nothing here blocks it."""
    return None


# Lets a page remember a network that blocked WebRTC: it takes the relay at once.
BLOCKED = 'localStorage.setItem("parley.networks", JSON.stringify({ unknown: Date.now() }));'


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def silent_browser(chromium: Chromium) -> Browser:
    """The browser for all pages that do not speak."""
    return await chromium.silent()


@pytest.fixture
def visitors(chromium: Chromium) -> Visitors:
    return chromium.visitors


@pytest.fixture
def visit_service(start_parley: StartParley, open_page: OpenPage) -> VisitService:
    async def visit_service(service: StandIn) -> tuple[Parley, WitnessedPage]:
        parley = await start_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url)
        page = WitnessedPage(await open_page(init_script=WITNESS), parley.url)
        await page.open()
        await page.choose_transport('webrtc')
        return parley, page

    return visit_service


@pytest_asyncio.fixture(loop_scope='session')
async def visit(
    silent_browser: Browser, visitors: Visitors, parley: Parley, transport: Transport | None
) -> AsyncIterator[Visit]:
    async with AsyncExitStack() as closing:

        async def visit(url: str = parley.url, *, init_script: str = '', **context: Any) -> WitnessedPage:
            visitor = await closing.enter_async_context(visitors.context(silent_browser, **context))
            page = WitnessedPage(await visitor.new_page(), url, transport)
            await page.page.add_init_script(f'{WITNESS} {{ {init_script} }} {known(transport)}')
            closing.push_async_callback(page.leave)
            await page.open()
            return page

        yield visit


@pytest.fixture
def visit_refused(open_page: OpenPage, parley: Parley) -> VisitRefused:
    async def visit_refused(**options: Any) -> WitnessedPage:
        page = WitnessedPage(await open_page('refused', init_script=WITNESS, **options), parley.url)
        await page.open()
        return page

    return visit_refused


@pytest_asyncio.fixture(loop_scope='session')
async def speak(
    open_page: OpenPage, parley: Parley, tmp_path: Path, transport: Transport | None
) -> AsyncIterator[Speak]:
    async with AsyncExitStack() as closing:

        async def speak(*script: str | float, moves: bool = False) -> WitnessedPage:
            name = '-'.join(str(part) for part in script)
            sound = speech.microphone(tmp_path / f'{name}.wav', *script)
            script_of_page = WITNESS + known(transport)
            page = WitnessedPage(await open_page(sound, init_script=script_of_page), parley.url, transport)
            closing.push_async_callback(page.leave)
            if moves:
                await page.page.emulate_media(reduced_motion='no-preference')
            await page.open()
            return page

        yield speak


@pytest_asyncio.fixture(loop_scope='session')
async def lines(parley: Parley) -> AsyncIterator[Lines]:
    async with Lines(parley.url) as lines:
        yield lines


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def service() -> AsyncIterator[StandIn]:
    """The stand-in for OpenAI in all tests of a module."""
    async with StandIn() as service:
        yield service


@pytest.fixture(scope='module')
def environment() -> dict[str, str]:
    """The variables of a module's `program` besides its key."""
    return {}


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def program(
    service: StandIn, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parley]:
    """A Parley with a key, which after all that the tests did to it is neither in its output nor in any file."""
    directory = tmp_path_factory.mktemp('program')
    parley = Parley(directory, {'OPENAI_API_KEY': KEY, 'OPENAI_BASE_URL': service.base_url, **environment})
    await parley.start()
    yield parley
    await parley.stop()
    parley.leave_port()
    parley.assert_no_traceback()
    files = {path.name: path.read_text(errors='replace') for path in directory.rglob('*') if path.is_file()}
    assert 'Parley is ready' in files[f'output-{parley.port}.txt']
    assert 'cookie-secret' in files
    assert [name for name, text in files.items() if 'CANARY' in text] == []


@pytest.fixture
def openai(program: Parley, service: StandIn) -> StandIn:
    """The service as each test finds it: in good health, and asked for nothing yet."""
    service.forget()
    return service


def known(transport: Transport | None) -> str:
    """Return a script that makes a page take this transport by itself. To be run last: an empty page keeps nothing."""
    return BLOCKED if transport == 'relay' else ''
