"""The page's connection to Python may come and go: the call lives on, and nothing said is lost or shown twice."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, WebSocketRoute

from tests.conftest import OpenPage
from tests.e2e.witness import ON_CUE, WITNESS, WitnessedPage, spoken
from tests.parley import Parley


class Wire:
    """The page's way to Python, which may be cut, or become a black hole that nobody notices."""

    @classmethod
    async def of(cls, visited: WitnessedPage) -> 'Wire':
        """Load the page by such a way."""
        wire = cls(visited.page)
        await visited.page.route_web_socket(re.compile('/_nicegui_ws/'), wire._connect)
        await visited.open()
        return wire

    def __init__(self, page: Page) -> None:
        self.swallowed = 0
        self._page = page
        self._whole = asyncio.Event()
        self._whole.set()
        self._swallowing = False
        self._socket: WebSocketRoute | None = None

    def swallow(self) -> None:
        """Lose what the page sends from now on; neither side is told."""
        self._swallowing = True

    async def cut(self) -> None:
        """Close the websocket; another one has to wait."""
        assert self._socket
        self._whole.clear()
        await self._socket.close()

    async def mend(self) -> None:
        """Let the page's next websocket through, and wait for it."""
        self._swallowing = False
        self._whole.set()
        await self._page.wait_for_function('socket.connected && did_handshake')

    async def _connect(self, socket: WebSocketRoute) -> None:
        await self._whole.wait()
        self._socket = socket
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if self._swallowing:
                self.swallowed += 1
            else:
                server.send(message)

        socket.on_message(pass_on)


@pytest_asyncio.fixture(loop_scope='session')
async def page(open_page: OpenPage, parley: Parley) -> AsyncIterator[WitnessedPage]:
    """A page that is not loaded yet."""
    page = WitnessedPage(await open_page(init_script=WITNESS + ON_CUE), parley.url)
    yield page
    await page.leave()


async def test_words_said_while_the_websocket_is_away_appear_once_it_is_back(page: WitnessedPage) -> None:
    wire = await Wire.of(page)
    await page.call()
    await wire.cut()
    await page.say('hello')
    await page.wait_received('output_audio_buffer.stopped')
    assert await page.state() == 'live'
    assert await page.turns() == []
    await wire.mend()
    await assert_all_shown_once(page)


async def test_messages_lost_in_a_dead_websocket_are_sent_again(page: WitnessedPage) -> None:
    wire = await Wire.of(page)
    await page.call()
    wire.swallow()
    await page.say('hello')
    await page.wait_received('output_audio_buffer.stopped')
    assert wire.swallowed > 0
    assert await page.turns() == []
    await wire.cut()
    await wire.mend()
    await assert_all_shown_once(page)


async def test_a_call_that_ended_while_the_websocket_was_away(page: WitnessedPage) -> None:
    wire = await Wire.of(page)
    await page.call()
    await page.deliver(spoken('I was about to'))
    await page.wait_turn('assistant', status='open')
    await wire.cut()
    await page.call_button.dispatch_event('click')  # under the note that the connection is lost
    await page.wait_state('ended')
    await page.wait_turn('assistant', status='open')  # Python does not know yet
    await wire.mend()
    await page.wait_turn('assistant', containing='the call ended', status='interrupted')
    await page.call()


async def assert_all_shown_once(page: WitnessedPage) -> None:
    """The conversation has all that the call's own channel brought, in order, once."""
    await page.wait_turn('assistant', status='done')
    said, answer = await page.turns()
    assert (said.speaker, said.status) == ('user', 'done')
    assert 'hear me' in said.text
    assert (answer.speaker, answer.status) == ('assistant', 'done')
    assert 'hear you' in answer.text
    await page.hang_up()
