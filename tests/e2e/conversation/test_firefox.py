"""Firefox, too: conversations over both transports, in the Firefox that the system has.

The tests are those of Chromium; here their pages open in Firefox. Left out is what needs a device, a flag or a screen
that only Chromium feigns; what is decided in Python or by the service; and what a script of the test brings about, not
the browser, such as events and a microphone that is late. Where the transports share what Firefox does, one is enough.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.browser import ONE_AT_A_TIME, BrowserMissing, ensure_firefox, this_machine
from tests.e2e.conversation import test_conversation as conversation
from tests.e2e.conversation import test_first_words as first_words
from tests.e2e.conversation.test_conversation import (  # noqa: F401
    test_a_spoken_sentence_is_read_and_answered_aloud,
    test_speaking_interrupts_the_answer,
)
from tests.e2e.conversation.test_hearing import test_nothing_is_heard_while_muted_and_a_note_says_so  # noqa: F401
from tests.e2e.conversation.test_recording import test_a_voice_is_silent_in_the_recording_while_it_is_not_heard  # noqa: F401
from tests.firefox import Firefox, try_out
from tests.room import Room

pytestmark = pytest.mark.asyncio(loop_scope='session')


def with_only(test: Callable[..., Awaitable[None]], *marks: pytest.MarkDecorator) -> Callable[..., Awaitable[None]]:
    """The same test with these marks alone; without any, over WebRTC."""

    @wraps(test)
    async def again(**fixtures: Any) -> None:
        await test(**fixtures)

    again.pytestmark = [mark.mark for mark in marks]  # type: ignore[attr-defined]
    return again


test_loading_the_page_again_ends_the_call = with_only(conversation.test_loading_the_page_again_ends_the_call)
test_hanging_up_in_the_middle_of_an_answer_frees_microphone_and_line = with_only(
    conversation.test_hanging_up_in_the_middle_of_an_answer_frees_microphone_and_line
)
test_hanging_up_while_connecting_leaves_nothing_behind = with_only(
    first_words.test_hanging_up_while_connecting_leaves_nothing_behind
)
test_without_first_words_the_microphone_itself_is_sent_at_once = with_only(
    first_words.test_without_first_words_the_microphone_itself_is_sent_at_once
)
test_words_said_before_muting_are_not_sent = with_only(first_words.test_words_said_before_muting_are_not_sent)
test_words_said_while_connecting_are_heard = with_only(
    first_words.test_words_said_while_connecting_are_heard,
    pytest.mark.parametrize(('transport', 'said'), [('relay', 'room.quiet')]),
)


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def firefox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Firefox]:
    async with async_playwright() as playwright:
        try:
            with ONE_AT_A_TIME:
                executable = ensure_firefox(this_machine())
        except BrowserMissing as missing:
            pytest.skip(str(missing))
        yield Firefox(playwright, executable, tmp_path_factory.mktemp('firefox'))


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def room(firefox: Firefox) -> AsyncIterator[Room]:
    async with Room() as room:
        yield room


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def speaking_browser(firefox: Firefox, room: Room) -> AsyncIterator[Browser]:
    async with firefox.launch(room) as browser:
        try:
            await try_out(browser)
        except BrowserMissing as missing:
            pytest.skip(str(missing))
        yield browser


@pytest.fixture
def silent_browser(speaking_browser: Browser, room: Room) -> Browser:
    """The same browser, while nobody speaks in its room."""
    room.hush()
    return speaking_browser


@pytest_asyncio.fixture(loop_scope='session')
async def open_page(
    firefox: Firefox, speaking_browser: Browser, room: Room
) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens a page that speaks; each further one of a test has a browser and a room of its own."""
    shared = [(speaking_browser, room)]
    async with AsyncExitStack() as closing:

        async def open_page(microphone: Path, *, init_script: str) -> Page:
            if shared:
                browser, its_room = shared.pop()
            else:
                its_room = await closing.enter_async_context(Room())
                browser = await closing.enter_async_context(firefox.launch(its_room))
            await its_room.say(microphone)
            context = await browser.new_context()
            closing.push_async_callback(context.close)
            await context.add_init_script(init_script + AS_IT_IS)
            return await context.new_page()

        yield open_page


# The files sound as what a browser makes of a voice; made of once more, they are distorted.
AS_IT_IS = """
    const unprocessed = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    localStorage.setItem("parley.sound", JSON.stringify(unprocessed));
"""
