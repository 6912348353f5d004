"""Fixtures for all tests: a clean machine, a real browser, and a running Parley."""

import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from playwright.async_api import Page, expect

from .browser import BrowserMissing
from .cached_package import cached_package
from .chromium import Chromium, Microphone
from .fork_server import ForkServer
from .page import EAR, WAIT, ParleyPage
from .parley import EMPTIED, Parley, clean_environment
from .weights import small_model

# A busy machine is slow now and then, which says nothing about the code, so nothing has a deadline.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile('suite', PATIENT, max_examples=50, derandomize=True, database=None)  # no run fails by luck
settings.register_profile('soak', PATIENT, max_examples=5000)  # see tests/soak/properties.py
settings.load_profile('suite')

expect.set_options(timeout=WAIT * 1000)

StartParley = Callable[..., Awaitable[Parley]]


class OpenPage(Protocol):
    """Opens an empty page with storage of its own, see `Chromium.open_page`; it is closed after the test."""

    async def __call__(
        self,
        microphone: Microphone = ...,
        *,
        dark: bool = ...,
        phone: bool = ...,
        init_script: str = ...,
        flags: Sequence[str] = ...,
        **options: Any,
    ) -> Page: ...


class OpenParley(Protocol):
    """Opens the page of a running Parley as a visitor of its own."""

    async def __call__(
        self, parley: Parley, microphone: Microphone = ..., *, dark: bool = ..., phone: bool = ...
    ) -> ParleyPage: ...


@pytest.fixture(autouse=True)
def clean_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give every test the command line and environment of a machine where nobody has set up anything."""
    for name in EMPTIED:
        monkeypatch.setenv(name, '')
    monkeypatch.setenv('PARLEY_DATA', str(tmp_path / 'parley'))
    monkeypatch.setattr(sys, 'argv', ['main.py'])


@pytest.fixture(scope='session', autouse=True)
def fork_server() -> Iterator[ForkServer]:
    """The process from which `start_program` forks the programs of all tests."""
    ForkServer.current = server = ForkServer(clean_environment())
    yield server
    ForkServer.current = None
    server.stop()


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Chromium]:
    """The browser, found or installed; a machine without one fails the test with a sentence that says what to do."""
    async with AsyncExitStack() as closing:
        try:
            chromium = await closing.enter_async_context(Chromium.found(tmp_path_factory.mktemp('chromium')))
        except BrowserMissing as missing:
            pytest.fail(str(missing), pytrace=False)
        yield chromium


@pytest_asyncio.fixture(loop_scope='session')
async def open_page(chromium: Chromium) -> AsyncIterator[OpenPage]:
    async with AsyncExitStack() as closing:

        async def open_page(
            microphone: Microphone = 'silent',
            *,
            dark: bool = False,
            phone: bool = False,
            init_script: str = '',
            flags: Sequence[str] = (),
            **options: Any,
        ) -> Page:
            page = await chromium.open_page(
                microphone, dark=dark, phone=phone, init_script=init_script, flags=flags, **options
            )
            closing.push_async_callback(chromium.close_page, page)
            return page

        yield open_page


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def parley(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parley]:
    """A running Parley without a key; tests that change or kill it start their own by `start_parley`."""
    parley = Parley(tmp_path_factory.mktemp('parley'))
    await parley.start()
    yield parley
    try:
        parley.assert_no_traceback()
    finally:
        await parley.stop()


@pytest_asyncio.fixture(loop_scope='session')
async def start_parley(tmp_path: Path) -> AsyncIterator[StartParley]:
    """Start a Parley for this test alone: `await start_parley('main.py', '--share', OPENAI_API_KEY='…')`."""
    started: list[Parley] = []

    async def start(script: str = 'main.py', *arguments: str, **environment: str) -> Parley:
        parley = Parley(tmp_path, environment, script, arguments)
        started.append(parley)
        await parley.start()
        return parley

    yield start
    for parley in started:
        await parley.kill()
        parley.leave_port()
    for parley in started:
        parley.assert_no_traceback()


@pytest.fixture
def open_parley(open_page: OpenPage) -> OpenParley:
    async def open_parley(
        parley: Parley, microphone: Microphone = 'silent', *, dark: bool = False, phone: bool = False
    ) -> ParleyPage:
        page = await open_page(microphone, dark=dark, phone=phone, init_script=EAR)
        return await ParleyPage(page, parley.url).open()

    return open_parley


@pytest.fixture(scope='session')
def model_file(pytestconfig: pytest.Config) -> Path:
    """A small language model, see `tests/weights.py`.

    Where it cannot be had the tests are skipped, except in continuous integration.
    """
    return cached_package(pytestconfig, 'weights', small_model)


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def widget_program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parley]:
    """The program that a module names as its `PROGRAM`, see `tests/widget_page.py`."""
    program = Parley(tmp_path_factory.mktemp('widget'), script=request.module.PROGRAM)
    await program.start()
    yield program
    await program.stop()
    program.leave_port()
    program.assert_no_traceback()


@pytest_asyncio.fixture(loop_scope='session')
async def widget_page(widget_program: Parley, open_page: OpenPage) -> Page:
    """Its page, connected to Python."""
    page = await open_page()
    await page.goto(widget_program.url)
    await page.wait_for_function('window.did_handshake')
    return page


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run one test more than there are cores at a time: calls wait for speech half of their time.

    A single file needs no other process.
    """
    files = [Path(argument.partition('::')[0]) for argument in config.args]
    tasks = len(files) if all(file.is_file() for file in files) else 20
    at_once = min(tasks, (os.cpu_count() or 1) + 1)
    return at_once if at_once > 1 else 0


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests without looking for garbage, which takes a third of the time: all of it stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all tests with a browser share one event loop: the browser's connection belongs to it.

    Files with such tests run first. They take long, and the short ones then keep all processes busy to the end.
    """
    in_browser = {item.path for item in items if 'chromium' in getattr(item, 'fixturenames', ())}
    items.sort(key=lambda item: item.path not in in_browser)
    for item in items:
        if 'chromium' in getattr(item, 'fixturenames', ()) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope='session'), append=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let no garbage collection look again at what stays until the end: all tests, and the modules they import.

    NiceGUI collects the garbage before and after each of its simulated users, which took longer than their tests. An
    engine that ends unfreezes everything, so this is more than once.
    """
    if 'user' in getattr(item, 'fixturenames', ()) and not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, Any] | None, Any]:
    """Escape lone surrogates in the text of a failure. pytest-xdist cannot send them, and would end the whole run."""
    return _escaped((yield))


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors='backslashreplace').decode()
    if isinstance(value, dict):
        return {_escaped(key): _escaped(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_escaped(each) for each in value)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what the running programs have printed."""
    report = yield
    if report.failed:
        report.sections += [(f'output of {parley.url}', parley.output[-8000:]) for parley in Parley.running]
    return report
